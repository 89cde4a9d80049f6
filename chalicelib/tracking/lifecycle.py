"""Whether a run is active: a rule over its own mark and its experiment's; so deleting an experiment is one write.

Deleting or restoring an experiment sets all its runs to its own stage, as MLflow does, and starts a new epoch. What was
said of a single run counts only within the epoch in which it was said:

    experiment   active(0) ── delete ──► deleted(1) ── restore ──► active(2)
    run              deleted@0: deleted     deleted        active: its mark is of epoch 0

"""

from dataclasses import dataclass

ACTIVE = "active"
DELETED = "deleted"


@dataclass(frozen=True)
class Mark:
    """A lifecycle stage and the experiment's epoch in which it was set."""

    stage: str
    epoch: int


def stage(experiment: Mark, own: Mark | None) -> str:
    """The lifecycle stage of a run with this mark of its own, in an experiment with that one."""
    return own.stage if own and own.epoch == experiment.epoch else experiment.stage
