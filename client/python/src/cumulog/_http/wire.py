"""Types of requests and replies, for those who make requests and those who send them (`transport.py`, `_mlflow`)."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Json = dict[str, Any]
# Statuses of replies after which the same request may yet succeed.
TRANSIENT = (408, 429, 500, 502, 503, 504)


class Reply(NamedTuple):
    """`retry_after` is in seconds; 0 if the server names no time."""

    status: int
    body: bytes
    retry_after: float = 0.0


Send = Callable[[str, str, Mapping[str, str] | None, Json | None], Reply]
"""(method, path after the server's URL, query, JSON body) → the reply, with any status."""
