"""The runs that searches are measured on are what the server itself would have stored."""

import json
import zlib
from dataclasses import replace
from typing import Any

from chalicelib import clock
from chalicelib.storage import keys
from chalicelib.storage.connection import connection
from chalicelib.storage.models import RunsItem
from chalicelib.sweeper.sweep import sweep
from tests import client as api
from tests.contract import store
from tests.perf import population, sealed_items
from tests.perf.population import GeneratedRun

Raw = dict[str, Any]


def test_a_generated_run_is_item_by_item_what_the_sweeper_makes_of_a_logged_one() -> None:
    store.of_the_version_before()
    experiment_id = api.create_experiment()
    planned = population.generated(next(population.traits(population.Span(experiment_id, first=0, count=1))))
    at = sealed_items.moments(planned)

    run_id = _logged_and_sealed(planned, experiment_id, at)

    same = replace(planned, traits=planned.traits._replace(run_id=run_id))
    generated = [item.serialize() for item in sealed_items.items_of(same, experiment_id, at)]
    assert _by_key(generated) == _by_key(_stored())


def _logged_and_sealed(run: GeneratedRun, experiment_id: str, at: sealed_items.Moments) -> str:
    with clock.frozen(at.written):
        created = api.done("/runs/create", **population.create_body(run, experiment_id))
        run_id = str(created["run"]["info"]["run_id"])
        api.done("/runs/log-batch", **population.batch_body(run, run_id))
        api.done("/runs/update", run_id=run_id, status="FINISHED", end_time=run.end_time)
    for moment in (at.closed, at.sealed):
        with clock.frozen(moment):
            sweep()
    return run_id


def _stored() -> list[Raw]:
    """All items of the table of runs, but for notes on the experiment and of the sweeper."""
    noted = {keys.SWEEP, keys.WITH_OPEN_RUNS, keys.WITH_SEALED_RUNS}
    found = connection().client.scan(TableName=RunsItem.Meta.table_name, ConsistentRead=True)
    assert "LastEvaluatedKey" not in found
    return [item for item in found["Items"] if item["pk"]["S"] not in noted]


def _by_key(raws: list[Raw]) -> dict[tuple[str, str], Raw]:
    return {(raw["pk"]["S"], raw["sk"]["S"]): raw for raw in map(_comparable, raws)}


def _comparable(raw: Raw) -> Raw:
    sort_key = raw["sk"]["S"]
    if sort_key == keys.SEALED:
        # The store gives params and tags back in an order of its own, so they are packed in that.
        return {**raw, "run": json.loads(zlib.decompress(raw["run"]["B"]))}
    if sort_key.startswith(keys.LOG):
        # The key ends in digits that nobody can foresee.
        return {**raw, "sk": {"S": keys.log(keys.log_position(sort_key), sealed_items.UNIQUE)}}
    return raw
