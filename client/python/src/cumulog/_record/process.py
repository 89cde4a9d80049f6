"""The process that collects a record, so that it takes no turns at the interpreter of the one that trains.

What is wanted comes as JSON through standard input; parts go to standard output as they are found.
"""

import os
import signal
import sys
import threading
import time

from cumulog._record.collecting import collected
from cumulog._record.parts import Part
from cumulog._record.wanted import Wanted

_LAP_SECONDS = 0.25


def main() -> None:
    """Answer one question of the process that has this number."""
    threading.Thread(target=_end_without, args=(int(sys.argv[2]),), daemon=True).start()
    try:
        for part in collected(Wanted.read(sys.stdin.buffer.read())):
            sys.stdout.buffer.write(part.written())
            sys.stdout.buffer.flush()
    except Exception as error:  # noqa: BLE001 - a repository or a package may be broken in any way
        sys.stdout.buffer.write(Part.of_failure(f"{type(error).__name__}: {error}"[:300]).written())


def _end_without(asker: int) -> None:
    """When the process that asked is gone, however it ended, end this one, and the programs that it waits for."""
    while hasattr(os, "killpg") and os.getppid() == asker:
        time.sleep(_LAP_SECONDS)
    if hasattr(os, "killpg"):
        # It leads a group of its own.
        os.killpg(os.getpid(), signal.SIGKILL)
