"""The oracle would notice: each of these faults in the search makes it differ from brute force."""

import struct
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.search import codes, hunt, intervals, sources, walk
from chalicelib.search.intervals import Interval
from tests.unit.search.index_oracle import check_cases

CASES = 2000


def without_verification(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(hunt, "_holds", lambda record, held: True)


def negative_numbers_backward(patch: pytest.MonkeyPatch) -> None:
    def number(value: float) -> str:
        (bits,) = struct.unpack(">Q", struct.pack(">d", value + 0.0))
        return codes.NAN if value != value else f"{bits ^ (1 << 63):016x}"

    patch.setattr(codes, "number", number)


def token_that_skips_one(patch: pytest.MonkeyPatch) -> None:
    position = walk.place_of

    def place_of(*given: Any) -> str | None:
        place = position(*given)
        # The next run in the order is often one whose id begins as this one's.
        return None if place is None else place[:17] + "f" * 31

    patch.setattr(walk, "place_of", place_of)
    patch.setattr(sources, "place_of", place_of)


def token_that_is_included(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("chalicelib.search.search.Search.is_after_token", _not_before_token)


def without_the_runs_that_lack_the_field(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(walk.Walk, "_may_be_missing", lambda self, field: False)


def with_open_runs(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sources.Sources, "_is_wanted", lambda self, row: self._members is None or row.run_id in self._members)


def beginnings_that_end_early(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(codes, "after_beginning", lambda value: codes.beginning(value) + codes.AFTER)


def without_nan(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(walk, "NANS", Interval(codes.NAN, codes.NAN))


def bounds_that_are_left_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(intervals.codes, "AFTER", "")


def _not_before_token(self: Any, record: Any) -> bool:
    return self.after is None or not self.key(record) < self.ordering.key(self.after)


@pytest.mark.parametrize(
    "break_it",
    [
        without_verification,
        negative_numbers_backward,
        token_that_skips_one,
        token_that_is_included,
        without_the_runs_that_lack_the_field,
        with_open_runs,
        beginnings_that_end_early,
        without_nan,
        bounds_that_are_left_out,
    ],
    ids=lambda break_it: break_it.__name__,
)
def test_the_oracle_finds(break_it: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    break_it(monkeypatch)

    with pytest.raises(AssertionError):
        check_cases(0, CASES)
