"""Who asks. A request that names nobody is everybody's: its principal is the empty text."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("cumulog_principal", default="")


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
