"""Programs that a record asks: git, uv, nvidia-smi. None of them may hang, or hold up a fork."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import IO, NamedTuple

from cumulog._http.forks import importing

MOST_BYTES = 64 << 20
_LAP_SECONDS = 0.2
# Of a repository that a hook or another tool is at work in, or of its taste.
_OTHERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS")
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class Answer(NamedTuple):
    """`why` says what went wrong; empty if the program ended well."""

    output: bytes
    why: str

    @property
    def text(self) -> str:
        return self.output.decode(errors="replace").strip()


def asked(
    command: list[str], seconds: float, given: bytes = b"", variables: Mapping[str, str] = MappingProxyType({})
) -> Answer:
    """What a program prints that is given some input, and some variables. It is ended after so many seconds."""
    env = {name: value for name, value in os.environ.items() if name not in _OTHERS} | _QUIET | {**variables}
    # Files, not pipes: a process that was forked meanwhile would hold the other end of a pipe open.
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        source.write(given)
        source.seek(0)
        try:
            process = begun(command, env, (source, output, errors))
        except OSError as error:
            return Answer(b"", f"{command[0]}: {error.strerror or error}")
        if why := _waited(process, output, seconds):
            return Answer(b"", why)
        if process.returncode:
            return Answer(b"", last_line(errors) or f"it ended with {process.returncode}")
        output.seek(0)
        return Answer(output.read(), "")


def _waited(process: "subprocess.Popen[bytes]", output: IO[bytes], seconds: float) -> str:
    """Wait for the end of a program. Why it was ended before; empty if it ended by itself, and said not too much."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LAP_SECONDS)
        # Else the changes of a large file would fill the disk for temporary ones.
        if os.fstat(output.fileno()).st_size > MOST_BYTES:
            end(process)
            return f"it says more than {MOST_BYTES >> 20} MB"
        if process.returncode is not None:
            return ""
        if time.monotonic() >= deadline:
            end(process)
            return f"it took longer than {seconds:g} seconds"


def begun(
    command: list[str], env: dict[str, str], files: tuple[IO[bytes], IO[bytes], IO[bytes]], *, is_apart: bool = False
) -> "subprocess.Popen[bytes]":
    """A program with its input, output and complaints; Ctrl-C does not reach one that is apart. Raises OSError."""
    source, output, errors = files
    # A fork waits, so that no child inherits what belongs to the start of this one.
    with importing:
        return subprocess.Popen(  # noqa: S603 - nothing of the command comes from outside
            command, env=env, stdin=source, stdout=output, stderr=errors, start_new_session=is_apart
        )


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a program, and of one that is apart also those that it has started."""
    with contextlib.suppress(OSError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def last_line(errors: IO[bytes]) -> str:
    """The last of what a program complained of."""
    errors.seek(0)
    lines = errors.read(4000).decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
