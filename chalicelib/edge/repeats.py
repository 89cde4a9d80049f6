"""Idempotency-Key: a request that creates something and is sent again with the same key has one effect, for 24 hours.

    once = repeats.of("experiment", request)       None without a key
    once.created()                                 what the key has created before, None if nothing
    transaction.put(*once.note(experiment_id))     in the transaction that creates

A client whose reply was lost sends the very same request again. A key is its principal's alone. Whoever sends it with
another request is told so. Nothing is kept of requests that failed: they are decided anew.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from chalicelib import clock
from chalicelib.access import identity
from chalicelib.edge.wire import Request
from chalicelib.errors import InvalidParameterValue
from chalicelib.storage import keys, tables
from chalicelib.storage.access_items import RequestKey
from chalicelib.storage.tables import Condition

HEADER = "idempotency-key"

_KEPT_MS = 24 * 3_600_000
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

_sent: ContextVar[str] = ContextVar("cumulog_idempotency_key", default="")


class Once(NamedTuple):
    """A request with a key: where what it created is noted, and the request's digest."""

    pk: str
    request: str

    def created(self) -> str | None:
        """What this request has created before. Raises InvalidParameterValue if it was another one with this key."""
        noted = tables.get(RequestKey, self.pk, keys.REQUEST_KEY)
        if noted is None or noted.at < _oldest_ms():
            return None
        if noted.request != self.request:
            raise misused()
        return str(noted.created)

    def note(self, created: str) -> tuple[RequestKey, Condition]:
        """The item that notes what the request creates, and the condition to put it on: the key is not in use."""
        item = RequestKey(self.pk, keys.REQUEST_KEY, request=self.request, created=created, at=clock.now_ms())
        return item, RequestKey.pk.does_not_exist() | (RequestKey.at < _oldest_ms())


@contextmanager
def with_key(text: str) -> Iterator[None]:
    """Inside the block the request has this key, or none if it is empty."""
    token = _sent.set(text)
    try:
        yield
    finally:
        _sent.reset(token)


def of(kind: str, request: Request) -> Once | None:
    """The current request that creates a thing of a kind, if it has a key. Raises InvalidParameterValue."""
    key = _current()
    return Once(keys.request_key(identity.current().name, key), digest(kind, request)) if key else None


def run_id() -> str | None:
    """The id of the run that the current request creates, if it has a key. Raises InvalidParameterValue."""
    key = _current()
    text = f"run {keys.request_key(identity.current().name, key)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32] if key else None


def digest(kind: str, request: Request) -> str:
    """32 hexadecimal digits that tell this request from any other."""
    return hashlib.sha256(f"{kind} {request.model_dump_json()}".encode()).hexdigest()[:32]


def misused() -> InvalidParameterValue:
    """The error for a key that came with another request before."""
    return InvalidParameterValue(
        "This Idempotency-Key was sent with another request before. Send each new request with a new key, and only the "
        "repetition of a request with the same one."
    )


def _current() -> str:
    key = _sent.get()
    if key and not _KEY.fullmatch(key):
        raise InvalidParameterValue(
            "An Idempotency-Key has 1 to 255 characters, all of them visible ASCII characters: no blanks."
        )
    return key


def _oldest_ms() -> int:
    return clock.now_ms() - _KEPT_MS
