"""The runs in our store: those of the table through the API, the long curves as the sweeper leaves them."""

import os
from concurrent.futures import ThreadPoolExecutor

from chalicelib.config import settings
from infra.local import engines
from infra.local.stack import Stack
from tests.browser.api import Api
from tests.perf import curves
from tests.perf.page import runs

_AT_ONCE = 4


def fill_table(api: Api, experiment_id: str) -> list[str]:
    """The ids of the runs of the table."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda number: _table_run(api, experiment_id, number), range(runs.TABLE_RUNS)))


def fill_curves(stack: Stack, api: Api, experiment_id: str) -> list[str]:
    """The ids of the runs with long curves. This process writes them to the engine of the stack."""
    ids = [api.run(experiment_id, run_name=f"long {number}") for number in range(runs.CURVE_RUNS)]
    os.environ |= {
        "CUMULOG_DYNAMODB_ENDPOINT": stack.dynamodb_endpoint or "",
        "CUMULOG_S3_ENDPOINT": stack.s3_endpoint or "",
        "AWS_DEFAULT_REGION": "us-east-1",
        **engines.signing_keys("any"),
    }
    settings.cache_clear()
    curves.fold(ids[0], runs.curve_value)
    curves.give_same(ids[0], ids[1:])
    for run_id in ids:
        api.post("/runs/update", run_id=run_id, status="FINISHED", end_time=runs.CURVE_POINTS)
    return ids


def _table_run(api: Api, experiment_id: str, number: int) -> str:
    run = runs.table_run(number)
    run_id = api.run(experiment_id, run_name=run.name, start_time=run.start_time, tags=_pairs(run.tags))
    points = [
        {"key": key, "value": value, "timestamp": run.start_time + step, "step": step}
        for key, values in run.metrics.items()
        for step, value in enumerate(values)
    ]
    api.post("/runs/log-batch", run_id=run_id, metrics=points, params=_pairs(run.params))
    api.post("/runs/update", run_id=run_id, status="FINISHED", end_time=run.end_time)
    return run_id


def _pairs(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]
