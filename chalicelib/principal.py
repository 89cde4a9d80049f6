"""Who asks, and in which request. One that names nobody is everybody's: its principal is the empty text."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("cumulog_principal", default="")
_request_id: ContextVar[str] = ContextVar("cumulog_request_id", default="")


def current() -> str:
    """The principal of this request."""
    return _current.get()


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """Inside the block it is `name` who asks, threads that copy the context included."""
    token = _current.set(name)
    try:
        yield
    finally:
        _current.reset(token)


def request_id() -> str:
    """The gateway's id of this request; empty outside of one."""
    return _request_id.get()


@contextmanager
def in_request(request_id: str) -> Iterator[None]:
    """Inside the block the request has this id."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)
