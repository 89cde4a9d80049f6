"""What a process prints, as an artifact of its run.

`sys.stdout` and `sys.stderr` are replaced by objects that pass everything on and keep a copy. So a progress bar, a
debugger and whoever asks whether this is a terminal see what they saw before. What other processes and libraries in C
write to the terminal themselves is not kept: taking it would need a pipe in the terminal's place.
"""

import os
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

from cumulog._fluent import arguments
from cumulog._fluent.artifacts import made
from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.quiet import quiet
from cumulog._fluent.runs import Run

# Of more, the first and the last megabyte are kept.
_KEPT = 1 << 20
_SECONDS = 30.0
_STREAMS = ("stdout", "stderr")


class Kept:
    """The first and the last part of a text."""

    def __init__(self) -> None:
        self._first = ""
        self._last = ""
        self._left_out = 0
        self._lock = threading.Lock()
        self.count = 0

    def add(self, text: str) -> None:
        with self._lock:
            self.count += len(text)
            room = _KEPT - len(self._first)
            self._first, text = self._first + text[:room], text[room:]
            self._last += text
            if len(self._last) > 2 * _KEPT:
                self._left_out += len(self._last) - _KEPT
                self._last = self._last[-_KEPT:]

    def text(self) -> str:
        with self._lock:
            left_out = self._left_out + max(0, len(self._last) - _KEPT)
            gap = f"\n… {left_out} characters are left out here …\n" if left_out else ""
            return self._first + gap + self._last[-_KEPT:]


class Copying:
    """A stream that passes everything on to another one, and keeps a copy of what is written."""

    def __init__(self, stream: Any, kept: Kept) -> None:
        self._stream = stream
        self._kept = kept

    def write(self, text: str) -> Any:
        self._kept.add(str(text))
        return self._stream.write(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> "Copying":
        return self

    def __exit__(self, *_: object) -> None:
        """As the stream's own, but it stays open."""


class Output:
    """What is printed while a run goes on. The artifact is written again every half minute, and when the run ends.

    `names` are the streams of this process that are kept; whoever names none adds to `kept` what it wants there.
    """

    def __init__(self, run: Run, artifact_file: str, names: Iterable[str] = _STREAMS) -> None:
        self._run = run
        self._artifact_file = artifact_file
        self.kept = Kept()
        self._logged = 0
        self._process = os.getpid()
        self._has_ended = threading.Event()
        self._streams = {name: Copying(getattr(sys, name), self.kept) for name in names if getattr(sys, name)}

    def start(self) -> None:
        for name, copying in self._streams.items():
            setattr(sys, name, copying)
        self._run.at_end.append(self.stop)
        threading.Thread(target=self._work, name="cumulog-output", daemon=True).start()

    def stop(self) -> None:
        """Give the streams back, and log what was printed."""
        self._has_ended.set()
        for name, copying in self._streams.items():
            # Somebody else may have replaced it too, and keeps ours.
            if getattr(sys, name) is copying:
                setattr(sys, name, copying._stream)
        if self._process == os.getpid():
            self._log()

    def _work(self) -> None:
        due = time.monotonic() + _SECONDS
        while not self._has_ended.wait(max(0.0, due - time.monotonic())):
            self._log()
            due = time.monotonic() + _SECONDS

    def _log(self) -> None:
        if self.kept.count > self._logged:
            self._logged = self.kept.count
            content = self.kept.text().encode(errors="backslashreplace")
            made(self._run, self._artifact_file, lambda place: place.write_bytes(content))


@quiet
def log_output(artifact_file: str | os.PathLike[str] = "output.log", run_id: str | None = None) -> None:
    """Keep what this process prints from now on, and log it as a file: every half minute, and when the run ends.

    Of more than two megabytes the first and the last are kept. What other processes print, and libraries in C, is not.
    """
    Output(run_to_log_to(run_id), arguments.artifact_file(artifact_file)).start()
