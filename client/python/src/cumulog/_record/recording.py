"""The thread's side of a record: it asks a process of its own, and logs what that finds."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from cumulog._fluent import artifacts
from cumulog._fluent.runs import Run
from cumulog._http.errors import CumulogError
from cumulog._http.forks import importing
from cumulog._record import programs, started
from cumulog._record.parts import Part, Reader
from cumulog._record.wanted import REQUIREMENTS, RUN_FILE, Wanted

# Runs that begin alike within so much time share what was found, if it is not too large to keep.
_SHARED_SECONDS = 60.0
_MOST_SHARED = 4 << 20
_LAP_SECONDS = 0.05
_START = "import sys; sys.path.insert(0, sys.argv[1]); from cumulog._record.process import main; main()"


class Recording(Protocol):
    """The recording of one run, as far as this module needs it (`beginning.py`)."""

    run: Run
    with_files: bool

    @property
    def command(self) -> started.Command:
        """How the process was started."""
        ...

    def do(self, step: Callable[[], object]) -> None:
        """Log something, unless the run has ended."""

    def has_cheap_part(self) -> None:
        """The end of the run need not wait for what follows."""

    def ends_within(self, seconds: float) -> bool:
        """Wait so long for the end of the run. Whether it has ended."""


class Failed(CumulogError):
    """Why there is no record, or only a part."""


class _Found:
    """What was found a moment ago of a process that was begun in the same way, by the run.json that it goes on from."""

    def __init__(self) -> None:
        self._at = 0.0
        self._begun: tuple[object, ...] = ()
        self._parts: dict[str, list[Part]] = {}

    def keep(self, wanted: Wanted, parts: list[Part]) -> None:
        if not wanted.run:
            self._at, self._begun, self._parts = time.monotonic(), _begun(wanted), {}
        if sum(len(part.content) for part in parts) <= _MOST_SHARED:
            self._parts[wanted.run] = parts

    def known(self, wanted: Wanted) -> list[Part] | None:
        is_it = wanted.with_files and _begun(wanted) == self._begun
        return self._parts.get(wanted.run) if is_it and time.monotonic() < self._at + _SHARED_SECONDS else None


def _begun(wanted: Wanted) -> tuple[object, ...]:
    """What a script may change before its next run: folder, arguments, variables."""
    return wanted.started[: len(started.Command._fields)]


_found = _Found()


def record(recording: Recording) -> None:
    """Record a run until it is all there, or the run ends. Raises Failed, or what the system does."""
    wanted = Wanted(started.taken(recording.command), recording.with_files)
    first = _logged(recording, wanted)
    recording.has_cheap_part()
    run = first.get(RUN_FILE, b"").decode()
    if run and json.loads(run)["pending"]:
        _logged(recording, wanted._replace(run=run, requirements=first[REQUIREMENTS].decode()))


def _logged(recording: Recording, wanted: Wanted) -> dict[str, bytes]:
    """Log what is wanted, as it is found; the files by path."""
    found = []
    known = _found.known(wanted)
    for part in known or _asked(recording, wanted):
        if part.failure:
            raise Failed(part.failure)
        _log(recording, part)
        found.append(part)
    # The last part is run.json: without it the run has ended before all was found.
    if not known and found and found[-1].path == RUN_FILE:
        _found.keep(wanted, found)
    return {part.path: part.content for part in found if part.path}


def _log(recording: Recording, part: Part) -> None:
    if part.tags:
        recording.do(lambda: recording.run.tags(part.tags))
    if part.path:
        recording.do(
            lambda: artifacts.made(
                recording.run, part.path, lambda place: place.write_bytes(part.content), is_record=True
            )
        )


def _asked(recording: Recording, wanted: Wanted) -> Iterator[Part]:
    """Parts as a process finds them; it is ended when the run is."""
    command = _command()
    if not command:
        yield from _found_here(wanted)
        return
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        source.write(wanted.written())
        source.seek(0)
        process = programs.begun(command, wanted.started.variables, (source, output, errors), is_apart=True)
        try:
            reader = Reader(output)
            while process.poll() is None and not recording.ends_within(_LAP_SECONDS):
                yield from reader.read()
            yield from reader.read()
        finally:
            has_ended = process.returncode is not None
            programs.end(process)
        if has_ended and process.returncode:
            raise Failed(programs.last_line(errors) or f"its process ended with {process.returncode}")


def _command() -> list[str]:
    """How to start the process; empty if this program is none of Python's, and would only start itself again."""
    name = Path(sys.executable or "").name.lower()
    if getattr(sys, "frozen", False) or not name.startswith(("python", "pypy")):
        return []
    # Of its user's settings and packages it reads nothing.
    return [sys.executable, "-I", "-S", "-c", _START, str(Path(__file__).parents[2]), str(os.getpid())]


def _found_here(wanted: Wanted) -> Iterator[Part]:
    with importing:
        from cumulog._record.collecting import collected  # noqa: PLC0415 - a process of its own imports it elsewhere
    return collected(wanted)
