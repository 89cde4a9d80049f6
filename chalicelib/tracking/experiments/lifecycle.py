"""Whether a run is active follows from its own mark and its experiment's, so deleting an experiment takes one write.

Deleting or restoring an experiment gives all its runs the experiment's stage, as MLflow does, and starts a new epoch.
The stage set on a single run counts only within the epoch in which it was set:

    experiment   active(0) ── delete ──► deleted(1) ── restore ──► active(2)
    run              deleted@0: deleted     deleted        active: its mark is of epoch 0

The index keeps runs in groups. A run *follows* its experiment or, by a mark of its own, *differs* from it within one
epoch. Which groups are active is decided when they are read, so deleting an experiment moves no index row.
"""

from collections.abc import Set
from typing import NamedTuple

ACTIVE = "active"
DELETED = "deleted"

# The lifecycle stages that each view type of a search shows.
VIEWED_STAGES = {"ACTIVE_ONLY": {ACTIVE}, "DELETED_ONLY": {DELETED}, "ALL": {ACTIVE, DELETED}}


class Mark(NamedTuple):
    """A lifecycle stage and the experiment's epoch in which it was set."""

    stage: str
    epoch: int


def stage(experiment: Mark, own: Mark | None) -> str:
    """The lifecycle stage of a run, from its experiment's mark and its own."""
    return own.stage if own and own.epoch == experiment.epoch else experiment.stage


FOLLOWS = "follows"


def differs(epoch: int) -> str:
    """The group of runs whose stage differs from their experiment's because of a mark set in this epoch."""
    return f"differs{epoch}"


def group(experiment: Mark, own: Mark | None) -> str:
    """The group that holds a run's index rows."""
    return FOLLOWS if stage(experiment, own) == experiment.stage else differs(experiment.epoch)


def groups(experiment: Mark, settled: int, stages: Set[str]) -> list[str]:
    """The groups that hold an experiment's runs in any of these stages.

    Runs that differed in an earlier epoch now follow. The groups of epochs below `settled` are empty.
    """
    found = [differs(experiment.epoch)] if stages - {experiment.stage} else []
    if experiment.stage in stages:
        found += [FOLLOWS, *map(differs, range(settled, experiment.epoch))]
    return found
