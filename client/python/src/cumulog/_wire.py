"""Types of requests and replies, for `_api.py` and for the modules that send requests (`_sender.py`, `_mlflow.py`)."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Json = dict[str, Any]


class Reply(NamedTuple):
    status: int
    body: bytes


Send = Callable[[str, str, Mapping[str, str] | None, Json | None], Reply]
"""(method, path after the server's URL, query, JSON body) → the reply, with any status."""
