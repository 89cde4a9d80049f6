"""Which parts are to be merged, and that spans are stored as they are."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tracking.series import stored_pyramid
from chalicelib.tracking.series.spans import Span, of_part, to_merge
from tests.unit.tracking.series.any_points import INT64, TIMES, some_points


def span(number: int, size: int, first: int, last: int) -> Span:
    return Span(1, number, size, first, last, first, last)


def test_neighbours_that_are_small_are_merged_and_large_ones_are_left() -> None:
    parts = [span(0, 900, 0, 9), span(1, 10, 10, 19), span(2, 10, 20, 29), span(3, 900, 30, 39), span(4, 10, 40, 41)]

    assert to_merge(parts, few=100) == [[parts[1], parts[2]]]


def test_parts_that_overlap_in_time_are_merged_whatever_their_size() -> None:
    parts = [span(0, 900, 0, 30), span(1, 900, 5, 9), span(2, 900, 29, 40), span(3, 900, 40, 50)]

    assert to_merge(parts, few=100) == [parts[:3]]


@given(some_points)
def test_a_span_reaches_from_the_first_to_the_last_point(points) -> None:  # type: ignore[no-untyped-def]
    found = of_part(7, 3, points)

    assert found.along("step") == (min(p.step for p in points), max(p.step for p in points))
    assert found.along("time") == (min(p.timestamp for p in points), max(p.timestamp for p in points))


@given(st.lists(st.builds(Span, TIMES, TIMES, TIMES, INT64, INT64, TIMES, TIMES), max_size=9))
def test_spans_are_the_same_after_they_were_stored(spans: list[Span]) -> None:
    assert stored_pyramid.unpack_spans(stored_pyramid.pack_spans(spans)) == spans
