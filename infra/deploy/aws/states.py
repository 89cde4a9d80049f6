"""What a deployment does next, by the stack's state: decided here, done elsewhere."""

from enum import Enum


class Next(Enum):
    CREATE = "create"
    CLEAR_AND_CREATE = "clear and create"
    UPDATE = "update"
    WAIT = "wait"
    UNROLL = "unroll"
    DESTROY = "destroy"


# A stack that has only a change set, not yet executed.
UNBORN = "REVIEW_IN_PROGRESS"
# After a first deployment that failed, or was killed before it began, the stack can only be deleted. Data is retained.
_DEAD = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", UNBORN})
# The final states of a successful operation.
GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "DELETE_COMPLETE"})


def next_step(status: str | None) -> Next:
    """What a deployment does with a stack in this state; None means no stack."""
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
