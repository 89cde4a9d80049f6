"""The search language, case by case: a file in `cases/` for each vocabulary, and `cases/refused.json`."""

from collections.abc import Sequence

import pytest

from chalicelib.errors import InvalidParameterValue
from chalicelib.registry.vocabulary import MODEL_VERSIONS, REGISTERED_MODELS
from chalicelib.search.search import Query, parse, search
from chalicelib.search.vocabulary import Vocabulary
from chalicelib.tracking.experiments.vocabulary import EXPERIMENTS
from chalicelib.tracking.index.vocabulary import RUNS
from chalicelib.tracking.logged_models.vocabulary import LOGGED_MODELS
from tests.unit.search.tables import records, table

VOCABULARIES = {
    "runs": RUNS,
    "experiments": EXPERIMENTS,
    "logged_models": LOGGED_MODELS,
    "registered_models": REGISTERED_MODELS,
    "model_versions": MODEL_VERSIONS,
}
REFUSED = table("refused")
FILTERS = [(name, *case) for name in VOCABULARIES for case in table(name)["filters"]]
ORDERS = [(name, *case) for name in VOCABULARIES for case in table(name)["order_by"]]
REFUSED_FILTERS = [(RUNS, text) for text in REFUSED["runs"]["filters"] + REFUSED["stricter"]["filters"]]
REFUSED_FILTERS += [(EXPERIMENTS, text) for text in REFUSED["experiments"]["filters"]]
REFUSED_FILTERS += [(LOGGED_MODELS, text) for text in REFUSED["logged models"]["filters"]]
REFUSED_FILTERS += [(REGISTERED_MODELS, text) for text in REFUSED["registered models"]["filters"]]
REFUSED_FILTERS += [(MODEL_VERSIONS, text) for text in REFUSED["model versions"]["filters"]]
REFUSED_ORDERS = [(RUNS, text) for text in REFUSED["runs"]["order_by"] + REFUSED["stricter"]["order_by"]]
REFUSED_ORDERS += [(EXPERIMENTS, text) for text in REFUSED["experiments"]["order_by"]]
REFUSED_ORDERS += [(REGISTERED_MODELS, text) for text in REFUSED["registered models"]["order_by"]]
REFUSED_ORDERS += [(MODEL_VERSIONS, text) for text in REFUSED["model versions"]["order_by"]]


@pytest.mark.parametrize(("name", "text", "expected"), FILTERS)
def test_a_filter_keeps_the_records_that_match(name: str, text: str, expected: list[str]) -> None:
    page = search(records(name), Query(VOCABULARIES[name], filter=text))

    assert [record.id for record in page.records] == expected


@pytest.mark.parametrize(("name", "order_by", "expected"), ORDERS)
def test_order_by_sorts_the_records(name: str, order_by: Sequence[str], expected: list[str]) -> None:
    page = search(reversed(records(name)), Query(VOCABULARIES[name], order_by=order_by))

    assert [record.id for record in page.records] == expected


@pytest.mark.parametrize(("vocabulary", "text"), REFUSED_FILTERS)
def test_a_wrong_filter_is_refused(vocabulary: Vocabulary, text: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid filter"):
        parse(Query(vocabulary, filter=text))


@pytest.mark.parametrize(("vocabulary", "text"), REFUSED_ORDERS)
def test_a_wrong_order_by_is_refused(vocabulary: Vocabulary, text: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid order_by"):
        parse(Query(vocabulary, order_by=[text]))


@pytest.mark.parametrize(
    "order_by", [["metrics.m", "metrics.m DESC"], ["created", "start_time"], ["run_id", "attr.run_id"]]
)
def test_runs_are_not_ordered_by_a_field_twice(order_by: list[str]) -> None:
    with pytest.raises(InvalidParameterValue, match="duplicate"):
        parse(Query(RUNS, order_by=order_by))
