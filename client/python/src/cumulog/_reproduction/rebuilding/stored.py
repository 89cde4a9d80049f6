"""Data that lie on the server: artifacts that datasets name, by the digests that the server knows."""

import re
from collections.abc import Iterator

from cumulog._http.errors import ApiError
from cumulog._reproduction.rebuilding.places import Data, is_of_bytes, uri_of
from cumulog._reproduction.recorded.reading import Server, artifact_root
from cumulog._reproduction.recorded.run import Recorded

_RUN = re.compile(r"runs:/+(?P<run>[0-9a-f]{32})/(?P<path>.+)")
_WHOLE = re.compile(r"mlflow-artifacts:/+(?:[^/]+:\d+/)?(?P<path>.+)")


def checked(server: Server, recorded: Recorded, known: Data) -> Data:
    """What is known of the data, with those on the server."""
    changed, missing = [*known.changed], [*known.missing]
    for name, uri, digest in _named(recorded):
        found = _digest(server, uri)
        if found is None:
            missing.append(f"{name}: there is no '{uri}'")
        elif found and not found.startswith(digest):
            changed.append(f"{name}: '{uri}' is not what it was")
    return Data(tuple(changed), tuple(missing), known.unchecked)


def _named(recorded: Recorded) -> Iterator[tuple[str, str, str]]:
    """Datasets on the server whose digest is the SHA-256 of a file, or the beginning of it."""
    for each in recorded.datasets:
        uri = uri_of(each)
        if is_of_bytes(each.digest) and (_RUN.fullmatch(uri) or _WHOLE.fullmatch(uri)):
            yield each.name, uri, each.digest


def _digest(server: Server, uri: str) -> str | None:
    """The SHA-256 of a file on the server; empty if it does not know it, None if there is no such file."""
    try:
        if match := _RUN.fullmatch(uri):
            root = artifact_root(server.client.runs.get(match["run"])["run"]["info"])
            path = f"{root}/{match['path']}"
        else:
            path = _WHOLE.fullmatch(uri)["path"]  # type: ignore[index]
        return server.api.downloads([path])[0].sha256 or ""
    except ApiError as error:
        if error.status != 404:
            raise
        return None
