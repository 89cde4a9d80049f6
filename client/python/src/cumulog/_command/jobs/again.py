"""`cumulog run RUN_ID`: a run again, from its record, without a comparison."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from cumulog._command.frame.session import Session
from cumulog._command.jobs import outcome, typed
from cumulog._command.shown.results import Done
from cumulog._fluent.starting import is_run_id
from cumulog._projects.children import Stop
from cumulog._projects.running.output import Terminal
from cumulog._reproduction.rebuilding.order import Changes
from cumulog._reproduction.rebuilding.packages import Wanted
from cumulog._reproduction.recorded import reading
from cumulog._reproduction.repeating import reproducing

_MANAGERS = ("", "uv", "local")


def is_meant(source: str) -> bool:
    """Whether a source is a run, and no folder of that name."""
    return is_run_id(source) and not Path(source).exists()


def work(session: Session, run_id: str, parameters: Mapping[str, str], manager: str, where: Mapping[str, str]) -> Done:
    """Rebuild a run, and run it with other parameters, if any. Raises CumulogError, and UsageError."""
    if manager not in _MANAGERS:
        raise typed.wrong(
            "A run that runs again has its packages from uv, or this Python's: --env-manager uv or local."
        )
    asked = reading.Server(session.client, session.api)
    url = typed.connected()
    is_named = where["experiment_name"] or where["experiment_id"]
    experiment_id = typed.target(session, **where).experiment_id if is_named else ""
    wishes = reproducing.Wishes(packages=Wanted(manager), changes=Changes(parameters))
    with Stop() as stop, tempfile.TemporaryDirectory(prefix="cumulog-again-") as scratch:
        recorded = reading.read(asked, run_id, Path(scratch, "old"))
        job = reproducing.Work(asked, recorded, wishes, Path(scratch).resolve())
        rebuilt = reproducing.rebuild(job)
        stop.check()
        typed.tell_whose(recorded)
        goal = reproducing.Goal(url, experiment_id, where["run_name"])
        ended = reproducing.run_again(job, rebuilt, goal, stop, Terminal(to_stderr=session.looks.as_json))
    return outcome.shown(ended)
