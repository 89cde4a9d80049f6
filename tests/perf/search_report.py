"""The tables of the search benchmark, and what is out of bounds in them."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tests.perf.asking import Timing

# Of what may read no more among ten times as many runs.
MOST_GROWTH = 1.2
# Where small experiments end: below, a rare value has too few runs to fill a page.
LARGE = 10_000
OPEN_MS = 3_000.0


def p50(timing: Timing) -> float:
    return statistics.median(timing.milliseconds)


def p95(timing: Timing) -> float:
    return statistics.quantiles(timing.milliseconds, n=20)[-1]


def units(timing: Timing) -> float:
    """Read units, the median."""
    return statistics.median(timing.units)


def trips(timing: Timing) -> float:
    return statistics.median(timing.trips)


def growth_table(by_size: Mapping[int, Sequence[Timing]]) -> Iterator[str]:
    """A line per question, for each number of runs p50 and p95 in ms, read units, round trips."""
    yield "| search | " + " | ".join(f"{size:,} runs" for size in by_size) + " |"
    yield "|---|" + "---|" * len(by_size)
    for same in zip(*by_size.values(), strict=True):
        yield f"| {same[0].question.name} | " + " | ".join(map(_cell, same)) + " |"


def rival_table(pairs: Sequence[tuple[Timing, Timing]]) -> Iterator[str]:
    """A line per question: MLflow's median, ours, how many times as fast, and how many it has to be."""
    yield "| search | MLflow, ms | Cumulog, ms | times as fast | at least |"
    yield "|---|---|---|---|---|"
    for theirs, ours in pairs:
        name, faster = ours.question.name, ours.question.faster
        yield f"| {name} | {p50(theirs):.0f} | {p50(ours):.1f} | {_ratio(theirs, ours):.1f} | {faster:.0f} |"


def open_table(timings: Sequence[Timing]) -> Iterator[str]:
    """A line per question: the slowest call, read units, round trips."""
    yield "| search | p50, ms | slowest, ms | read units | round trips |"
    yield "|---|---|---|---|---|"
    for timing in timings:
        name, slowest = timing.question.name, max(timing.milliseconds)
        yield f"| {name} | {p50(timing):.0f} | {slowest:.0f} | {units(timing):.0f} | {trips(timing):.0f} |"


def too_much_growth(by_size: Mapping[int, Sequence[Timing]]) -> Iterator[str]:
    """What reads more among more runs, but must not."""
    for small, large in pairwise(sorted(size for size in by_size if size >= LARGE)):
        for few, many in zip(by_size[small], by_size[large], strict=True):
            before, after = units(few), units(many)
            if few.question.constant and max(before, after) > MOST_GROWTH * min(before, after):
                yield f"{few.question.name}: {before:.0f} read units at {small:,} runs, {after:.0f} at {large:,}"


def too_slow(pairs: Sequence[tuple[Timing, Timing]]) -> Iterator[str]:
    """What is not so many times as fast as MLflow as it has to be."""
    for theirs, ours in pairs:
        ratio, wanted = _ratio(theirs, ours), ours.question.faster
        if ratio < wanted:
            yield f"{ours.question.name}: {ratio:.1f} times as fast as MLflow, not {wanted:.0f}"


def too_long(timings: Sequence[Timing]) -> Iterator[str]:
    """What takes too long beside open runs."""
    for timing in timings:
        slowest = max(timing.milliseconds)
        if slowest > OPEN_MS:
            yield f"{timing.question.name}: {slowest:.0f} ms beside open runs"


def _cell(timing: Timing) -> str:
    page = f", page {timing.page}" if timing.page != timing.question.page else ""
    return f"{p50(timing):.0f} / {p95(timing):.0f} ms, {units(timing):.0f} units, {trips(timing):.0f} trips{page}"


def _ratio(theirs: Timing, ours: Timing) -> float:
    return p50(theirs) / p50(ours)
