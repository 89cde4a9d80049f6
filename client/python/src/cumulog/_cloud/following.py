"""A job that was submitted, until it ends; and the run of a job that says nothing of its end."""

import time
from collections.abc import Callable
from typing import NamedTuple

from cumulog._cloud import batch
from cumulog._cloud.batch import Fate
from cumulog._cloud.submitting import Desk, failed
from cumulog._http.errors import CumulogError
from cumulog._projects.children import Stop

SECONDS = 5.0
# So many questions in a row that nobody answers.
_MOST_FAILURES = 60


class Followed(NamedTuple):
    """How a run ended, and what this process ends with. `why` is empty if all went well."""

    status: str
    code: int
    why: str = ""


def followed(run_id: str, job_id: str, desk: Desk, stop: Stop, tell: Callable[[str], None]) -> Followed:
    """Wait for the end of a job. A run that its container has not ended, it ends. Raises CumulogError, and Stopped."""
    before = ""
    while True:
        fate = _asked(desk, job_id, stop, tell)
        if str(fate) != before:
            before = str(fate)
            tell(f"Job {job_id}: {before}")
        if fate.is_over:
            return _ended(run_id, fate, desk)
        _sleep(stop)


def _asked(desk: Desk, job_id: str, stop: Stop, tell: Callable[[str], None]) -> Fate:
    for number in range(_MOST_FAILURES):
        try:
            return batch.fate(desk.batch, job_id)
        except CumulogError as error:
            if number == _MOST_FAILURES - 1:
                raise
            if not number:
                tell(f"{error} It is asked again.")
        _sleep(stop)
    raise AssertionError


def _sleep(stop: Stop) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        stop.check()
        time.sleep(min(0.2, SECONDS))
    stop.check()


def _ended(run_id: str, fate: Fate, desk: Desk) -> Followed:
    status = str(desk.client.runs.get(run_id)["run"]["info"]["status"])
    why = ""
    if status == "RUNNING" and fate.children and fate.status == "SUCCEEDED":
        # Of a sweep: nobody else ends it.
        desk.client.runs.update(run_id, status="FINISHED", end_time=int(time.time() * 1000))
        return Followed("FINISHED", 0)
    if status in ("SCHEDULED", "RUNNING"):
        why = _reason(status, fate)
        failed(desk.client, run_id, why)
        status = "FAILED"
    code = 0 if status == "FINISHED" else fate.code or 1
    return Followed(status, code, why)


def _reason(status: str, fate: Fate) -> str:
    if status == "RUNNING" and fate.children:
        return f"Not all trials have finished: {fate}"
    begun = "its container did not start the run" if status == "SCHEDULED" else "its container said no more"
    return f"The job ended as {fate.status}, and {begun}" + (f": {fate.why}" if fate.why else "")
