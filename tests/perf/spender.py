"""Somebody who calls the whole application in this process, and what it consumed: DynamoDB's units, and calls to S3."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app import app
from chalicelib import clock
from chalicelib.storage import bucket
from chalicelib.storage.capacity import metered
from infra.cost.measured import Units
from infra.local import gateway

# S3's classes of requests; deletions and aborted uploads are free.
GETS = frozenset({"GetObject", "HeadObject"})
FREE = frozenset({"DeleteObject", "DeleteObjects", "AbortMultipartUpload"})

Json = dict[str, Any]


class Spender:
    """A client with a clock of its own, which goes on only when it is told to. Units add up in `spent`."""

    def __init__(self, token: str | None = None) -> None:
        self.now_ms = time.time_ns() // 1_000_000
        self.spent = Units()
        self._token = token
        bucket.client().meta.events.register("before-call.s3", self._count)

    @property
    def has_token(self) -> bool:
        """Whether what access control reads is in what was spent."""
        return self._token is not None

    def wait(self, passed_ms: int) -> None:
        self.now_ms += passed_ms

    def call(self, method: str, path: str, /, **fields: Any) -> Json:
        """Call an endpoint of MLflow's, or any by its whole path. Raises RuntimeError unless it answers 200."""
        whole = path if path.startswith("/api") else f"/api/2.0/mlflow{path}"
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        query, body = (fields, None) if method == "GET" else (None, json.dumps(fields).encode())
        if body is not None:
            headers["Content-Type"] = "application/json"
        with clock.frozen(self.now_ms):
            status, answered, content = gateway.call(app, method, whole, query, headers, body)
        if status != 200:
            raise RuntimeError(f"{method} {whole}: {status} {content[:500]!r}")
        self._add(_told(answered["X-Cumulog-Capacity"]))
        return dict(json.loads(content))

    def sweep(self, rounds: Callable[[], object]) -> None:
        """Do what the sweeper does, at this moment."""
        with clock.frozen(self.now_ms), metered() as meter:
            rounds()
        self._add(Units(meter.read, meter.write, meter.trips))

    @contextmanager
    def counting(self) -> Iterator[list[Units]]:
        """What is spent inside the block: the one element of the list, once the block has ended."""
        before, found = self.spent, []
        yield found
        found.append(self.spent.plus(before, -1))

    def cost_of(self, method: str, path: str, /, **fields: Any) -> Units:
        """What one call consumes."""
        with self.counting() as found:
            self.call(method, path, **fields)
        return found[0]

    def _add(self, units: Units) -> None:
        self.spent = self.spent.plus(units)

    def _count(self, model: Any, **_: Any) -> None:
        if model.name not in FREE:
            self._add(Units(gets=1) if model.name in GETS else Units(puts=1))


def _told(header: str) -> Units:
    # read=1.0; write=1.0; trips=2
    read, write, trips = (float(part.partition("=")[2]) for part in header.split(";"))
    return Units(read, write, trips)
