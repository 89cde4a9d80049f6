"""The server, and its artifact endpoints as functions: `/api/2.0/cumulog/artifacts/…`.

A path is always an artifact's whole path, from the bucket's root. An Api sends requests through its `Send`: by
`_http/transport.py`, or as MLflow's own client does (`_mlflow`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cumulog._http.credentials import parted
from cumulog._http.reading import read
from cumulog._http.wire import Json, Reply, Send

BASE = "/api/2.0/cumulog/artifacts"
# The most files, or parts, that one request may name.
BATCH = 100


@dataclass(frozen=True)
class Target:
    """Where to PUT bytes, and the headers to send with them."""

    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """Where to GET a stored file; its SHA-256 as hex digits, if the server knows it."""

    path: str
    url: str
    size: int
    sha256: str | None


@dataclass(frozen=True)
class Entry:
    """One entry of a folder, with a path relative to that folder. An entry that is a folder has no size."""

    path: str
    is_dir: bool
    size: int | None


@dataclass(frozen=True)
class Part:
    """A part of a file as S3 gets it: number from 1, size in bytes, SHA-256."""

    number: int
    size: int
    sha256: str

    def as_json(self) -> Json:
        return {"part_number": self.number, "size": self.size, "sha256": self.sha256}


class Api:
    """A server by its URL, as in MLFLOW_TRACKING_URI. `verify` is the TLS option of requests, used for S3 too."""

    def __init__(self, url: str, send: Send | None = None, *, verify: bool | str = True) -> None:
        self.url = parted(url)[0]
        self.verify = verify
        self._send = send or _lazily(url, verify)

    def call(self, method: str, path: str, query: Mapping[str, str] | None = None, body: Json | None = None) -> Json:
        """Call any endpoint; returns the reply's object. Raises ApiError."""
        return read(self._send(method, path, query, body))

    def uploads(self, files: Sequence[tuple[str, int, str]]) -> list[Target]:
        """Where to PUT each (path, size, SHA-256); at most 100."""
        named = [{"path": path, "size": size, "sha256": sha256} for path, size, sha256 in files]
        return [_target(each) for each in self._post("/uploads", {"files": named})["uploads"]]

    def downloads(self, paths: Sequence[str]) -> list[Source]:
        """Where to GET each file from; at most 100. Raises ApiError when one is missing."""
        found = self._post("/downloads", {"paths": list(paths)})["downloads"]
        return [Source(each["path"], each["url"], int(each["size"]), each.get("sha256")) for each in found]

    def entries(self, folder: str, *, recursive: bool = False) -> Iterator[Entry]:
        """The entries of a folder, page after page; none if the path is a file or missing."""
        query = {"path": folder, "recursive": "true" if recursive else "false"}
        for entry in self._pages("/list", query, "files"):
            size = entry.get("file_size")
            yield Entry(entry["path"], bool(entry.get("is_dir")), None if size is None else int(size))

    def delete(self, path: str) -> None:
        """Delete a file, or a folder with everything below it."""
        self._post("/delete", {"path": path})

    def create_multipart(self, path: str, size: int) -> tuple[str, int]:
        """Begin an upload in parts; returns its id, and the size of every part but the last."""
        reply = self._post("/multipart/create", {"path": path, "size": size})
        return reply["upload_id"], int(reply["part_size"])

    def sign_parts(self, path: str, upload_id: str, parts: Sequence[Part]) -> list[Target]:
        """Where to PUT each part; at most 100."""
        named = [part.as_json() for part in parts]
        reply = self._post("/multipart/sign", {"path": path, "upload_id": upload_id, "parts": named})
        return [_target(each) for each in reply["parts"]]

    def arrived(self, path: str, upload_id: str) -> dict[int, tuple[str, str]]:
        """(SHA-256, ETag) of each part that S3 has, by number; parts with an unknown SHA-256 are left out."""
        found = self._pages("/multipart/parts", {"path": path, "upload_id": upload_id}, "parts")
        return {int(each["part_number"]): (each["sha256"], each["etag"]) for each in found if each.get("sha256")}

    def complete(self, path: str, upload_id: str, parts: Mapping[int, tuple[str, str]]) -> None:
        """Make the file from its parts, given in the form that `arrived` returns."""
        named = [
            {"part_number": number, "etag": etag, "sha256": sha256} for number, (sha256, etag) in sorted(parts.items())
        ]
        self._post("/multipart/complete", {"path": path, "upload_id": upload_id, "parts": named})

    def abort(self, path: str, upload_id: str) -> None:
        """Drop an upload and the parts that have arrived."""
        self._post("/multipart/abort", {"path": path, "upload_id": upload_id})

    def _post(self, end: str, body: Json) -> Json:
        return self.call("POST", BASE + end, body=body)

    def _pages(self, end: str, query: Mapping[str, str], name: str) -> Iterator[Json]:
        while True:
            reply = self.call("GET", BASE + end, query)
            yield from reply.get(name, ())
            if not reply.get("next_page_token"):
                return
            query = {**query, "page_token": reply["next_page_token"]}


def _target(message: Json) -> Target:
    return Target(message["url"], message.get("headers") or {})


def _lazily(url: str, verify: bool | str) -> Send:
    made: list[Send] = []

    def send(method: str, path: str, query: Mapping[str, str] | None, body: Json | None) -> Reply:
        if not made:
            # `import cumulog` must not pay for importing http.client and ssl.
            from cumulog._http.transport import Transport  # noqa: PLC0415

            made.append(Transport(url, verify).send)
        return made[0](method, path, query, body)

    return send
