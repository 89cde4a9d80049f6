"""Shared state of the jobs of one transfer."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from cumulog._http.retry import Retry
from cumulog._transfer.api import Api
from cumulog._transfer.files import Slice, sha256
from cumulog._transfer.pool import Pool, executor
from cumulog._transfer.progress import Progress

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from cumulog._transfer.storage import Storage

T = TypeVar("T")

# hashlib lets other threads run: two threads read and hash faster than any network that we have met can send.
_HASHERS = 2


@dataclass(frozen=True)
class Work:
    """The server, S3, and the threads; `ending` runs when all jobs are over, after success and failure."""

    api: Api
    storage: "Storage"
    pool: Pool
    retry: Retry
    progress: Progress
    ending: ExitStack
    hashers: "ThreadPoolExecutor"

    def sha256_of_each(self, contents: Iterable[Slice]) -> list[str]:
        """The SHA-256 of each, in order."""
        return list(self.hashers.map(sha256, contents))


@contextmanager
def begun(api: Api, threads: int, retry: Retry, progress: Progress) -> Iterator[Work]:
    """A block that ends when all jobs submitted in it are done. Raises the error of the first job that failed."""
    # `import cumulog` must not pay for importing requests.
    from cumulog._transfer.storage import Storage  # noqa: PLC0415

    with ExitStack() as ending:
        ending.callback(progress.close)
        storage = Storage(threads, api.verify)
        ending.callback(storage.close)
        hashers = ending.enter_context(executor(_HASHERS, "cumulog-sha256"))
        with Pool(threads) as pool:
            yield Work(api, storage, pool, retry, progress, ending, hashers)


def batches(things: Iterable[T], most: int) -> Iterator[list[T]]:
    """Lists of at most `most` things, none of them empty."""
    rest = iter(things)
    while batch := list(islice(rest, most)):
        yield batch
