"""Metrics of two runs, point by point."""

import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from cumulog._client.client import Client

Verdict = Literal["equal", "within", "different", "missing", "extra"]

_PAGE = 25_000
# What they measure differs from machine to machine, and from one time to the next.
_OF_THE_MACHINE = ("system/",)


class Tolerance(NamedTuple):
    """Two numbers may differ by `absolute`, or by that part `relative` of the first one."""

    relative: float = 0.0
    absolute: float = 0.0


class Point(NamedTuple):
    step: int
    value: float


class Metric(NamedTuple):
    """How a metric of the new run compares with that of the old: `first_step` is where they differ first.

    `largest` is the largest difference, `points` how many were compared; `old` and `new` are the last values.
    """

    name: str
    verdict: Verdict
    points: int = 0
    first_step: int | None = None
    largest: float | None = None
    old: float | None = None
    new: float | None = None
    why: str = ""


def compared(
    old: Mapping[str, Sequence[Point]], new: Mapping[str, Sequence[Point]], allowed: Tolerance
) -> list[Metric]:
    """Each metric of either run."""
    return [_compared(name, old.get(name, ()), new.get(name, ()), allowed) for name in sorted({*old, *new})]


def histories(client: Client, run: Mapping[str, Any]) -> dict[str, list[Point]]:
    """All points of a run's metrics, in the order of their steps; those about the machine are left out."""
    names = [str(each["key"]) for each in run["data"].get("metrics", ())]
    run_id = run["info"]["run_id"]
    return {name: _history(client, run_id, name) for name in names if not name.startswith(_OF_THE_MACHINE)}


def _history(client: Client, run_id: str, name: str) -> list[Point]:
    pages = client.pages(client.metrics.get_history, run_id=run_id, metric_key=name, max_results=_PAGE)
    found = [each for page in pages for each in page.get("metrics", ())]
    found.sort(key=lambda each: (int(each.get("step", 0)), int(each["timestamp"])))
    return [Point(int(each.get("step", 0)), float(each["value"])) for each in found]


def _compared(name: str, old: Sequence[Point], new: Sequence[Point], allowed: Tolerance) -> Metric:
    if not old or not new:
        last = (old or new)[-1].value
        return Metric(name, "extra", new=last) if not old else Metric(name, "missing", old=last)
    pairs = list(zip(old, new, strict=False))
    told = Metric(name, "equal", len(pairs), old=old[-1].value, new=new[-1].value)
    if [each.step for each in old] != [each.step for each in new]:
        first = next((one.step for one, two in pairs if one.step != two.step), None)
        longer = old if len(old) > len(new) else new
        first = longer[len(pairs)].step if first is None else first
        why = f"{len(old)} points became {len(new)}" if len(old) != len(new) else "it was logged at other steps"
        return told._replace(verdict="different", first_step=first, why=why)
    apart = [(one, two) for one, two in pairs if not is_same(one.value, two.value)]
    if not apart:
        return told
    largest = max(difference(one.value, two.value) for one, two in apart)
    beyond = [one for one, two in apart if not is_near(one.value, two.value, allowed)]
    first = (beyond or [apart[0][0]])[0].step
    return told._replace(verdict="different" if beyond else "within", first_step=first, largest=largest)


def is_same(one: float, two: float) -> bool:
    """Bit for bit; all that are not a number are one."""
    return struct.pack("d", one) == struct.pack("d", two) or (math.isnan(one) and math.isnan(two))


def is_near(one: float, two: float, allowed: Tolerance) -> bool:
    if is_same(one, two):
        return True
    return difference(one, two) <= allowed.absolute + allowed.relative * abs(one) < math.inf


def difference(one: float, two: float) -> float:
    found = abs(one - two)
    return math.inf if math.isnan(found) else found


def differing(found: Sequence[Metric]) -> Iterator[Metric]:
    return (each for each in found if each.verdict in ("different", "missing", "extra"))
