"""Whether a run is active: a rule over its own mark and its experiment's; so deleting an experiment is one write.

Deleting or restoring an experiment sets all its runs to its own stage, as MLflow does, and starts a new epoch. What was
said of a single run counts only within the epoch in which it was said:

    experiment   active(0) ── delete ──► deleted(1) ── restore ──► active(2)
    run              deleted@0: deleted     deleted        active: its mark is of epoch 0

In the index runs stand in groups. A run *follows* its experiment or, by a mark of its own, *differs* from it within one
epoch; so deleting an experiment moves no index row: which groups are active is decided when they are read.
"""

from collections.abc import Set
from dataclasses import dataclass

ACTIVE = "active"
DELETED = "deleted"

# The lifecycle stages that each view type of a search shows.
VIEWED_STAGES = {"ACTIVE_ONLY": {ACTIVE}, "DELETED_ONLY": {DELETED}, "ALL": {ACTIVE, DELETED}}


@dataclass(frozen=True)
class Mark:
    """A lifecycle stage and the experiment's epoch in which it was set."""

    stage: str
    epoch: int


def stage(experiment: Mark, own: Mark | None) -> str:
    """The lifecycle stage of a run with this mark of its own, in an experiment with that one."""
    return own.stage if own and own.epoch == experiment.epoch else experiment.stage


FOLLOWS = "follows"


def differs(epoch: int) -> str:
    """The group of the runs that are not of their experiment's stage, since marks set in this epoch."""
    return f"differs{epoch}"


def group(experiment: Mark, own: Mark | None) -> str:
    """Where a run's index rows stand."""
    return FOLLOWS if stage(experiment, own) == experiment.stage else differs(experiment.epoch)


def groups(experiment: Mark, settled: int, stages: Set[str]) -> list[str]:
    """The groups of all runs of an experiment that are of one of these stages.

    Whoever differed in an earlier epoch follows now. Below epoch `settled` nobody is left in such a group.
    """
    found = [differs(experiment.epoch)] if stages - {experiment.stage} else []
    if experiment.stage in stages:
        found += [FOLLOWS, *map(differs, range(settled, experiment.epoch))]
    return found
