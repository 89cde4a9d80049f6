"""The data folder: one stack at a time, a format that is checked, and a note of what runs on it.

format       the number of the layout, so an older Cumulog never writes into a newer folder
lock         held with flock for as long as a stack lives; the kernel lets go of it however the stack ends
stack.json   who runs here: the address, how it was started, our process, the engines' processes and endpoints
runs.db      dynoxide's SQLite file        objects/  ministack's S3 objects        logs/  what the engines say
events       what happened to objects      events.read  how far the pump has read it
announced    the events that EventBridge would have taken, a line each
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.local.settings import AlreadyRuns, CannotStart, LocalSettings

FORMAT = 1


def refuse_second(settings: LocalSettings) -> None:
    """Raises AlreadyRuns when the stack that is asked for runs, CannotStart when another one has the data folder."""
    if _is_taken(settings.data / "lock"):
        raise second(settings, read_note(settings.data))


def second(settings: LocalSettings, facts: Mapping[str, Any]) -> CannotStart:
    """What to say when a stack is asked for on a data folder that one with these facts has."""
    if not facts.get("url"):
        return CannotStart(f"A local stack is just starting or ending on {settings.data}; try again in a moment.")
    different = _differences(settings, facts)
    if different:
        return CannotStart(
            f"Cumulog already runs at {facts['url']} on {settings.data}, but {' and '.join(different)}.\n"
            "A data folder serves one stack at a time: end that one (Ctrl-C where it runs), or choose another folder "
            "with CUMULOG_DATA."
        )
    return AlreadyRuns(
        f"Cumulog already runs at {facts['url']}\n  data: {settings.data}\n\n"
        "Nothing was changed. Ctrl-C where it runs ends it. Another one needs a port and a folder of its own:\n\n"
        f"    make up CUMULOG_PORT={_port(facts) + 1} CUMULOG_DATA={settings.data}-2"
    )


@contextmanager
def claimed(data: Path) -> Iterator[Path]:
    """The folder, ours alone inside the block; made when it is missing.

    Raises CannotStart when another stack runs on it, a newer Cumulog wrote it, or it is somebody else's folder.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(data)
        lock = (data / "lock").open("w")
    except OSError as error:
        raise CannotStart(f"The data folder {data} cannot be used: {error.strerror}.") from error
    with lock:
        _take(lock.fileno(), data)
        _check_format(data / "format")
        _end_leftovers(data)
        (data / "logs").mkdir(exist_ok=True)
        try:
            yield data
        finally:
            (data / "stack.json").unlink(missing_ok=True)


def note(data: Path, facts: dict[str, Any]) -> None:
    """Write stack.json; a reader sees the old note or the new one, never half of one."""
    _write_whole(data / "stack.json", json.dumps(facts))


def read_note(data: Path) -> dict[str, Any]:
    """What stack.json says; empty when there is none, or when a power cut has emptied it."""
    try:
        facts: dict[str, Any] = json.loads((data / "stack.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return facts


def _refuse_foreign(data: Path) -> None:
    # A mistyped CUMULOG_DATA, such as a home folder, must not be filled with our files.
    others = {entry.name for entry in data.iterdir()} - {"lock", "format.new"}
    if others and "format" not in others:
        raise CannotStart(f"{data} holds other files and no Cumulog data; choose another folder with CUMULOG_DATA.")


def _differences(settings: LocalSettings, facts: Mapping[str, Any]) -> list[str]:
    """In what the stack that runs is not the one that is asked for."""
    access = "open" if settings.is_open else "closed"
    found = facts.get("access", "unknown")
    different = []
    if settings.port not in (0, _port(facts)):
        different.append(f"its port is not {settings.port}")
    if found != access:
        different.append(f"its access is {found}, not {access}")
    if facts.get("in_memory", False) != settings.in_memory:
        different.append("it keeps its data on disk" if settings.in_memory else "it keeps everything in memory")
    return different


def _port(facts: Mapping[str, Any]) -> int:
    return urlsplit(facts["url"]).port or 0


def _is_taken(lock: Path) -> bool:
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        # No folder yet, or one that `claimed` will refuse with its reason.
        return False
    return False


def _take(lock: int, data: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        where = read_note(data).get("url") or "another process"
        raise CannotStart(f"A local stack already runs on {data} ({where}).") from error


def _check_format(file: Path) -> None:
    if not file.exists():
        _write_whole(file, f"{FORMAT}\n")
    found = file.read_text().strip()
    if not found.isdigit():
        raise CannotStart(
            f"{file} does not hold a format number, so {file.parent} may be damaged; nothing was changed."
        )
    if int(found) > FORMAT:
        raise CannotStart(
            f"{file.parent} was written by a newer Cumulog (format {found}, this one knows {FORMAT}); "
            "update Cumulog, or choose another folder with CUMULOG_DATA."
        )


def _end_leftovers(data: Path) -> None:
    # Where the kernel cannot tie a child to its parent's life (macOS), engines may have outlived a killed stack and
    # still write here. A process is ended only if its command line names this folder: its id may be reused by now.
    for pid in read_note(data).get("engines", {}).values():
        if str(data) in _command_line(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _command_line(pid: int) -> str:
    """The words that a process was started with; empty when it is gone."""
    # A slim Linux image has no `ps`, and macOS has no /proc.
    if Path("/proc/self").exists():
        file = Path(f"/proc/{pid}/cmdline")
        return file.read_bytes().replace(b"\0", b" ").decode(errors="replace") if file.exists() else ""
    command = ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _write_whole(file: Path, text: str) -> None:
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(text)
    fresh.replace(file)
