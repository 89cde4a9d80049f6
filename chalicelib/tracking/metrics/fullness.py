"""Runs that have no room for further metrics: those that they have go on.

Folding finds out that a run is full and says so in INFO, which each log call reads anyhow. Only then does a call have
to know the run's metrics, which are remembered, because no run ever loses one.
"""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.edge.checks import SHOWN
from chalicelib.errors import InvalidParameterValue
from chalicelib.remembered import Remembered
from chalicelib.storage.items import RunInfo
from chalicelib.tracking.runs import reading, sizes


class Metric(Protocol):
    key: str


_known: Remembered[str, frozenset[str]] = Remembered(most=20)


def check(info: RunInfo, metrics: Sequence[Metric]) -> None:
    """Raise InvalidParameterValue if the run is full and does not have one of these metrics yet."""
    if not info.full:
        return
    wanted = {metric.key for metric in metrics}
    known = _known.get(info.pk) or frozenset()
    if not wanted <= known:
        known = _known.refresh(info.pk, lambda: frozenset(reading.read(info.run_id).metrics))
    if new := sorted(wanted - known):
        raise InvalidParameterValue(
            f"Run '{info.run_id}' has no room for the new metric '{new[0][:SHOWN]}'; those that it has can be logged "
            f"further. {sizes.WHAT_FITS}"
        )
