from collections.abc import Sequence
from itertools import islice

import pytest

from chalicelib.search import walk
from chalicelib.search.field import Entity, Field, Kind
from chalicelib.search.intervals import START_TIME
from chalicelib.search.order import Term
from chalicelib.search.record import Record
from chalicelib.search.resolve import ordering
from chalicelib.search.walk import RUN_ID, Walk, is_row_order, place_of
from chalicelib.tracking.experiments.lifecycle import FOLLOWS
from chalicelib.tracking.index.index_rows import rows_of
from chalicelib.tracking.index.vocabulary import RUNS
from tests.unit.search.fake_index import FakeIndex, FakeTable

NAN = float("nan")
M, P = Field(Entity.METRIC, "m", Kind.FLOAT), Field(Entity.PARAM, "p", Kind.TEXT)
START, ID = Term(START_TIME, ascending=False), Term(RUN_ID, ascending=True)


def run(number: int, start: int = 0, m: float | None = None, p: str | None = None) -> Record:
    run_id = f"{number:032x}"
    metrics, params = {} if m is None else {"m": m}, {} if p is None else {"p": p}
    return Record(run_id, {"run_id": run_id, "start_time": start, "status": "FINISHED"}, metrics, params)


def index_of(records: Sequence[Record]) -> FakeIndex:
    table = FakeTable(key for record in records for key in rows_of(record, "0", FOLLOWS))
    return FakeIndex(table, [("0", FOLLOWS)], {record.id: record for record in records})


def walked(records: Sequence[Record], order_by: list[str], last: Record | None = None) -> list[int | list[int]]:
    """The numbers of the runs in the order of the walk; a group of runs as a list."""
    order = ordering(RUNS, order_by)
    after = order.position(last) if last else None
    pieces = Walk(index_of(records), {}, 10).pieces(order.terms, after)
    return [
        sorted(int(each.row.run_id, 16) for each in piece) if isinstance(piece, list) else int(piece.row.run_id, 16)
        for piece in pieces
    ]


def test_the_listing_gives_the_last_started_first() -> None:
    assert walked([run(1, 5), run(2, 7), run(3, 5)], []) == [2, 1, 3]
    assert walked([run(1, 5), run(2, 7), run(3, 5)], ["start_time ASC"]) == [1, 3, 2]


@pytest.mark.parametrize(("direction", "numbers"), [("ASC", [2, 1, 4]), ("DESC", [1, 4, 2])])
def test_nan_and_what_is_missing_come_last_in_both_directions(direction: str, numbers: list[int]) -> None:
    records = [run(1, m=1.0), run(2, m=-1.0), run(3, m=NAN), run(4, m=1.0), run(5), run(6)]

    assert walked(records, [f"metrics.m {direction}"]) == [*numbers, 3, 5, 6]


def test_runs_of_equal_value_form_a_group_if_another_field_puts_them_in_order() -> None:
    records = [run(1, m=1.0, p="b"), run(2, m=1.0, p="a"), run(3, m=0.0), run(4, m=NAN), run(5, m=NAN)]

    assert walked(records, ["metrics.m DESC", "params.p"]) == [[1, 2], [3], [4, 5]]


def test_a_large_group_is_met_on_the_rows_of_the_next_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_IN_GROUP", 2)
    records = [run(1, m=1.0, p="c"), run(2, m=1.0, p="a"), run(3, m=1.0), run(4, m=2.0, p="b"), run(5, m=1.0, p="b")]

    assert walked(records, ["metrics.m", "params.p"]) == [2, 5, 1, 3, [4]]


def test_a_long_row_of_equal_values_is_read_forward_when_the_field_is_walked_backward() -> None:
    many = [run(number, m=1.0) for number in range(walk._REVERSED + 10)]

    assert walked([*many, run(200, m=0.0), run(201, m=2.0)], ["metrics.m DESC"]) == [
        201,
        *range(walk._REVERSED + 10),
        200,
    ]


def test_texts_with_one_code_form_a_group_whatever_the_order() -> None:
    long = "p" * 128
    records = [run(1, p=long + "b"), run(2, p=long + "a"), run(3, p=long), run(4, p="q")]

    assert walked(records, ["params.p"]) == [3, [1, 2], 4]
    assert walked(records, ["params.p DESC"]) == [4, [1, 2], 3]


@pytest.mark.parametrize("order_by", [[], ["metrics.m"], ["run_id"], ["start_time", "run_id"]])
def test_a_walk_goes_on_behind_a_run_that_is_gone(order_by: list[str]) -> None:
    records = [run(number, start=9 - number, m=float(number)) for number in range(9)]
    gone = records.pop(4)

    found = walked(records, order_by, gone)

    assert found == (list(range(5, 9)) if order_by != ["start_time", "run_id"] else [3, 2, 1, 0])


def test_a_page_reads_its_own_rows_and_no_others() -> None:
    records = [run(number, m=1.0) for number in range(5000)]
    order, index = ordering(RUNS, ["metrics.m"]), index_of(records)

    pieces = Walk(index, {}, 10).pieces(order.terms, order.position(records[4000]))
    first = list(islice(pieces, 10))

    assert [each.row.run_id for each in first if not isinstance(each, list)] == [run(4001 + n).id for n in range(10)]
    assert index.rows_read <= 11


@pytest.mark.parametrize(
    ("terms", "fixed", "is_so"),
    [
        ([START, ID], [], True),
        ([START, ID, Term(M, ascending=True)], [], True),
        ([START._replace(ascending=True), ID], [], False),
        ([START, ID._replace(ascending=False)], [], False),
        ([ID], [], False),
        ([ID], [START_TIME], True),
        ([Term(P, ascending=True), START, ID], [P], True),
        ([Term(P, ascending=True), START, ID], [M], False),
        ([START._replace(ascending=True)], [RUN_ID], True),
        ([], [], True),
    ],
)
def test_which_orders_are_that_of_the_rows(terms: list[Term], fixed: list[Field], is_so: bool) -> None:
    assert is_row_order(terms, frozenset(fixed)) is is_so


def test_a_position_tells_its_place_if_it_has_time_and_id() -> None:
    first, second = run(1, start=5), run(2, start=4)

    places = [place_of([START, ID], ordering(RUNS, []).position(each)) for each in (first, second)]

    assert places == sorted(str(place) for place in places)
    assert place_of([ID], ("x",)) is None
    assert place_of([START, ID], (None, "x")) is None
