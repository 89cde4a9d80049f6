"""`python -m infra.local`: serve Cumulog on this machine until Ctrl-C or SIGTERM.

Exit code 0 after a clean end, or when a stack runs on the data folder already; 2 when it cannot start for a reason that
its user can mend.
"""

import logging
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from types import FrameType
from typing import Any

from chalicelib.errors import CumulogError
from infra.dashboard.files import files
from infra.local import announced, engines, folder, guard, machines, page, pump, server, wsgi
from infra.local.bridge import Functions
from infra.local.engines import MEMORY, OWN, Engines
from infra.local.page import Link
from infra.local.settings import AlreadyRuns, CannotStart, LocalSettings, from_environment


def main() -> int:
    """Run the stack; the exit code of the process."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        run(from_environment(os.environ))
    except AlreadyRuns as answer:
        print(answer, flush=True)
    except CannotStart as refusal:
        print(f"cumulog: {refusal}", file=sys.stderr, flush=True)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def run(settings: LocalSettings) -> None:
    """Start everything, serve, end everything. Raises CannotStart."""
    # Before the port is tried: a stack on the same folder has it, and that stack's address is the better answer.
    folder.refuse_second(settings)
    choice = engines.choose(settings, *engines.installed())
    with ExitStack() as ending:
        listener = ending.enter_context(closing(server.listen(settings.port)))
        data = ending.enter_context(folder.claimed(settings.data))
        if choice.s3 == OWN:
            pump.shorten(data / engines.JOURNAL)
        started = ending.enter_context(engines.running(choice, data))
        folder.note(data, _facts(settings, started, url=None))
        _apply({**engines.environment(started), "CUMULOG_ACCESS": "open" if settings.is_open else "closed"})
        tasks: dict[str, Any] = {}
        _apply(ending.enter_context(machines.available(settings, started, tasks, data)))
        ending.enter_context(announced.kept(data / "announced"))
        url = _url(listener)
        application, sweep, receive = _load(started, [*_own_origins(url), *filter(None, [settings.page])])
        tasks.update(_tasks())
        ending.enter_context(server.sweeping(settings.sweep_seconds, sweep))
        if choice.s3 == OWN:
            # The journal is that of the objects on disk; another S3 has none.
            ending.enter_context(pump.pumping(data / engines.JOURNAL, receive))
        folder.note(data, _facts(settings, started, url=url))
        link = None if settings.is_open else Link(_short_token)
        print(greeting(url, data, started.choice) + _sign_in(link, url), flush=True)
        site = page.with_page(page.with_link(application, link), files(), filter(None, [started.url("s3")]))
        server.serve(listener, guard.guarded(site, settings.page))


def greeting(url: str, data: Path, choice: engines.Choice) -> str:
    """What the terminal shows once the stack is ready."""
    forgotten = [name for name, chosen in (("runs", choice.dynamodb), ("artifacts", choice.s3)) if chosen == MEMORY]
    warning = (
        f"\n\n  WARNING: {' and '.join(forgotten)} are kept in memory and FORGOTTEN when this process ends,\n"
        "  because MEMORY=1 asks for that."
    )
    return (
        f"Cumulog is ready at {url}\n  data: {data}{warning if forgotten else ''}\n\n"
        "In a training script:\n\n"
        "    import mlflow\n"
        f'    mlflow.set_tracking_uri("{url}")\n'
        '    mlflow.set_experiment("my-experiment")\n\n'
        "For something to look at, in another terminal:\n\n"
        f"    make demo URL={url}\n\n"
        "Ctrl-C ends it."
    )


def _sign_in(link: Link | None, url: str) -> str:
    """How to sign in, with the first administrator's token, which is shown once; nothing where none is asked for."""
    if link is None:
        return ""
    # Imported late, as in `_load`.
    from chalicelib.accounts import first_admin  # noqa: PLC0415

    opens = (
        f"\n\nThe dashboard, signed in as admin; this link works once, within {page.LINK_MINUTES} minutes:\n\n"
        f"    {url}/#/signin?code={link.code}"
    )
    token = first_admin.create_once()
    if token is None:
        told = "Access is closed: use a token of yours (`make admin-token` makes another one for admin)."
        return f"\n\n{told}{opens}"
    told = "Access is closed. The token of admin, shown this once:"
    return f"\n\n{told}\n\n    export MLFLOW_TRACKING_TOKEN={token}{opens}"


def _short_token() -> str:
    # As above.
    from chalicelib.accounts import first_admin  # noqa: PLC0415

    return first_admin.short_token()


def _load(started: Engines, origins: Sequence[str]) -> tuple[wsgi.Application, Any, pump.Receive]:
    # Imported while the engines start, and not before: these modules read their settings from the environment.
    from app import app  # noqa: PLC0415
    from chalicelib.access import filled  # noqa: PLC0415
    from chalicelib.catalogue import events  # noqa: PLC0415
    from chalicelib.catalogue.handler import catalogue_on_event  # noqa: PLC0415
    from chalicelib.storage import bucket, tables  # noqa: PLC0415
    from chalicelib.sweeper.sweep import sweep_all  # noqa: PLC0415

    started.wait_ready()
    try:
        if tables.create_missing():
            filled.mark_as_new()
        bucket.create()
        if started.choice.s3 == OWN:
            # At each start, as port and setting may have changed. Another S3 has its own owner, who decides.
            bucket.allow_pages(origins)
    except CumulogError as error:
        raise CannotStart(f"The tables and the bucket could not be made: {error.message}") from error
    return wsgi.application(app), sweep_all, pump.matching(events.PATTERN, catalogue_on_event)


def _tasks() -> Functions:
    # As above; the settings are in place by now.
    from chalicelib.approvals.machine import tasks  # noqa: PLC0415

    return tasks.BY_NAME


def _facts(settings: LocalSettings, started: Engines, url: str | None) -> dict[str, Any]:
    return {
        "url": url,
        "access": "open" if settings.is_open else "closed",
        "in_memory": settings.in_memory,
        "pid": os.getpid(),
        "engines": {child.name: child.process.pid for child in started.children},
        "dynamodb_endpoint": started.url("dynamodb"),
        "s3_endpoint": started.url("s3"),
    }


def _apply(environment: Mapping[str, str | None]) -> None:
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _url(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _own_origins(url: str) -> list[str]:
    """The origins of the dashboard, under both names that a browser may use."""
    return [url, url.replace("127.0.0.1", "localhost")]


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    # One request to end is enough; a second must not break into the clean-up, which takes seconds at most.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
