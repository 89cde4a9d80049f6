"""What a request consumed: read and write units as DynamoDB reports them, and round trips, summed over its calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock
from typing import Any


@dataclass
class Meter:
    """Units of one request. `trips` counts calls to DynamoDB, without the SDK's own retries; `plan` says what a search
    used them for."""

    read: float = 0.0
    write: float = 0.0
    trips: int = 0
    plan: str = ""


_current: ContextVar[Meter | None] = ContextVar("cumulog_capacity", default=None)

# Threads of one request add to one meter.
_adding = Lock()

_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})


@contextmanager
def metered() -> Iterator[Meter]:
    """Count what DynamoDB reports for all calls made inside the block, threads that copy the context included."""
    meter = Meter()
    token = _current.set(meter)
    try:
        yield meter
    finally:
        _current.reset(token)


def tell(plan: str) -> None:
    """Note what the request read, for measurements."""
    meter = _current.get()
    if meter is not None:
        meter.plan = plan


def observe(events: Any) -> None:
    """Attach to a botocore client's events: ask for the consumed capacity of every call, and collect it."""
    events.register("before-parameter-build.dynamodb", _ask)
    events.register("after-call.dynamodb", _collect)


def _ask(params: dict[str, Any], model: Any, **_: Any) -> None:
    if "ReturnConsumedCapacity" in model.input_shape.members:
        params["ReturnConsumedCapacity"] = "TOTAL"


def _collect(parsed: dict[str, Any], model: Any, **_: Any) -> None:
    meter = _current.get()
    if meter is None:
        return
    with _adding:
        meter.trips += 1
        _add(meter, model.name in _WRITES, parsed)


def _add(meter: Meter, writes: bool, parsed: dict[str, Any]) -> None:
    reported = parsed.get("ConsumedCapacity") or []
    for capacity in reported if isinstance(reported, list) else [reported]:
        units = float(capacity.get("CapacityUnits", 0.0))
        if writes:
            meter.write += units
        else:
            meter.read += units
