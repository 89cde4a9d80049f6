"""What a page of a search may consume (design §8): it goes by the page, not by the experiment."""

from typing import Any

import pytest

from chalicelib.access.identity import Identity, acting_as
from chalicelib.storage import tables
from chalicelib.storage.capacity import metered
from chalicelib.storage.items import LogCall, SeriesPart
from chalicelib.tracking.experiments import populated
from chalicelib.tracking.index import known_sealed, search
from chalicelib.tracking.index.schemas import SearchRuns
from tests import client as api
from tests.contract.store import empty
from tests.perf.population import generated, spans, traits
from tests.perf.sealed_items import items_of, moments
from tests.sampling import times

RUNS = times(200, nightly=300)
PAGE = 100

# Read units that each may take, a fifth above what was measured; a run of a page is one unit.
CEILINGS = {
    "a page of the newest": (115, {}),
    "a page by a metric": (132, {"order_by": ["metrics.val_loss DESC"]}),
    "a page of a team": (110, {"filter": "tags.team = 'vision'"}),
    "a page above a metric": (128, {"filter": "metrics.val_loss > 0.5"}),
    "the best ten": (18, {"order_by": ["metrics.val_accuracy DESC"], "max_results": 10}),
    "the few below a metric": (5, {"filter": "metrics.val_loss < 0.01"}),
    "none": (4, {"filter": "metrics.val_loss > 2"}),
}


@pytest.fixture(scope="module", autouse=True)
def store(engine_of_the_store: None) -> None:
    """Instead of empty tables for each test: nothing here changes what is stored."""
    empty()


@pytest.fixture(scope="module")
def experiment_id(store: None) -> str:
    """An experiment with some hundred sealed runs, put as the sweeper would have left them."""
    experiment_id = api.create_experiment()
    (span,) = spans([RUNS])
    for own in traits(span):
        run = generated(own)
        items = items_of(run, experiment_id, moments(run))
        # What a search never reads is left out.
        tables.put_all(item for item in items if not isinstance(item, LogCall | SeriesPart))
    populated.note_sealed(experiment_id, int(own.start_time))
    # The process reads once what page tokens are authenticated with.
    api.done("/runs/search", experiment_ids=[experiment_id], max_results=1)
    return experiment_id


def test_a_page_is_paid_for_by_what_it_shows(experiment_id: str) -> None:
    measured = {name: _search(experiment_id, question) for name, (_, question) in CEILINGS.items()}

    too_dear = {name: cost for name, cost in measured.items() if cost["read"] > CEILINGS[name][0]}
    assert too_dear == {}
    assert measured["a page of the newest"]["trips"] <= 4


def test_the_last_page_costs_what_the_first_does(experiment_id: str) -> None:
    costs, token = [], ""
    for _ in range(RUNS // PAGE):
        costs.append(_search(experiment_id, {"page_token": token}))
        token = costs[-1]["reply"].get("next_page_token", "")

    assert [len(cost["reply"]["runs"]) for cost in costs] == [PAGE] * (RUNS // PAGE)
    assert max(cost["read"] for cost in costs) <= 1.2 * min(cost["read"] for cost in costs)
    assert max(cost["trips"] for cost in costs) <= 4


def _search(experiment_id: str, question: dict[str, Any]) -> dict[str, Any]:
    """What a search costs that reads its runs for the first time."""
    known_sealed.RUNS.forget_all()
    with metered() as meter, acting_as(Identity("ada", is_admin=True)):
        reply = search.search(
            SearchRuns.model_validate({"experiment_ids": [experiment_id], "max_results": PAGE, **question})
        )
    return {"read": meter.read, "trips": meter.trips, "reply": reply}
