"""What a process remembers of runs and experiments: never longer than five seconds, and never its own changes' past."""

import pytest

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.capacity import metered
from chalicelib.storage.items import ExperimentItem, RunInfo
from chalicelib.tracking.metrics import metric_log
from chalicelib.tracking.metrics.schemas import LogMetric
from tests import client as api

A_MOMENT_MS = 4_000
TOO_LONG_MS = 5_001


def log(run_id: str) -> api.Answer:
    return api.post("/runs/log-metric", run_id=run_id, key="loss", value=1, timestamp=1)


def test_a_second_log_call_is_one_write_and_nothing_else() -> None:
    run_id = api.create_run(api.create_experiment())
    metric = LogMetric.model_validate({"run_id": run_id, "key": "loss", "value": 1, "timestamp": 1})
    metric_log.log(run_id, [metric])

    with metered() as cost:
        metric_log.log(run_id, [metric])

    assert (cost.trips, cost.read, cost.write) == (1, 0, 1)


@pytest.mark.parametrize("passed_ms", [A_MOMENT_MS, TOO_LONG_MS])
def test_a_run_that_another_process_deleted_is_refused_after_five_seconds(passed_ms: int) -> None:
    run_id = api.create_run(api.create_experiment())
    log(run_id)
    _deleted_elsewhere(run_id)

    with clock.frozen(clock.now_ms() + passed_ms):
        answer = log(run_id)

    assert answer.status == (200 if passed_ms == A_MOMENT_MS else 400)


def test_an_experiment_that_another_process_deleted_is_refused_after_five_seconds() -> None:
    experiment_id = api.create_experiment()
    run_id = api.create_run(experiment_id)
    log(run_id)
    item = tables.get(ExperimentItem, keys.EXPERIMENTS, keys.experiment(experiment_id))
    assert item is not None
    tables.update(item, [ExperimentItem.stage.set("deleted"), ExperimentItem.epoch.set(1)])

    with clock.frozen(clock.now_ms() + TOO_LONG_MS):
        answers = [log(run_id), api.post("/runs/create", experiment_id=experiment_id)]

    assert [answer.status for answer in answers] == [400, 400]


def test_a_run_deleted_here_is_refused_at_once() -> None:
    run_id = api.create_run(api.create_experiment())
    log(run_id)

    api.post("/runs/delete", run_id=run_id)

    assert log(run_id).status == 400
    api.post("/runs/restore", run_id=run_id)
    assert log(run_id).status == 200


def test_what_was_read_before_the_clock_was_put_back_is_not_believed() -> None:
    run_id = api.create_run(api.create_experiment())
    with clock.frozen(clock.now_ms() + 3_600_000):
        log(run_id)
    _deleted_elsewhere(run_id)

    assert log(run_id).status == 400


def _deleted_elsewhere(run_id: str) -> None:
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    assert info is not None
    tables.update(info, [RunInfo.mark.set("deleted"), RunInfo.mark_epoch.set(0)])
