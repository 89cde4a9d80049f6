"""What a stack's state lets us do next: decided here, done elsewhere."""

from enum import Enum


class Next(Enum):
    CREATE = "create"
    CLEAR_AND_CREATE = "clear and create"
    UPDATE = "update"
    WAIT = "wait"
    UNROLL = "unroll"
    DESTROY = "destroy"


# A stack of which there is only a change set that nobody has executed.
UNBORN = "REVIEW_IN_PROGRESS"
# What is left of a first deployment that failed, or was killed before it began, can only be deleted. Data is retained.
_DEAD = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", UNBORN})
# Where an operation that succeeded ends.
GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "DELETE_COMPLETE"})


def next_step(status: str | None) -> Next:
    """What a deployment does with a stack in this state; None is no stack."""
    if status is None or status == "DELETE_COMPLETE":
        return Next.CREATE
    if status in _DEAD:
        return Next.CLEAR_AND_CREATE
    if status == "UPDATE_ROLLBACK_FAILED":
        return Next.UNROLL
    if status == "DELETE_FAILED":
        return Next.DESTROY
    return Next.WAIT if is_moving(status) else Next.UPDATE


def is_moving(status: str) -> bool:
    """Whether CloudFormation is still at work."""
    return status.endswith("_IN_PROGRESS") and status != UNBORN
