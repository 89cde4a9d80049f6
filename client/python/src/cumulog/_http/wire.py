"""Types of requests and replies, for those who make requests and those who send them (`transport.py`, `_mlflow`)."""

import math
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


def double(value: float) -> float | str:
    """A number as the protocol's JSON has it: text for what is not finite."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


Send = Callable[[str, str, Mapping[str, str] | None, Json | None], Reply]
"""(method, path after the server's URL, query, JSON body) → the reply, with any status."""
