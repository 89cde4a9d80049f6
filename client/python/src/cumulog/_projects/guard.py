"""A small process that ends what this one has started, should this one be killed without a chance to.

It reads groups of processes from a pipe, of which the other end closes with this process, however that ends.
"""

import atexit
import contextlib
import subprocess
import sys
import threading

_SOURCE = """
import os, signal, sys, time
groups = set()
for line in sys.stdin:
    (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
for number, seconds in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 0.0)):
    for group in groups:
        try:
            os.killpg(group, number)
        except OSError:
            pass
    if groups:
        time.sleep(seconds)
    else:
        break
"""

_lock = threading.Lock()
_process: "subprocess.Popen[bytes] | None" = None


def watch(group: int) -> None:
    """End a group of processes when this process is gone."""
    _tell(f"+{group}\n")


def forget(group: int) -> None:
    """The group has ended."""
    _tell(f"-{group}\n")


def _tell(line: str) -> None:
    global _process
    with _lock, contextlib.suppress(OSError):
        if _process is None or _process.poll() is not None:
            # Ctrl-C is not for it.
            atexit.register(_close)
            _process = subprocess.Popen(  # noqa: S603 - our own source
                [sys.executable, "-I", "-S", "-c", _SOURCE], stdin=subprocess.PIPE, start_new_session=True
            )
        if _process.stdin:
            _process.stdin.write(line.encode())
            _process.stdin.flush()


def _close() -> None:
    """All has ended well, or is to end now."""
    if _process and _process.stdin:
        with contextlib.suppress(OSError):
            _process.stdin.close()
        _process.wait()
