"""What the record of a reproduction may say. Functions raise InvalidParameterValue or InvalidState."""

import math
from typing import Any, Literal

from chalicelib.edge import legible
from chalicelib.edge.checks import check_length
from chalicelib.edge.wire import invalid_value
from chalicelib.errors import InvalidParameterValue, InvalidState

# The tag by which a run says which run it reproduces.
TAG = "cumulog.reproduces"
REPORT = 1000

EQUAL, WITHIN_TOLERANCE, DIFFERENT, FAILED = "equal", "within_tolerance", "different", "failed"
Verdict = Literal["equal", "within_tolerance", "different", "failed"]
_FINISHED = "FINISHED"
_ENDED = (_FINISHED, "FAILED", "KILLED")


def report(path: str) -> str:
    """Where the report lies among the new run's artifacts: a path as people write it."""
    check_length("report", path, REPORT)
    if reason := legible.flaw(path):
        raise InvalidParameterValue(invalid_value("report", path, reason))
    if path.startswith("/") or ".." in path.split("/"):
        raise InvalidParameterValue(invalid_value("report", path, "it is no path below the run's artifacts"))
    return path


def tolerance(value: float) -> float:
    """How far two values may lie apart."""
    if not math.isfinite(value) or value < 0:
        raise InvalidParameterValue("'tolerance' must be a finite number, zero or more.")
    return value


def check_pair(run_id: str, reproduced_run_id: str) -> None:
    """A run is reproduced by another one."""
    if run_id == reproduced_run_id:
        raise InvalidParameterValue("'reproduced_run_id' must be another run than 'run_id'.")


def check_verdict(verdict: str, by: float | None) -> None:
    """A verdict that depends on a tolerance names it."""
    if verdict == WITHIN_TOLERANCE and by is None:
        raise InvalidParameterValue("The verdict 'within_tolerance' needs the 'tolerance'.")


def check_run(verdict: str, status: str, created_by: str | None, who: str) -> None:
    """What must hold of the new run: it has ended as the verdict says, and the caller has made it, if that is known.

    Raises InvalidState.
    """
    if status not in (_ENDED if verdict == FAILED else (_FINISHED,)):
        raise InvalidState(
            f"The new run is {status}; with the verdict '{verdict}' it must have ended, as FINISHED "
            "unless the reproduction failed."
        )
    if created_by and created_by != who:
        raise InvalidState(f"The new run was created by '{created_by}', who alone can say how it came out.")


def check_tag(tags: dict[str, Any], run_id: str) -> None:
    """The new run says by its tag which run it reproduces. Raises InvalidState."""
    if tags.get(TAG) != run_id:
        raise InvalidState(f"The new run must have the tag '{TAG}' with the id of the run that it reproduces.")
