"""Many at once: nothing acknowledged is lost, and of those who cannot all win exactly one does."""

import itertools
from collections import Counter
from typing import TypeVar

from chalicelib import clock
from chalicelib.sweeper.sweep import sweep
from tests import client as api
from tests.contract.at_once import at_once
from tests.sampling import times

Result = TypeVar("Result")

WRITERS = 16
STEPS = times(5, nightly=20)
ROUNDS = times(12, nightly=24)


def test_sixteen_writers_to_one_run_lose_nothing() -> None:
    run_id = api.create_run(api.create_experiment())

    def write(writer: int) -> list[int]:
        statuses = []
        for step in range(STEPS):
            logged = api.post("/runs/log-metric", run_id=run_id, key="loss", value=writer, timestamp=step, step=step)
            param = api.post("/runs/log-parameter", run_id=run_id, key=f"param {writer} {step}", value="1")
            tag = api.post("/runs/set-tag", run_id=run_id, key=f"tag {writer} {step}", value="1")
            statuses += [logged.status, param.status, tag.status]
        return statuses

    statuses = at_once(write)

    assert set(itertools.chain.from_iterable(statuses)) == {200}
    points = {(point["value"], point["step"]) for point in api.history(run_id, "loss")}
    assert points == {(writer, step) for writer in range(WRITERS) for step in range(STEPS)}
    data = api.run_data(run_id)
    assert len(data["params"]) == WRITERS * STEPS
    assert len([key for key in data["tags"] if key.startswith("tag ")]) == WRITERS * STEPS


def test_sixteen_creators_of_one_experiment_name_make_one_experiment() -> None:
    answers = at_once(lambda _: api.post("/experiments/create", name="wanted"))

    assert Counter(answer.status for answer in answers) == {200: 1, 400: WRITERS - 1}
    assert {answer.body.get("error_code") for answer in answers} == {None, "RESOURCE_ALREADY_EXISTS"}
    named = api.post("/experiments/search", max_results=100, filter="name = 'wanted'")
    assert len(named.body["experiments"]) == 1


def test_sixteen_creators_of_different_names_get_ids_without_a_gap() -> None:
    answers = at_once(lambda writer: api.post("/experiments/create", name=f"experiment {writer}"))

    assert sorted(int(answer.body["experiment_id"]) for answer in answers) == list(range(1, WRITERS + 1))


def test_a_param_with_sixteen_values_at_once_keeps_the_one_that_was_acknowledged() -> None:
    run_id = api.create_run(api.create_experiment())

    answers = at_once(lambda writer: api.post("/runs/log-parameter", run_id=run_id, key="p", value=str(writer)))

    winners = [writer for writer, answer in enumerate(answers) if answer.status == 200]
    refusals = {answer.body.get("error_code") for answer in answers if answer.status != 200}
    assert len(winners) == 1
    assert refusals == {"INVALID_PARAMETER_VALUE"}
    assert api.run_data(run_id)["params"] == {"p": str(winners[0])}


def test_the_same_param_by_sixteen_at_once_is_fine_for_all() -> None:
    run_id = api.create_run(api.create_experiment())

    answers = at_once(lambda _: api.post("/runs/log-parameter", run_id=run_id, key="p", value="same"))

    assert {answer.status for answer in answers} == {200}


def test_long_params_with_sixteen_values_at_once_have_one_winner_each() -> None:
    run_id = api.create_run(api.create_experiment())
    filler = [{"key": f"filler {number}", "value": "x" * 6000} for number in range(20)]
    assert api.post("/runs/log-batch", run_id=run_id, params=filler).status == 200

    answers = at_once(
        lambda writer: api.post("/runs/log-parameter", run_id=run_id, key="long", value=str(writer) * 3000)
    )

    winners = [writer for writer, answer in enumerate(answers) if answer.status == 200]
    assert len(winners) == 1
    assert api.run_data(run_id)["params"]["long"] == str(winners[0]) * 3000


def test_params_that_overflow_while_others_are_logged_have_one_home_each() -> None:
    run_id = api.create_run(api.create_experiment())

    def write(writer: int) -> list[tuple[str, str]]:
        kept = []
        for number in range(12):
            key, value = f"param {number}", f"{writer} " * 1500
            if api.post("/runs/log-parameter", run_id=run_id, key=key, value=value).status == 200:
                kept.append((key, value))
        return kept

    acknowledged = list(itertools.chain.from_iterable(at_once(write, 8)))

    assert len(acknowledged) == 12
    assert api.run_data(run_id)["params"] == {key: value[:6000] for key, value in acknowledged}


def test_a_logged_models_param_with_sixteen_values_at_once_keeps_the_one_that_was_acknowledged() -> None:
    model_id = api.create_model(api.create_experiment())

    def write(writer: int) -> api.Answer:
        return api.change_model("POST", f"{model_id}/params", params=[{"key": "p", "value": str(writer)}])

    answers = at_once(write)

    winners = [writer for writer, answer in enumerate(answers) if answer.status == 200]
    assert len(winners) == 1
    assert {answer.body.get("error_code") for answer in answers if answer.status != 200} == {"BAD_REQUEST"}
    assert api.read_model(model_id)["data"]["params"] == [{"key": "p", "value": str(winners[0])}]


def test_sixteen_writers_to_one_logged_model_lose_nothing() -> None:
    experiment_id = api.create_experiment()
    run_id, model_id = api.create_run(experiment_id), api.create_model(experiment_id)

    def write(writer: int) -> list[int]:
        point = {"key": "acc", "value": writer, "timestamp": writer, "step": writer, "model_id": model_id}
        pair = {"key": str(writer), "value": "1"}
        answers = [
            api.change_model("PATCH", f"{model_id}/tags", tags=[pair]),
            api.post("/runs/log-metric", run_id=run_id, **point),
            api.change_model("POST", f"{model_id}/params", params=[pair]),
            api.change_model("PATCH", model_id, status="LOGGED_MODEL_READY"),
        ]
        return [answer.status for answer in answers]

    statuses = at_once(write)

    assert set(itertools.chain.from_iterable(statuses)) == {200}
    model = api.read_model(model_id)
    assert {point["value"] for point in model["data"]["metrics"]} == set(range(WRITERS))
    assert {param["key"] for param in model["data"]["params"]} == {str(writer) for writer in range(WRITERS)}
    assert len(model["info"]["tags"]) == WRITERS
    assert model["info"]["status"] == "LOGGED_MODEL_READY"


def test_renames_to_one_name_have_one_winner() -> None:
    experiment_ids = [api.create_experiment(f"experiment {writer}") for writer in range(8)]

    answers = at_once(
        lambda writer: api.post("/experiments/update", experiment_id=experiment_ids[writer], new_name="wanted"), 8
    )

    assert Counter(answer.status for answer in answers) == {200: 1, 400: 7}
    winner = experiment_ids[[answer.status for answer in answers].index(200)]
    holder = api.get("/experiments/get-by-name", experiment_name="wanted").body["experiment"]
    assert holder["experiment_id"] == winner


def test_writers_and_sweepers_at_once_lose_nothing() -> None:
    experiment_id = api.create_experiment()
    run_ids = [api.create_run(experiment_id) for _ in range(4)]
    for run_id in run_ids:
        api.post("/runs/update", run_id=run_id, status="FINISHED")
    start = clock.now_ms()

    # Half a minute a round: runs are closed, sealed and opened again while others write to them and sweep them.
    for round_number in range(ROUNDS):
        with clock.frozen(start + 30_000 * round_number):
            at_once(lambda worker, now=round_number: _sweep_or_write(worker, now, run_ids))

    for number, run_id in enumerate(run_ids):
        rounds = itertools.product(range(4, WRITERS), range(ROUNDS))
        expected = {(worker, now) for worker, now in rounds if _writes(worker, now, number)}
        assert {(point["value"], point["step"]) for point in api.history(run_id, "loss")} == expected
        assert {f"{worker} {now}" for worker, now in expected} <= set(api.run_data(run_id)["tags"])
    found = api.post("/runs/search", experiment_ids=[experiment_id]).body["runs"]
    assert {run["info"]["run_id"] for run in found} == set(run_ids)


def _sweep_or_write(worker: int, now: int, run_ids: list[str]) -> None:
    if worker < 4:
        sweep()
        return
    for number, run_id in enumerate(run_ids):
        if _writes(worker, now, number):
            fields = {"run_id": run_id, "value": worker, "timestamp": now, "step": now}
            assert api.post("/runs/log-metric", key="loss", **fields).status == 200
            assert api.post("/runs/set-tag", run_id=run_id, key=f"{worker} {now}", value="1").status == 200


def _writes(worker: int, now: int, run_number: int) -> bool:
    # Each run rests between three and thirteen rounds: long enough to be closed, or to be sealed.
    return worker % 4 == run_number and now % (3 + worker) == 0
