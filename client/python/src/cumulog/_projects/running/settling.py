"""The two moments at which a run has to be on the server: before anything is started, and when it ends."""

from cumulog._fluent.process import process
from cumulog._fluent.runs import Run
from cumulog._http.errors import CumulogError

_SECONDS = 30.0


def taken(run: Run, refusal: str) -> Run:
    """A run that has begun, once the server has it. Raises CumulogError with this text if it does not take it."""
    if process.flush(_SECONDS, adopts=False):
        return run
    process.leave(run)
    run.end("FAILED")
    raise CumulogError(refusal)


def end(run: Run, status: str) -> None:
    """End a run, and wait until the server knows."""
    process.leave(run)
    run.end(status)
    process.flush(_SECONDS)
