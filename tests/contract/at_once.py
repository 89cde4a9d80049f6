"""Several workers that begin at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")


def at_once(work: Callable[[int], Result], workers: int = 16) -> list[Result]:
    """What `work` returns to each worker, by its number. Raises what the first of them raised."""
    start = Barrier(workers)

    def started(worker: int) -> Result:
        start.wait()
        return work(worker)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(started, range(workers)))
