"""What a client does with a presigned URL: the request exactly as told, or with something changed."""

import base64
import hashlib
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlsplit


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def checksum(body: bytes) -> str:
    """As S3 writes it."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def ask(method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
    """The URL as it stands, not quoted once more; the length is the body's own whatever the headers say."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    sent = {name: value for name, value in (headers or {}).items() if name.lower() != "content-length"}
    if method in ("PUT", "POST"):
        sent["Content-Length"] = str(len(body))
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body or None, sent)
        response = connection.getresponse()
        return Answer(response.status, response.read(), dict(response.getheaders()))
    finally:
        connection.close()


def put(target: dict[str, object], body: bytes) -> Answer:
    """PUT the body to what the server signed: its `url` with its `headers`."""
    headers = target["headers"]
    assert isinstance(headers, dict)
    return ask("PUT", str(target["url"]), body, headers)
