"""Compresses replies with gzip for clients that accept it.

The function does it rather than the gateway: so a Lambda's 6 MB hold three times as much, and the local stack answers
the same. Level 1, because level 4 takes twice the time to save another twelfth.
"""

import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chalice.app import Response

# What is shorter fits into one packet anyway.
LEAST_CHARACTERS = 1_000
_LEVEL = 1
_GZIP_WINDOW = 31

_accepted: ContextVar[str] = ContextVar("cumulog_accepted_encodings", default="")


class CompressedResponse(Response):
    """A reply in bytes, which travel as base64 to the gateway."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:  # noqa: ARG002
        reply = dict(super().to_dict())
        return {**reply, "body": b64encode(self.body).decode("ascii"), "isBase64Encoded": True}


@contextmanager
def answering(accepted: str) -> Iterator[None]:
    """Answer a client that sent this `Accept-Encoding`."""
    token = _accepted.set(accepted)
    try:
        yield
    finally:
        _accepted.reset(token)


def is_accepted() -> bool:
    """Whether the client of this request accepts gzip."""
    offers = map(_offer, _accepted.get().lower().split(","))
    return any(name == "gzip" and weight > 0 for name, weight in offers)


def compressed(response: Response) -> Response:
    """The reply as its client takes it: compressed, if it is a long text and the client accepts that."""
    # Our replies in bytes are deflated already.
    if not isinstance(response.body, str) or len(response.body) < LEAST_CHARACTERS:
        return response
    varies = response.headers.get("Vary")
    response.headers["Vary"] = f"{varies}, Accept-Encoding" if varies else "Accept-Encoding"
    if not is_accepted():
        return response
    body = gzipped(response.body.encode())
    headers = {**response.headers, "Content-Encoding": "gzip"}
    return CompressedResponse(body, headers=headers, status_code=response.status_code)


def gzipped(body: bytes) -> bytes:
    """The bytes in gzip's format, the same for the same bytes."""
    stream = stream_of_gzip()
    return stream.compress(body) + stream.flush()


def stream_of_gzip() -> "zlib._Compress":
    """What compresses bytes piece by piece."""
    return zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)


def _offer(text: str) -> tuple[str, float]:
    name, _, weight = text.partition(";")
    try:
        return name.strip(), float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return name.strip(), 0.0
