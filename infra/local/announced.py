"""Events without an event bus: chalicelib writes them to a log, and here they are kept as a file, one JSON per line."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def kept(file: Path) -> Iterator[None]:
    """Inside the block every event that is put is appended to the file."""
    log = logging.getLogger("cumulog.events")
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()
        log.propagate = True
