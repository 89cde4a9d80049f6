"""Programs that a project starts. Each leads a group of processes, which ends with it, whatever ends it."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from cumulog._projects import guard
from cumulog._projects.errors import ProjectError

STDOUT, STDERR = 1, 2
# What is left of a group gets so long to end by itself.
_SECONDS_TO_END = 5.0
_LAP_SECONDS = 0.1
# Output that comes after the end of a program, from those that it started.
_SECONDS_OF_REST = 0.5
_BLOCK = 1 << 16
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")

Said = Callable[[int, bytes], None]


class Stopped(Exception):
    """This process was told to end, by the signal of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.number = number


class Stop:
    """Whether this process was told to end. As a block it notes the signals that say so, and lets nothing break off."""

    def __init__(self) -> None:
        self.number = 0
        self.is_urgent = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Stop":
        for number in (getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)):
            # `nohup` has it ignored.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raises Stopped if it was."""
        if self.number:
            raise Stopped(self.number)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.is_urgent = bool(self.number)
        self.number = self.number or number


class Program(NamedTuple):
    """What to start: the words of its command line, the folder and the whole environment."""

    arguments: Sequence[str]
    folder: Path
    variables: Mapping[str, str]


def run(program: Program, said: Said, stop: Stop) -> int:
    """Run a program, and hand on what it prints as it comes. Its exit code, or minus the signal that ended it.

    Raises Stopped when it has ended because this process was told to, and ProjectError if it cannot be started.
    """
    channels = {number: _channel(number) for number in (STDOUT, STDERR)}
    try:
        process = _started(program, channels)
    finally:
        for _, theirs in channels.values():
            os.close(theirs)
    guard.watch(process.pid)
    ours = {mine: number for number, (mine, _) in channels.items()}
    try:
        _follow(process, ours, said, stop)
    finally:
        _end(process, stop)
        guard.forget(process.pid)
        _read_rest(ours, said)
        for mine in [*ours]:
            os.close(mine)
    stop.check()
    return process.wait()


def _started(program: Program, channels: Mapping[int, tuple[int, int]]) -> "subprocess.Popen[bytes]":
    # A program in a session of its own cannot read from our terminal.
    source = subprocess.DEVNULL if os.isatty(0) else None
    try:
        return subprocess.Popen(  # noqa: S603 - running what a project says is what this is for
            [*program.arguments],
            cwd=program.folder,
            env=dict(program.variables),
            stdin=source,
            stdout=channels[STDOUT][1],
            stderr=channels[STDERR][1],
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise ProjectError(f"'{program.arguments[0]}' cannot be started: {error}.") from error


def _channel(number: int) -> tuple[int, int]:
    """Our end and the program's end. Where we print to a terminal it sees one too, so that it shows colors and bars."""
    if not _is_terminal(number):
        return os.pipe()
    # Windows lacks these modules.
    import termios  # noqa: PLC0415

    mine, theirs = os.openpty()
    modes = termios.tcgetattr(theirs)
    # Our own terminal makes what it needs of the end of a line.
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    with contextlib.suppress(OSError, AttributeError):
        size = os.get_terminal_size(number)
        termios.tcsetwinsize(theirs, (size.lines, size.columns))  # type: ignore[attr-defined, unused-ignore]
    return mine, theirs


def _is_terminal(number: int) -> bool:
    try:
        return os.isatty(number) and hasattr(os, "openpty")
    except OSError:
        return False


def _follow(process: "subprocess.Popen[bytes]", ours: Mapping[int, int], said: Said, stop: Stop) -> None:
    """Hand on what a program prints until it has ended, or this process is told to end."""
    still_open, deadline = dict(ours), 0.0
    while not stop.number:
        if process.poll() is not None:
            deadline = deadline or time.monotonic() + _SECONDS_OF_REST
        if deadline and (not still_open or time.monotonic() >= deadline):
            return
        if not still_open:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LAP_SECONDS)
        for mine in select.select([*still_open], [], [], _LAP_SECONDS)[0] if still_open else ():
            if block := _read(mine):
                said(still_open[mine], block)
            else:
                del still_open[mine]


def _read_rest(ours: Mapping[int, int], said: Said) -> None:
    """Hand on what the program had printed before its end, and nobody has read yet."""
    still_open, deadline = dict(ours), time.monotonic() + _SECONDS_OF_REST
    while still_open and time.monotonic() < deadline:
        readable = select.select([*still_open], [], [], 0)[0]
        if not readable:
            return
        for mine in readable:
            if block := _read(mine):
                said(still_open[mine], block)
            else:
                del still_open[mine]


def _read(mine: int) -> bytes:
    try:
        return os.read(mine, _BLOCK)
    except OSError:
        # A terminal that nobody holds any more.
        return b""


def _end(process: "subprocess.Popen[bytes]", stop: Stop) -> None:
    """End what is left of a program and of those that it started."""
    group = process.pid
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not _is_sent(group, number):
            break
        deadline = time.monotonic() + _SECONDS_TO_END
        while _lives(process, group) and time.monotonic() < deadline:
            if stop.is_urgent and number != signal.SIGKILL:
                break
            time.sleep(_LAP_SECONDS / 5)
    process.wait()


def _lives(process: "subprocess.Popen[bytes]", group: int) -> bool:
    process.poll()
    return _is_sent(group, 0)


def _is_sent(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
