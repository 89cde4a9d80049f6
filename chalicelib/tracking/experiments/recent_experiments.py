"""What runs need to know about their experiment, cached for a few seconds so that a log call costs one read.

Only "active" is trusted; "deleted" is always read again. A change made through this process takes effect at once; a
change made through another takes effect within five seconds, as if the call had come that much earlier
(infra/decisions/0002-what-log-calls-read-is-remembered.md).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chalicelib.remembered import Reading, Remembered
from chalicelib.storage.items import ExperimentItem, RunInfo
from chalicelib.tracking.experiments import slices
from chalicelib.tracking.experiments.experiments import load, require_active
from chalicelib.tracking.experiments.lifecycle import ACTIVE, Mark, stage
from chalicelib.tracking.experiments.slices import KNOWN_SECONDS, USED_SECONDS, Slices


class Known(NamedTuple):
    """An experiment's mark, artifact location (which never changes), grants and feed, and when these were read."""

    mark: Mark
    artifact_location: str
    grants: Mapping[str, str]
    slices: Slices
    reading: Reading

    def is_usable(self) -> bool:
        """Whether what was just written by this knowledge counts (`slices.py`)."""
        return self.reading.age_s() < USED_SECONDS


_recent: Remembered[str, Known] = Remembered(most=1_000, seconds=5)


def run_stage(info: RunInfo) -> str:
    """The lifecycle stage of a run. Raises ResourceDoesNotExist if its experiment does not exist."""
    own = Mark(info.mark, int(info.mark_epoch)) if info.mark else None
    known = _recent.get(info.experiment_id)
    if known and stage(known.mark, own) == ACTIVE:
        return ACTIVE
    return stage(fresh(info.experiment_id), own)


def artifact_location_for_run(experiment_id: str) -> str:
    """Where the runs of an active experiment keep their artifacts.

    Raises ResourceDoesNotExist, and InvalidParameterValue if the experiment is deleted.
    """
    known = _recent.get(experiment_id)
    if known and known.mark.stage == ACTIVE:
        return known.artifact_location
    item, _ = _load(experiment_id)
    require_active(item)
    return str(item.artifact_location)


def artifact_location(experiment_id: str) -> str:
    """Where an experiment keeps its artifacts; this never changes. Raises ResourceDoesNotExist."""
    known = _recent.get(experiment_id)
    return known.artifact_location if known else _load(experiment_id)[1].artifact_location


def grants(experiment_id: str, is_fresh: bool) -> Mapping[str, str]:
    """An experiment's grants, as stored now or as they were up to five seconds ago. Raises ResourceDoesNotExist."""
    known = None if is_fresh else _recent.get(experiment_id)
    return known.grants if known else _load(experiment_id)[1].grants


def with_feed(experiment_id: str) -> Known:
    """The experiment as it was up to two seconds ago. Raises ResourceDoesNotExist."""
    known = _recent.get(experiment_id)
    return known if known and known.reading.age_s() < KNOWN_SECONDS else _load(experiment_id)[1]


def fresh(experiment_id: str) -> Mark:
    """The experiment's mark as it is stored now. Raises ResourceDoesNotExist."""
    return _load(experiment_id)[1].mark


def reading() -> Reading:
    """Begin a reading. Call this before reading the experiments that `keep` will remember."""
    return _recent.begin()


def keep(reading: Reading, items: Iterable[ExperimentItem]) -> None:
    """Remember experiments that were just read."""
    for item in items:
        _recent.keep(reading, item.experiment_id, _known(item, reading))


def forget(experiment_id: str) -> None:
    """Forget an experiment whose lifecycle stage or grants have changed, so that the next call reads it again."""
    _recent.forget(experiment_id)


def _load(experiment_id: str) -> tuple[ExperimentItem, Known]:
    began = reading()
    item = load(experiment_id)
    keep(began, [item])
    return item, _known(item, began)


def _known(item: ExperimentItem, reading: Reading) -> Known:
    return Known(Mark(item.stage, int(item.epoch)), item.artifact_location, item.grants, slices.of(item), reading)
