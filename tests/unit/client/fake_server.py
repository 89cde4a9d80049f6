"""A server on loopback that plays both sides of a transfer: Cumulog's artifact endpoints, and an S3 that verifies.

It keeps everything in memory, counts the bytes that S3 took and gave, and misbehaves on demand: S3's requests take the
`faults` one after the other; None is no fault.
"""

import hashlib
import json
import threading
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.served import served
from tests.unit.client.fake_tracking import Refused, Tracking

BASE = "/api/2.0/cumulog/artifacts"
PART_BYTES = 8 << 20
BLOCK = 1 << 16


@dataclass(frozen=True)
class Status:
    """S3 answers this instead of doing what it was asked."""

    status: int
    code: str = ""


@dataclass(frozen=True)
class Cut:
    """S3 ends the connection after so many bytes of the body."""

    after: int


def _refusal(fault: Status) -> bytes:
    """As Cumulog says it, or without a code, as something that stands before it."""
    return json.dumps({"error_code": fault.code, "message": "no"}).encode() if fault.code else b"<html>no</html>"


@dataclass
class World:
    """What the server knows, and what a test may look at or change."""

    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    faults: "deque[Status | Cut | None]" = field(default_factory=deque)
    calls: list[str] = field(default_factory=list)
    tracking: Tracking = field(default_factory=Tracking)
    # For calls to tracking endpoints; a Cut does what was asked, and loses the reply.
    call_faults: "deque[Status | Cut | None]" = field(default_factory=deque)
    # How many seconds each of those takes.
    delay: float = 0.0
    # The Authorization header of each request, by whether it was one to S3.
    credentials: list[tuple[bool, str | None]] = field(default_factory=list)
    put_bytes: int = 0
    got_bytes: int = 0
    # What the endpoints say about any file, where it must differ from the truth.
    claimed_sha256: str | None = None
    # PUTs from this number on wait until the test lets them go.
    hold_from: int = 1 << 30
    puts: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    expired: set[str] = field(default_factory=set)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def calls_of(self, end: str) -> int:
        return self.calls.count(end)

    def fault(self) -> Status | Cut | None:
        with self.lock:
            return self.faults.popleft() if self.faults else None

    def signed(self, method: str, path: str, **claims: Any) -> str:
        query = "&".join(f"{name}={value}" for name, value in {"method": method, **claims}.items())
        return f"{self.url}/s3/{quote(path)}?id={uuid.uuid4().hex}&{query}"


@contextmanager
def serving() -> Iterator[World]:
    """The world of a server that runs until the block ends."""
    world = World()
    handler = type("Handler", (_Handler,), {"world": world})
    with served(handler) as world.url:
        try:
            yield world
        finally:
            world.released.set()


class _Refused(Exception):
    """The endpoints' error reply: (status, error_code)."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Else the second packet of an answer waits for the first one to be acknowledged.
    disable_nagle_algorithm = True
    wbufsize = -1
    world: World

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def _serve(self) -> None:
        split = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        self.world.credentials.append((split.path.startswith("/s3/"), self.headers.get("Authorization")))
        if split.path.startswith("/s3/"):
            self._storage(unquote(split.path.removeprefix("/s3/")), query)
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        end = split.path.removeprefix(BASE)
        self.world.calls.append(end)
        if end.startswith("/api/"):
            self._track(f"{self.command} {end}", json.loads(body) if body else query)
            return
        try:
            fields = json.loads(body) if body else query
            self._answer(200, json.dumps(_ENDPOINTS[f"{self.command} {end}"](self.world, fields)).encode())
        except _Refused as refused:
            status, code = refused.args
            self._answer(status, json.dumps({"error_code": code, "message": "refused"}).encode())

    def _track(self, name: str, fields: Any) -> None:
        if self.world.delay:
            self.world.released.wait(self.world.delay)
        with self.world.lock:
            fault = self.world.call_faults.popleft() if self.world.call_faults else None
            if isinstance(fault, Status):
                self._answer(fault.status, _refusal(fault))
                return
            try:
                status, answer = 200, self.world.tracking.endpoints()[name](fields)
            except Refused as refused:
                status, code, more = refused.args
                answer = {"error_code": code, "message": "refused", "cumulog_error": more}
        if isinstance(fault, Cut):
            self.close_connection = True
        else:
            self._answer(status, json.dumps(answer).encode())

    def _storage(self, key: str, query: dict[str, str]) -> None:
        fault = self.world.fault()
        if query["method"] != self.command or query["id"] in self.world.expired:
            fault = Status(403, "AccessDenied")
        if self.command == "PUT":
            self._put(key, query, fault)
        else:
            self._get(key, fault)

    def _put(self, key: str, query: dict[str, str], fault: Status | Cut | None) -> None:
        length = int(self.headers["Content-Length"])
        body = self._received(min(length, fault.after) if isinstance(fault, Cut) else length)
        with self.world.lock:
            self.world.puts += 1
            must_wait = self.world.puts >= self.world.hold_from
        if must_wait:
            self.world.released.wait(60)
        if isinstance(fault, Cut):
            self.close_connection = True
        elif isinstance(fault, Status):
            self._answer(fault.status, f"<Error><Code>{fault.code}</Code></Error>".encode())
        elif (str(length), self.headers["x-sha256"]) != (query["size"], query["sha256"]):
            self._answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
        elif hashlib.sha256(body).hexdigest() != query["sha256"]:
            self._answer(400, b"<Error><Code>BadDigest</Code></Error>")
        else:
            self._store(key, query, body)

    def _store(self, key: str, query: dict[str, str], body: bytes) -> None:
        with self.world.lock:
            # The upload may be gone: a part that was held back belongs to a process that was killed long ago.
            parts = self.world.uploads.get(query.get("upload", ""), {})
            self.world.put_bytes += len(body)
            if "upload" in query:
                parts[int(query["part"])] = body
            else:
                self.world.objects[key] = body
        self._answer(200, b"", ETag=_etag(body))

    def _received(self, length: int) -> bytes:
        blocks, left = [], length
        while left and (block := self.rfile.read(min(left, BLOCK))):
            blocks.append(block)
            left -= len(block)
        return b"".join(blocks)

    def _get(self, key: str, fault: Status | Cut | None) -> None:
        if isinstance(fault, Status):
            self._answer(fault.status, f"<Error><Code>{fault.code}</Code></Error>".encode())
            return
        content = self.world.objects[key]
        asked = self.headers.get("Range")
        first, last = map(int, asked.removeprefix("bytes=").split("-")) if asked else (0, len(content) - 1)
        body = content[first : last + 1]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", _etag(content))
        self.end_headers()
        sent = body[: fault.after] if isinstance(fault, Cut) else body
        self.wfile.write(sent)
        self.close_connection = isinstance(fault, Cut)
        with self.world.lock:
            self.world.got_bytes += len(sent)

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _etag(content: bytes) -> str:
    return f'"{hashlib.md5(content).hexdigest()}"'


def _uploads(world: World, fields: Any) -> Any:
    assert 1 <= len(fields["files"]) <= 100
    return {
        "uploads": [
            {
                "path": each["path"],
                "url": world.signed("PUT", each["path"], size=each["size"], sha256=each["sha256"]),
                "headers": {"x-sha256": each["sha256"]},
            }
            for each in fields["files"]
        ]
    }


def _downloads(world: World, fields: Any) -> Any:
    assert 1 <= len(fields["paths"]) <= 100
    if not all(path in world.objects for path in fields["paths"]):
        raise _Refused(404, "RESOURCE_DOES_NOT_EXIST")
    return {
        "downloads": [
            {
                "path": path,
                "url": world.signed("GET", path),
                "size": len(world.objects[path]),
                "sha256": world.claimed_sha256 or hashlib.sha256(world.objects[path]).hexdigest(),
            }
            for path in fields["paths"]
        ]
    }


def _list(world: World, fields: Any) -> Any:
    """The files below a folder, however deep."""
    begin = f"{fields['path']}/"
    found = [(path.removeprefix(begin), body) for path, body in sorted(world.objects.items()) if path.startswith(begin)]
    return {"files": [{"path": path, "is_dir": False, "file_size": len(body)} for path, body in found]}


def _create(world: World, fields: Any) -> Any:
    upload = f"upload-{uuid.uuid4().hex}"
    world.uploads[upload] = {}
    return {"upload_id": upload, "part_size": PART_BYTES}


def _sign(world: World, fields: Any) -> Any:
    assert 1 <= len(fields["parts"]) <= 100
    return {
        "parts": [
            {
                "part_number": part["part_number"],
                "url": world.signed(
                    "PUT",
                    fields["path"],
                    size=part["size"],
                    sha256=part["sha256"],
                    upload=fields["upload_id"],
                    part=part["part_number"],
                ),
                "headers": {"x-sha256": part["sha256"]},
            }
            for part in fields["parts"]
        ]
    }


def _arrived(world: World, fields: Any) -> Any:
    """One part per page: whoever forgets to turn the page resumes too little."""
    if fields["upload_id"] not in world.uploads:
        raise _Refused(404, "RESOURCE_DOES_NOT_EXIST")
    parts = sorted(world.uploads[fields["upload_id"]].items())
    start = int(fields.get("page_token", 0))
    page = [
        {"part_number": n, "size": len(b), "etag": _etag(b), "sha256": hashlib.sha256(b).hexdigest()}
        for n, b in parts[start : start + 1]
    ]
    return {"parts": page, **({"next_page_token": str(start + 1)} if start + 1 < len(parts) else {})}


def _complete(world: World, fields: Any) -> Any:
    parts = world.uploads.pop(fields["upload_id"])
    named = [(part["part_number"], part["etag"]) for part in fields["parts"]]
    assert named == [(number, _etag(body)) for number, body in sorted(parts.items())]
    world.objects[fields["path"]] = b"".join(body for _, body in sorted(parts.items()))
    return {}


def _abort(world: World, fields: Any) -> Any:
    if world.uploads.pop(fields["upload_id"], None) is None:
        raise _Refused(404, "RESOURCE_DOES_NOT_EXIST")
    return {}


def _list(world: World, fields: Any) -> Any:
    """All files below a folder, as `recursive` asks for."""
    below = {name.removeprefix(f"{fields['path']}/"): content for name, content in sorted(world.objects.items())}
    files = [{"path": name, "is_dir": False, "file_size": len(body)} for name, body in below.items()]
    return {"files": [each for each in files if f"{fields['path']}/{each['path']}" in world.objects]}


_ENDPOINTS = {
    "GET /list": _list,
    "POST /uploads": _uploads,
    "POST /downloads": _downloads,
    "POST /multipart/create": _create,
    "POST /multipart/sign": _sign,
    "GET /multipart/parts": _arrived,
    "POST /multipart/complete": _complete,
    "POST /multipart/abort": _abort,
}
