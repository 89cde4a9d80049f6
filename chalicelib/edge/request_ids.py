"""The gateway's id of the current request, which audit chains record."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("cumulog_request_id", default="")


def current() -> str:
    """The id of the current request; empty outside of one."""
    return _current.get()


@contextmanager
def acting_in(request_id: str) -> Iterator[None]:
    """Inside the block the request has this id."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)
