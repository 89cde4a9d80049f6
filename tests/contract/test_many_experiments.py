"""Searches of very many experiments: they ask only those that have what is wanted, and that the caller may read."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from chalicelib import clock, remembered
from chalicelib.access import granted, levels
from chalicelib.access.identity import Identity, acting_as
from chalicelib.registry import model_search, models
from chalicelib.registry.schemas import SearchModels
from chalicelib.storage import keys, tables
from chalicelib.storage.capacity import Meter, metered
from chalicelib.storage.items import ExperimentItem, Filled
from chalicelib.tracking.experiments import search as experiment_search
from chalicelib.tracking.experiments.schemas import SearchExperiments
from chalicelib.tracking.index import search
from chalicelib.tracking.index.schemas import SearchRuns
from chalicelib.tracking.logged_models import search as model_searches
from chalicelib.tracking.logged_models.schemas import SearchLoggedModels
from tests import client as api
from tests.contract.store import empty
from tests.contract.timeline import Timeline
from tests.sampling import times

COUNT = times(150, nightly=300)
ADMIN = Identity("admin", is_admin=True)
ADA = Identity("ada")
# Those that ada may read.
HERS = [str(number) for number in range(50, 60)]
# Those with runs: sealed, open, and one with both.
SEALED, OPEN, BOTH, WITH_MODEL = ["7", "52", "111"], ["9", "53"], "54", "55"


@pytest.fixture(scope="module", autouse=True)
def store(engine_of_the_store: None) -> Iterator[None]:
    """Hundreds of experiments, of which few hold anything; all lists of them are complete."""
    empty()
    tables.put_all(_experiment(str(number)) for number in range(1, COUNT + 1))
    tables.put_all(granted.row("ada", levels.EXPERIMENT, each) for each in HERS)
    time = Timeline()
    for number, experiment_id in enumerate([*SEALED, BOTH]):
        for at in range(3):
            run_id = time.do(lambda: api.create_run(experiment_id, start_time=1000 * at + number))  # noqa: B023
            api.done("/runs/log-metric", run_id=run_id, key="m", value=at + number / 10, timestamp=1)
            time.do(lambda: api.done("/runs/update", run_id=run_id, status="FINISHED"))  # noqa: B023
    time.sweep(3)
    # What it remembers of the time after this moment.
    remembered.forget_all()
    for number, experiment_id in enumerate([*OPEN, BOTH]):
        api.create_run(experiment_id, start_time=500 + number)
    api.create_model(WITH_MODEL, name="model")
    yield
    empty()


def _experiment(experiment_id: str) -> ExperimentItem:
    return ExperimentItem(
        keys.EXPERIMENTS,
        keys.experiment(experiment_id),
        experiment_id=experiment_id,
        name=f"experiment {experiment_id}",
        artifact_location=f"mlflow-artifacts:/{experiment_id}",
        stage="active",
        epoch=0,
        change="c",
        slice=2,
        moved=1,
        creation_time=1,
        last_update_time=1,
        grants={"ada": "READ"} if experiment_id in HERS else {"bob": "MANAGE"},
    )


def every(count: int = COUNT) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


def runs(who: Identity, experiment_ids: Sequence[str], **fields: Any) -> tuple[list[str], Meter]:
    """Of the runs found, in their order: experiment and start time; and what all pages consumed."""
    found: list[str] = []
    with metered() as meter, acting_as(who):
        while True:
            reply = search.search(SearchRuns.model_validate({"experiment_ids": list(experiment_ids), **fields}))
            found += [f"{run['info']['experiment_id']}@{run['info']['start_time']}" for run in reply.get("runs", ())]
            if "next_page_token" not in reply:
                return found, meter
            fields["page_token"] = reply["next_page_token"]


@pytest.mark.sampled(keep=4, by="page")
@pytest.mark.parametrize("order", [[], ["start_time ASC"], ["metrics.m DESC"], ["metrics.m"]])
@pytest.mark.parametrize("text", ["", "metrics.m > 0.5", "status = 'FINISHED'"])
@pytest.mark.parametrize("page", [2, 100])
def test_a_search_of_all_experiments_finds_what_one_of_those_with_runs_does(
    order: list[str], text: str, page: int
) -> None:
    question = {"order_by": order, "filter": text, "max_results": page}

    of_all, _ = runs(ADMIN, every(), **question)
    of_few, _ = runs(ADMIN, [*SEALED, *OPEN, BOTH], **question)

    assert of_all == of_few
    assert len(of_all) in {6, 8, 9, 12, 15}


def test_a_search_of_all_experiments_asks_those_with_runs(store: None) -> None:
    runs(ADMIN, every())

    found, cost = runs(ADMIN, every())

    assert len(found) == 15
    # Experiments, two lists, the open runs of three, the sealed ones of four, the runs themselves.
    assert cost.trips <= 3 + 3 + 2 * 4 + 6
    assert cost.read <= 80


def test_experiments_that_do_not_exist_or_may_not_be_read_cost_no_read_of_runs() -> None:
    unknown = [str(number) for number in range(10_000, 14_000)]

    found, cost = runs(ADMIN, unknown)
    hidden, hers = runs(Identity("eve"), every())

    assert found == hidden == []
    assert cost.trips <= 2
    assert hers.trips <= 2


def test_of_all_experiments_only_those_are_read_that_the_caller_has_a_grant_on() -> None:
    runs(ADA, every())

    found, cost = runs(ADA, every())

    assert {each.partition("@")[0] for each in found} == {"52", "53", "54"}
    # Her rows; the ten experiments one by one, their feeds and their sealed runs; the runs.
    assert cost.read <= 1 + 10 + 2 * 10 + 12
    assert cost.trips <= 30


def test_the_same_id_many_times_is_one_and_too_many_are_refused_at_once() -> None:
    assert runs(ADMIN, ["7", "007"] * 20_000) == runs(ADMIN, ["7"])

    with metered() as meter:
        answers = [api.post(path, experiment_ids=every(100_000)) for path in ("/runs/search", "/logged-models/search")]

    assert [(answer.status, answer.body["error_code"]) for answer in answers] == [(400, "INVALID_PARAMETER_VALUE")] * 2
    assert "100000 experiments are more than the 10000" in answers[0].body["message"]
    assert meter.trips == 0


def test_logged_models_are_looked_for_where_there_are_some() -> None:
    with metered() as meter, acting_as(ADMIN):
        reply = model_searches.search(SearchLoggedModels.model_validate({"experiment_ids": every()}))

    assert [model["info"]["name"] for model in reply["models"]] == ["model"]
    assert meter.trips <= 5


def test_a_page_of_experiments_reads_those_that_the_caller_may_read() -> None:
    def page(who: Identity) -> tuple[int, Meter]:
        with metered() as meter, acting_as(who):
            reply = experiment_search.search(SearchExperiments.model_validate({"max_results": 1000}))
        return len(reply.get("experiments", ())), meter

    page(ADA)
    found, cost = page(ADA)

    assert found == 10
    assert (cost.read, cost.trips) == (11, 2)
    assert page(Identity("eve"))[0] == 0
    assert page(Identity("ada", everywhere={"experiment": "READ"}))[0] == COUNT + 1
    assert page(Identity("ada", everywhere={"experiment": "DENY"}))[0] == 0
    assert page(Identity("ada", scopes=("experiment:READ:51", "experiment:READ:7")))[0] == 1
    assert page(Identity("admin", is_admin=True, scopes=("experiment:READ:51", "experiment:READ:7")))[0] == 2
    assert page(Identity("admin", is_admin=True, scopes=("experiment:READ:*",)))[0] == COUNT + 1


def test_a_page_of_registered_models_reads_those_that_the_caller_may_read() -> None:
    for number in range(8):
        with acting_as(ADA if number < 2 else Identity("bob")):
            models.create(f"model {number}", None, {})

    with metered() as meter, acting_as(ADA):
        reply = model_search.search(SearchModels.model_validate({}))

    assert [model["name"] for model in reply["registered_models"]] == ["model 0", "model 1"]
    assert meter.read <= 4


def test_until_the_lists_are_complete_every_experiment_is_asked() -> None:
    complete = runs(ADA, every())[0], runs(ADMIN, every())[0]
    marked(False)
    try:
        assert (runs(ADA, every())[0], runs(ADMIN, every())[0]) == complete
    finally:
        marked(True)


def marked(is_complete: bool) -> None:
    """Say of the lists that they are complete, or not."""
    tables.put(Filled(keys.FILLED, keys.COMPLETE, since=0, seen=clock.now_ms(), is_complete=is_complete))
    remembered.forget_all()
