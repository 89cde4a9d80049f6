"""The process that collects a record, so that it takes no turns at the interpreter of the one that trains.

What is wanted comes as JSON through standard input; parts go to standard output as they are found.
"""

import os
import sys

from cumulog._record.collecting import collected
from cumulog._record.parts import Part
from cumulog._record.wanted import Wanted


def main() -> None:
    """Answer one question."""
    parent = os.getppid()
    try:
        for part in collected(Wanted.read(sys.stdin.buffer.read())):
            sys.stdout.buffer.write(part.written())
            sys.stdout.buffer.flush()
            if os.getppid() != parent:
                # Nobody waits any more.
                return
    except Exception as error:  # noqa: BLE001 - a repository or a package may be broken in any way
        sys.stdout.buffer.write(Part.of_failure(f"{type(error).__name__}: {error}"[:300]).written())
