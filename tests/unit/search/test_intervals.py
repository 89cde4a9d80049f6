from collections.abc import Sequence
from random import Random

import pytest

from chalicelib.search import codes
from chalicelib.search.field import DATASET_READERS, Entity, reader
from chalicelib.search.intervals import EVERYTHING, START_TIME, Interval, Range, indexed, overlap, ranges
from chalicelib.search.match import predicate
from chalicelib.search.record import Record
from chalicelib.search.resolve import comparisons
from chalicelib.tracking.index.vocabulary import RUNS
from tests.unit.search import any_search
from tests.unit.search.any_world import NUMBERS, TEXTS, any_run

TAIL = "8" * 48


def found(text: str) -> list[Range]:
    return ranges(comparisons(RUNS, text))


def keys_of(record: Record, each: Range) -> list[tuple[str, str]]:
    """The codes that a run has in a field's rows, and the rows' keys."""
    if each.field == START_TIME:
        return [("", codes.falling(int(record.attributes["start_time"] or 0)) + "8" * 32)]
    if each.field.entity is Entity.DATASET:
        values = [DATASET_READERS[each.field.key](edge) for edge in record.datasets]
    else:
        values = [reader(each.field)(record)]  # type: ignore[list-item]
    written = [codes.code(each.field.kind, value) for value in values if value is not None]
    return [(code, code + TAIL) for code in written]


def holds(record: Record, each: Range) -> bool:
    """Whether one of the run's rows is within the range."""
    return any(
        interval.low < key and (interval.high is None or key < interval.high) and each.admits(code)
        for code, key in keys_of(record, each)
        for interval in each.intervals
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_run_that_matches_has_a_row_in_every_range(seed: int) -> None:
    rng = Random(seed)
    records = [any_run(rng, 0.7) for _ in range(60)]
    language = any_search.of_runs(records, NUMBERS, TEXTS)

    for _ in range(400):
        text = any_search.any_filter(language, (), rng)
        matches = predicate(comparisons(RUNS, text))
        for record in filter(matches, records):
            assert all(holds(record, each) for each in found(text)), (text, record)


EXACT = [
    "metrics.m > 0",
    "metrics.m >= 0",
    "metrics.m < 1",
    "metrics.m <= 1",
    "metrics.m = -0.0",
    "metrics.m != 1",
    "metrics.m > 0.5 AND metrics.m <= 1000",
    "start_time > 1000",
    "start_time <= 1000.5",
    "start_time = 1000",
    "end_time >= 999.5",
    "end_time < 2000",
    "params.p LIKE 'alpha%'",
    "params.p ILIKE 'ALPHA%'",
    "params.p LIKE '%a'",
    "params.p = 'alpha'",
    "params.p != 'alpha' AND params.p LIKE 'a%'",
    "tags.p IS NOT NULL",
    "run_name = 'alpha'",
    "dataset.name IN ('test', '日本')",
    "dataset.name NOT IN ('test', '日本')",
    "status LIKE 'F%'",
]


@pytest.mark.parametrize("text", EXACT)
def test_a_range_of_one_field_tells_all_by_itself(text: str) -> None:
    rng = Random(1)
    matches, (each,) = predicate(comparisons(RUNS, text)), found(text)
    records = [record for record in (any_run(rng, 0.9) for _ in range(400)) if len(record.params.get("p", "")) < 100]

    told = [record.id for record in records if holds(record, each)]

    assert told == [record.id for record in records if matches(record)]
    assert told


@pytest.mark.parametrize(
    ("text", "is_point"),
    [
        ("metrics.m = 1", True),
        ("metrics.m >= 1 AND metrics.m <= 1", False),
        ("params.p = 'x' AND params.p LIKE 'x%'", True),
        ("params.p LIKE 'x'", True),
        ("params.p LIKE 'x_'", False),
        ("run_id IN ('a')", True),
        ("run_id IN ('a', 'b')", False),
        ("end_time = 3", True),
        ("end_time > 3 AND end_time < 5", False),
    ],
)
def test_a_point_holds_one_value(text: str, is_point: bool) -> None:
    assert [each.point for each in found(text)] == [is_point]


@pytest.mark.parametrize(
    "text",
    [
        "start_time = 1.5",
        "start_time > 9223372036854775807",
        "end_time < -9223372036854775808",
        "end_time > 1e300",
        "end_time >= 1e999",
        "metrics.m = 1 AND metrics.m > 1",
        "metrics.m = 1 AND metrics.m = 2",
        "params.p = 'a' AND params.p LIKE 'b%'",
        "run_id = 'a' AND run_id IN ('b', 'c')",
        "run_name = 'a' AND tags.mlflow.runName = 'b'",
    ],
)
def test_what_contradicts_itself_leaves_no_interval(text: str) -> None:
    assert [each.intervals for each in found(text)] == [()]


@pytest.mark.parametrize("text", ["tags.p IS NULL", "start_time != 5", ""])
def test_what_no_row_can_tell_has_no_range(text: str) -> None:
    assert found(text) == []


def test_datasets_keep_a_range_for_each_comparison() -> None:
    # Another edge may satisfy each.
    assert len(found("dataset.name = 'a' AND dataset.name = 'b'")) == 2


def test_a_long_list_is_asked_of_the_runs() -> None:
    listed = ",".join(f"'{number}'" for number in range(51))

    (each,) = found(f"run_id IN ({listed})")

    assert each.intervals == (EVERYTHING,)
    assert each.admits(codes.text("50"))
    assert not each.admits(codes.text("51"))


def test_a_run_name_is_its_tag() -> None:
    (by_name,), (by_tag,) = found("run_name = 'x'"), found("tags.mlflow.runName = 'x'")

    assert by_name.field == by_tag.field == indexed(by_name.field)


@pytest.mark.parametrize(
    ("one", "two", "both"),
    [
        (Interval("a", "c"), Interval("b", "d"), Interval("b", "c")),
        (Interval("a", None), Interval("", "d"), Interval("a", "d")),
        (Interval("a", None), Interval("b", None), Interval("b", None)),
        (Interval("a", "b"), Interval("b", "c"), None),
        (Interval("a", "b"), Interval("c", None), None),
    ],
)
def test_intervals_overlap(one: Interval, two: Interval, both: Interval | None) -> None:
    assert overlap(one, two) == overlap(two, one) == both


def test_intervals_of_a_range_stand_in_their_order() -> None:
    # A walk takes them one after the other.
    (each,) = found("run_id IN ('c', 'a', 'b', 'a')")

    lows: Sequence[str] = [interval.low for interval in each.intervals]

    assert lows == sorted(set(lows))
    assert len(lows) == 3
