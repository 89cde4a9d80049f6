"""What a job's container does: it fetches what its run is to do, and does it as on any machine, attempt by attempt."""

import contextlib
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from cumulog._cloud import packing, scheduled
from cumulog._cloud.batch import DIGEST
from cumulog._cloud.checkpoints import ATTEMPT, VARIABLE, Checkpoints
from cumulog._cloud.scheduled import Scheduled
from cumulog._projects.errors import ProjectError
from cumulog._projects.running.order import Attempt, Order
from cumulog._projects.running.ordering import Typed, ordered
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import Options, fetch_to

# Batch's names: attempts have numbers from 1 on, children of an array from 0 on.
BATCH_ATTEMPT, BATCH_INDEX, BATCH_JOB = "AWS_BATCH_JOB_ATTEMPT", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ID"
# A job that is this close to its time limit was ended by it, and is not started again.
_LAST_SECONDS = 5.0
_QUIET = Options(progress=False)


def told(root: str, api: Api, scratch: Path) -> Scheduled:
    """What the run is to do, whose artifacts are at `root`.

    Raises ApiError if it was never scheduled, and ProjectError if that is not what was submitted.
    """
    place = scratch / "scheduled.json"
    fetch_to({f"{root}/{scheduled.FILE}": place}, api, _QUIET)
    _check(scheduled.FILE, place, os.environ.get(DIGEST, ""))
    return scheduled.read(place.read_text(encoding="utf-8"))


def order(document: Scheduled, root: str, api: Api, scratch: Path) -> Order:
    """The project, fetched and read. Raises ProjectError, and ApiError."""
    if not document.sha256:
        return ordered(_typed(document, document.source), document.choice, scratch)
    archive, folder = scratch / "source.zip", scratch / "project"
    fetch_to({f"{root}/{scheduled.ZIP}": archive}, api, _QUIET)
    _check(scheduled.ZIP, archive, document.sha256)
    packing.unpack(archive, folder)
    found = ordered(_typed(document, str(folder), ""), document.choice, scratch)
    source = found.source._replace(given=document.source, uri=document.source, commit=document.version, is_copy=True)
    return found._replace(source=source)


def attempt(document: Scheduled, kept: Checkpoints, is_wanted: Callable[[], bool]) -> Attempt:
    """This attempt, with the checkpoints that earlier ones left. Raises CumulogError, and OSError.

    `is_wanted` asks whether the run was not cancelled.
    """
    number, begun = _number(BATCH_ATTEMPT, 1), time.monotonic()
    kept.fetch()

    def has_next() -> bool:
        is_timed_out = document.seconds and time.monotonic() - begun > document.seconds - _LAST_SECONDS
        return number < document.attempts and not is_timed_out and is_wanted()

    return Attempt({ATTEMPT: str(number), VARIABLE: str(kept.folder)}, has_next, kept.kept)


def index() -> int:
    """The number of this child of an array; 0 if the job is none."""
    return _number(BATCH_INDEX, 0)


def job_id() -> str:
    """The id of the job that this is."""
    return os.environ.get(BATCH_JOB, "")


def _check(name: str, local: Path, sha256: str) -> None:
    if sha256 and hashlib.sha256(local.read_bytes()).hexdigest() != sha256:
        raise ProjectError(f"{name} of the run is not what was submitted.")


def _number(name: str, least: int) -> int:
    with contextlib.suppress(ValueError):
        return max(least, int(os.environ.get(name, "")))
    return least


def _typed(document: Scheduled, source: str, version: str | None = None) -> Typed:
    named = document.version if version is None else version
    return Typed(source, named, document.entry, document.parameters)
