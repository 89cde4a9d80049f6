"""A pool of threads with a short queue."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


class Pool:
    """A block that ends when all jobs are done. After the first failure no further job starts.

    `submit` waits while there are two jobs per thread, so a million files take no more memory than a few.
    """

    def __init__(self, threads: int) -> None:
        self._executor = executor(threads, "cumulog")
        self._free = threading.Semaphore(2 * threads)
        self._failure: BaseException | None = None
        self._lock = threading.Lock()

    def submit(self, job: Callable[..., Any], *arguments: Any) -> None:
        """Submit a job. Raises the error of an earlier job."""
        self._free.acquire()
        if self._failure:
            raise self._failure
        self._executor.submit(self._run, job, *arguments).add_done_callback(self._done)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(cancel_futures=error is not None)
        if error is None and self._failure:
            raise self._failure

    def _run(self, job: Callable[..., Any], *arguments: Any) -> None:
        if not self._failure:
            job(*arguments)

    def _done(self, future: "Future[None]") -> None:
        error = None if future.cancelled() else future.exception()
        with self._lock:
            self._failure = self._failure or error
        self._free.release()


def executor(threads: int, name: str) -> "ThreadPoolExecutor":
    """Threads that carry out jobs. Raises RuntimeError at the end of the interpreter."""
    # What is delivered at that end needs none, and could not import it.
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    return ThreadPoolExecutor(threads, thread_name_prefix=name)
