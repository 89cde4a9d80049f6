"""Upload and download: the steps of a transfer, in order.

Small files go in batches, with one request to the server for up to a hundred; large files go in parts or ranges. Every
job that moves bytes runs in one pool of threads; memory holds a few blocks of a megabyte per thread.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from os import PathLike
from pathlib import Path

from cumulog._http.errors import ContentMismatch, UnsafePath
from cumulog._http.retry import Retry
from cumulog._transfer.api import BATCH, Api, Target
from cumulog._transfer.downloads import fetch
from cumulog._transfer.files import LocalFile, Slice, destination, sha256
from cumulog._transfer.multipart import send as send_in_parts
from cumulog._transfer.progress import Progress
from cumulog._transfer.work import Work, batches, begun

# Files up to this size are uploaded by one PUT.
SMALL_BYTES = 8 << 20
# A batch is hashed before it is sent, so it must not be large either.
BATCH_BYTES = 64 << 20


@dataclass(frozen=True)
class Options:
    """How many threads move bytes; whether to show a progress bar on a terminal; how often to try."""

    threads: int = 8
    progress: bool = True
    retry: Retry = field(default_factory=Retry)


DEFAULT = Options()


def upload(
    files: Mapping[str, str | PathLike[str]],
    api: Api,
    options: Options = DEFAULT,
) -> None:
    """Upload local files. `files` maps whole artifact paths to local files.

    S3 checks the length and SHA-256 of everything. After a lost connection or a killed process, an upload in parts
    resumes when the same file is uploaded to the same path again. Raises OSError for a file that cannot be read,
    ApiError, TransferFailed, and ContentMismatch if a file changed during the upload.
    """
    found = [LocalFile.found(path, Path(local)) for path, local in files.items()]
    small = [file for file in found if file.size <= SMALL_BYTES]
    shown = Progress("Uploading", sum(file.size for file in found), shown=options.progress)
    with begun(api, options.threads, options.retry, shown) as work:
        for batch in _light(small):
            _send_small(work, batch)
        for file in found:
            if file.size > SMALL_BYTES:
                send_in_parts(work, file)


def upload_alone(path: str, local: Path, api: Api, retry: Retry, expected: str = "") -> None:
    """Upload a file of at most SMALL_BYTES in the calling thread: at the end of the interpreter no other can start.

    `expected` is its SHA-256, if that is known. Raises what `upload` raises.
    """
    # `import cumulog` must not pay for importing requests.
    from cumulog._transfer.storage import Storage  # noqa: PLC0415

    content = Slice(local, 0, local.stat().st_size)
    asked = (path, content.size, sha256(content))
    if expected not in ("", asked[2]):
        raise ContentMismatch(f"'{local}' is not what it was.")
    storage = Storage(1, api.verify)
    try:
        retry.run(lambda _: storage.put(api.uploads([asked])[0], content))
    finally:
        storage.close()


def download(
    paths: Iterable[str],
    folder: str | PathLike[str],
    api: Api,
    options: Options = DEFAULT,
    *,
    root: str = "",
) -> list[Path]:
    """Download artifacts, given by their whole paths, to a folder; returns their local paths, in the same order.

    Below the folder they keep their paths relative to `root`, with which all paths must begin. A file appears in its
    place only when it is complete, and correct if the server knows its SHA-256. Raises UnsafePath before any request,
    ApiError (also for a missing file), TransferFailed, ContentMismatch, OSError.
    """
    wanted = {path: destination(Path(folder), _below(root, path)) for path in paths}
    return fetch_to(wanted, api, options)


def fetch_to(places: Mapping[str, Path], api: Api, options: Options = DEFAULT) -> list[Path]:
    """Download artifacts to the given local paths; otherwise like `download`."""
    asked = ((batch, api.downloads(batch)) for batch in batches(places, BATCH))
    first = list(islice(asked, 1))
    total = None if len(places) > BATCH else sum(source.size for _, sources in first for source in sources)
    shown = Progress("Downloading", total, shown=options.progress)
    with begun(api, options.threads, options.retry, shown) as work:
        # Further batches are requested only when they can start: the URLs are valid for five minutes.
        for paths, sources in chain(first, asked):
            for path, source in zip(paths, sources, strict=True):
                fetch(work, source, places[path])
    return list(places.values())


def _light(files: list[LocalFile]) -> Iterator[list[LocalFile]]:
    """Batches limited in number and in bytes."""
    batch: list[LocalFile] = []
    size = 0
    for file in files:
        if batch and (len(batch) == BATCH or size + file.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += file.size
    if batch:
        yield batch


def _send_small(work: Work, files: list[LocalFile]) -> None:
    contents = [Slice(file.local, 0, file.size) for file in files]
    hashes = work.sha256_of_each(contents)
    asked = [(file.path, file.size, digest) for file, digest in zip(files, hashes, strict=True)]
    for each, content, target in zip(asked, contents, work.api.uploads(asked), strict=True):
        work.pool.submit(_put, work, each, content, target)


def _put(work: Work, asked: tuple[str, int, str], content: Slice, first: Target) -> None:
    def attempt(number: int) -> None:
        work.storage.put(work.api.uploads([asked])[0] if number else first, content)

    work.retry.run(attempt)
    work.progress.add(content.size)


def _below(root: str, path: str) -> str:
    if not root:
        return path
    if not path.startswith(root.rstrip("/") + "/"):
        raise UnsafePath(f"'{path}' is not below '{root}'.")
    return path[len(root.rstrip("/")) + 1 :]
