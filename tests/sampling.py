"""How much of the suite runs: a random sample by day, everything at night.

Tests that try every crash, every role or every pair of cases are exhaustive only where CUMULOG_NIGHTLY=1 is set
(`make test-nightly`). Elsewhere each of them runs a sample, drawn from CUMULOG_TEST_SEED; without one the seed is the
date, so that a failure of today fails again today. A test says what may be left out in one of four ways:

- `@pytest.mark.sampled(keep=2, by="name")` keeps two of its parametrised cases for each value of `name`; without `by`,
  two of them all. With `of="words"` all tests that say so, in whatever files, are cases of one family: long ones that
  show much the same take turns. `tests/conftest.py` deselects the others, unless tests are named with `::` or `-k`.
- `some(cases, keep=3)` is for loops within a test: three of the cases, in their order.
- `times(5, nightly=20)` is for repetitions and sizes, and whatever else there are two of.
- `examples(60)` is for hypothesis: 60 by day, more or less in the profiles that `tests/conftest.py` registers.

The last lines of pytest's output tell the seed and how many cases were left out.
"""

import os
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from random import Random
from typing import TypeVar

import hypothesis
import pytest

T = TypeVar("T")

NIGHTLY = os.environ.get("CUMULOG_NIGHTLY") == "1"
# Set here for the processes of pytest-xdist as well, which have to collect the same tests, even around midnight.
SEED = os.environ.setdefault("CUMULOG_TEST_SEED", f"{date.today():%Y%m%d}")

_DAILY_EXAMPLES = 100
EXAMPLES = {"quick": 10, "daily": _DAILY_EXAMPLES, "nightly": 1000}


class LeftOut:
    """How many cases this process has left out: whole tests, and turns of loops within tests."""

    tests = 0
    turns = 0


def some(cases: Iterable[T], keep: int) -> list[T]:
    """A sample of these cases in their order; all of them at night."""
    known = list(cases)
    if NIGHTLY or len(known) <= keep:
        return known
    LeftOut.turns += len(known) - keep
    chosen = _chance(os.environ["PYTEST_CURRENT_TEST"]).sample(range(len(known)), keep)
    return [known[at] for at in sorted(chosen)]


def times(daily: T, nightly: T) -> T:
    return nightly if NIGHTLY else daily


def examples(daily: int) -> int:
    """As many examples for hypothesis by day; other profiles have more or fewer of them."""
    return max(1, daily * hypothesis.settings.default.max_examples // _DAILY_EXAMPLES)


def drawn(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """Those of the tests that are to run."""
    families: dict[tuple[str, ...], list[pytest.Item]] = defaultdict(list)
    for item in items:
        families[_family(item)].append(item)
    return {item for family, members in families.items() for item in _kept(family, members)}


def _family(item: pytest.Item) -> tuple[str, ...]:
    """What a test's sample is drawn from; a test that is not marked is alone."""
    mark = item.get_closest_marker("sampled")
    if mark is None:
        return (item.nodeid,)
    if "of" in mark.kwargs:
        return ("of", mark.kwargs["of"])
    by = mark.kwargs.get("by")
    return (item.nodeid.partition("[")[0], *([str(item.callspec.params[by])] if by else []))


def _kept(family: tuple[str, ...], members: list[pytest.Item]) -> list[pytest.Item]:
    mark = members[0].get_closest_marker("sampled")
    if mark is None or len(members) <= mark.kwargs["keep"]:
        return members
    return _chance(*family).sample(members, mark.kwargs["keep"])


def _chance(*names: str) -> Random:
    return Random(" ".join((SEED, *names)))
