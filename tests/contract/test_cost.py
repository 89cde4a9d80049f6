"""What each call may consume (design §8), by the store's own count of units and by our round trips."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.storage.capacity import Meter, metered
from chalicelib.tracking.experiments import experiments
from chalicelib.tracking.experiments.schemas import CreateExperiment
from chalicelib.tracking.logged_models import logged_models
from chalicelib.tracking.logged_models.schemas import CreateLoggedModel
from chalicelib.tracking.metrics import history, metric_log
from chalicelib.tracking.metrics.schemas import LogBatch, LogMetric
from chalicelib.tracking.runs import chosen, params_and_tags, reading, runs
from chalicelib.tracking.runs.schemas import CreateRun
from tests import client as api
from tests.contract.sweeping import seal
from tests.contract.timeline import Timeline

NOW = 1_795_000_000_000


def test_log_metric_costs_one_write_and_one_read_unit_in_two_trips() -> None:
    run_id = _run()

    cost = _cost(lambda: metric_log.log(run_id, [_metric(run_id, step=1)]))

    assert (cost.write, cost.trips) == (1, 2)
    assert cost.read <= 1


def test_log_batch_of_ten_points_costs_as_much_as_log_metric() -> None:
    run_id = _run()
    batch = LogBatch.model_validate({"run_id": run_id, "metrics": _points(10, keys=10)})

    cost = _cost(lambda: metric_log.log_batch(batch))

    assert (cost.write, cost.trips) == (1, 2)
    assert cost.read <= 1


def test_log_batch_of_a_thousand_points_is_one_put_of_at_most_16_write_units() -> None:
    run_id = _run()
    batch = LogBatch.model_validate({"run_id": run_id, "metrics": _points(1000, keys=10)})

    cost = _cost(lambda: metric_log.log_batch(batch))

    assert cost.write <= 16
    assert cost.trips == 2


def test_a_point_of_a_known_model_costs_one_write_and_one_trip_more() -> None:
    experiment_id = _experiment()
    run_id = runs.create(_create_run(experiment_id)).run_id
    model_id = logged_models.create(CreateLoggedModel(experiment_id=experiment_id)).model_id
    points = [LogMetric.model_validate({**_points(1, keys=1)[0], "run_id": run_id, "model_id": model_id})]
    metric_log.log(run_id, points)

    cost = _cost(lambda: metric_log.log(run_id, points))

    # The run is remembered, so it is not read again.
    assert (cost.read, cost.write, cost.trips) == (0, 2, 2)


def test_creating_a_run_costs_at_most_four_write_units() -> None:
    experiment_id = _experiment()
    request = _create_run(experiment_id)

    cost = _cost(lambda: runs.create(request))

    assert cost.write <= 4


def test_a_run_with_a_chosen_id_costs_two_trips_and_a_unit_more() -> None:
    request = _create_run(_experiment()).model_copy(update={"run_id": "c" * 32})
    _cost(lambda: runs.create(request))

    cost = _cost(lambda: chosen.create(request))
    again = _cost(lambda: chosen.create(request))

    # INFO if there is none; what lists the run, and the news; its opening.
    assert cost.trips == 3
    assert cost.write <= 5
    # The refused put; INFO; the run as it is now.
    assert again.write <= 1
    assert again.trips <= 7


def test_getting_an_open_run_with_a_hundred_recent_log_calls_costs_ten_read_units_in_five_trips() -> None:
    run_id = _run()
    for step in range(100):
        metric_log.log(run_id, [_metric(run_id, step)])

    cost = _cost(lambda: reading.read(run_id))

    # INFO and SNAP in one; the log; the run's range in the slice that is written and, in each shard, in the next.
    assert cost.trips <= 5
    assert cost.read <= 10


def test_a_folded_history_of_ten_thousand_points_costs_at_most_40_read_units_and_one_query() -> None:
    run_id = _run()
    for start in range(0, 10_000, 1000):
        batch = {"run_id": run_id, "metrics": _points(1000, keys=1, start=start)}
        metric_log.log_batch(LogBatch.model_validate(batch))
    seal(run_id)

    cost = _cost(lambda: history.of_metric(run_id, "loss/0"))

    assert len(history.of_metric(run_id, "loss/0")) == 10_000
    assert cost.read <= 40
    # One read of the run's items, one query of the series.
    assert cost.trips == 2


def test_a_hundred_params_and_a_hundred_tags_are_one_update_and_the_news_of_it() -> None:
    run_id = _run()
    params = {f"param.{number}": str(number) for number in range(100)}
    tags = {f"tag {number}": "value" for number in range(100)}

    cost = _cost(lambda: params_and_tags.log(run_id, params, tags))

    assert cost.trips == 3


@pytest.mark.parametrize("runs_in_experiment", [1, 30])
def test_the_cost_of_a_log_call_does_not_depend_on_the_size_of_the_experiment(runs_in_experiment: int) -> None:
    experiment_id = _experiment()
    run_ids = [runs.create(_create_run(experiment_id)).run_id for _ in range(runs_in_experiment)]

    cost = _cost(lambda: metric_log.log(run_ids[0], [_metric(run_ids[0], step=1)]))

    assert (cost.write, cost.trips) == (1, 2)


def test_sealing_a_usual_run_costs_a_row_per_value_and_little_else() -> None:
    time, _ = _usual_run()
    time.sweep()

    cost = _cost(time.sweep)

    # One of these says when the experiment's last run started, another that a sweeper was there.
    assert cost.write <= 76


def test_sealing_a_run_again_after_one_tag_costs_what_the_tag_does() -> None:
    time, run_id = _usual_run()
    time.sweep(3)
    time.do(lambda: api.done("/runs/set-tag", run_id=run_id, key="tag 3", value="another"))

    cost = _cost(lambda: time.sweep(3))

    # Besides the run: the experiment's row in a list, and a note of each sweep.
    assert cost.write <= 12 + 2 + 3


def _usual_run() -> tuple[Timeline, str]:
    """A run of 15 metrics, 20 params and 10 tags, and the time that it was logged at."""
    time, run_id = Timeline(), _run()
    api.done(
        "/runs/log-batch",
        run_id=run_id,
        metrics=_points(15, keys=15),
        params=[{"key": f"param.{number}", "value": str(number)} for number in range(20)],
        tags=[{"key": f"tag {number}", "value": "value"} for number in range(7)],
    )
    api.done("/runs/update", run_id=run_id, status="FINISHED", end_time=NOW)
    return time, run_id


def _cost(call: Callable[[], Any]) -> Meter:
    with metered() as meter:
        call()
    return meter


def _experiment() -> str:
    return experiments.create(CreateExperiment.model_validate({"name": clock.unique_id()}))


def _run() -> str:
    return runs.create(_create_run(_experiment())).run_id


def _create_run(experiment_id: str) -> CreateRun:
    tags = {"mlflow.user": "ada", "mlflow.source.name": "/home/ada/train.py", "mlflow.source.type": "LOCAL"}
    return CreateRun.model_validate(
        {
            "experiment_id": experiment_id,
            "start_time": NOW,
            "user_id": "ada",
            "tags": [{"key": key, "value": value} for key, value in tags.items()],
        }
    )


def _metric(run_id: str, step: int) -> LogMetric:
    return LogMetric.model_validate(
        {"run_id": run_id, "key": "loss", "value": 1 / (step + 1), "timestamp": NOW + step, "step": step}
    )


def _points(count: int, keys: int, start: int = 0) -> list[dict[str, Any]]:
    return [
        {"key": f"loss/{at % keys}", "value": 1 / (at + 3), "timestamp": NOW + 37 * at, "step": at // keys}
        for at in range(start, start + count)
    ]
