"""Types of requests and replies, for those who make requests and those who send them (`sender.py`, `_mlflow`)."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Json = dict[str, Any]


class Reply(NamedTuple):
    status: int
    body: bytes


Send = Callable[[str, str, Mapping[str, str] | None, Json | None], Reply]
"""(method, path after the server's URL, query, JSON body) → the reply, with any status."""
