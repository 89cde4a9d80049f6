"""A progress bar, if stderr is a terminal and tqdm is installed."""

import sys
import threading
from typing import Any


class Progress:
    """Counts bytes from any thread; `total` is None if unknown."""

    def __init__(self, title: str, total: int | None, *, shown: bool) -> None:
        self._lock = threading.Lock()
        self._bar = _bar(title, total) if shown and sys.stderr.isatty() else None

    def add(self, size: int) -> None:
        if self._bar is not None:
            with self._lock:
                self._bar.update(size)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _bar(title: str, total: int | None) -> Any:
    try:
        # An optional library.
        from tqdm import tqdm  # noqa: PLC0415
    except ImportError:
        return None
    return tqdm(desc=title, total=total, unit="B", unit_scale=True, unit_divisor=1024)
