"""What curves cost: `python -m tests.perf.curves` (a part of `make bench`).

One run gets 1,000,000 points of a metric, 1,000 in a call, and is folded as the sweeper folds it; then nineteen more
runs get the same items. The application runs in this process on dynoxide, which counts as DynamoDB does.

    fold          write units of folding and compacting the 1,000,000 points, and what of it are pyramids
    overview      the curve of all 20 runs as 512 and as 1,024 buckets
    zoom          a hundredth of it, of all 20 runs
    live          50 running runs, asked again with a cursor: bytes of a reply without news, and per new point

Units and bytes are the same on any machine. `cpu_ms` is this process's time, without the engine's.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from app import app
from chalicelib import clock
from chalicelib.edge.http import COLUMNS
from chalicelib.storage import keys, tables
from chalicelib.storage.capacity import metered
from chalicelib.storage.items import LogCall, PyramidItem, RunInfo, SeriesPart, Snap
from chalicelib.tracking.metrics import compaction, folding
from chalicelib.tracking.series.packing import pack
from chalicelib.tracking.series.points import Point
from infra.local import gateway
from tests.perf import spending
from tests.perf.spender import Spender

RUNS = 20
POINTS = 1_000_000
PER_CALL = 1_000
# The sweeper folds when so many calls wait.
CALLS_PER_FOLD = 200
LIVE_RUNS = 50
TURNS = 15
SERIES = "/api/2.0/cumulog/metrics/series"
JSON = "application/json"
# Of a point: its step, and a chance between 0 and 1.
Value = Callable[[int, float], float]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, spending.stores(Path(folder)):
        token = spending.new_token()
        spender, client = Spender(token), Client(token)
        experiment_id = spender.call("POST", "/experiments/create", name="curves")["experiment_id"]
        runs = [_new_run(spender, experiment_id) for _ in range(RUNS)]
        _report("fold", fold(runs[0], _ragged))
        give_same(runs[0], runs[1:])
        for points in (512, 1024):
            _report(f"overview {points}", _asked(client, runs=runs, keys=["loss"], points=points))
        zoom = {"from": POINTS // 2, "to": POINTS // 2 + POINTS // 100}
        _report("zoom", _asked(client, runs=runs, keys=["loss"], points=1024, **zoom))
        _report("live", _live(spender, client, experiment_id))
    return 0


@dataclass
class Client:
    """Asks for curves through the gateway; the figures are of the last reply."""

    token: str
    capacity: dict[str, float] = field(default_factory=dict)
    ms: float = 0.0
    cpu_ms: float = 0.0

    def ask(self, accept: str, **question: Any) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Accept": accept}
        body = json.dumps(question).encode()
        begun, cpu = time.perf_counter(), time.process_time()
        status, told, content = gateway.call(app, "POST", SERIES, None, headers, body)
        self.ms, self.cpu_ms = 1_000 * (time.perf_counter() - begun), 1_000 * (time.process_time() - cpu)
        if status != 200:
            raise RuntimeError(f"{status} {content[:500]!r}")
        parts = (part.split("=") for part in told["X-Cumulog-Capacity"].split("; "))
        self.capacity = {name: float(units) for name, units in parts}
        return content


def _new_run(spender: Spender, experiment_id: str) -> str:
    return str(spender.call("POST", "/runs/create", experiment_id=experiment_id, start_time=1)["run"]["info"]["run_id"])


def fold(run_id: str, value: Value) -> dict[str, float]:
    """Log 1,000,000 points and fold them: units of all folds and the compaction, and seconds."""
    pk, start, begun = keys.run(run_id), clock.now_ms(), time.perf_counter()
    with metered() as meter:
        for at in range(0, POINTS, PER_CALL * CALLS_PER_FOLD):
            before = meter.write
            tables.put_all(_calls(pk, start, at, value))
            # Logging is not folding.
            meter.write = before
            folding.fold(run_id, start + at + PER_CALL * CALLS_PER_FOLD)
        folded = meter.write
        compaction.compact(run_id)
    parts = list(tables.query(SeriesPart, pk, SeriesPart.sk.startswith(keys.SERIES)))
    pyramids = list(tables.query(PyramidItem, pk, PyramidItem.sk.startswith(keys.PYRAMID)))
    return {
        "fold": folded,
        "compaction": meter.write - folded,
        "parts": len(parts),
        "part_units": sum(_units(part.points) for part in parts),
        "pyramid_units": sum(_units(item.packed) for item in pyramids),
        "seconds": time.perf_counter() - begun,
    }


def _calls(pk: str, start: int, first: int, value: Value) -> Iterator[LogCall]:
    for at in range(first, first + PER_CALL * CALLS_PER_FOLD, PER_CALL):
        ragged = Random(at)
        points = [Point("loss", value(step, ragged.random()), start + step, step) for step in range(at, at + PER_CALL)]
        yield LogCall(pk, keys.log(start + at, clock.unique_id()), points=pack(points))


def _ragged(_: int, chance: float) -> float:
    return chance


def _units(packed: bytes) -> int:
    return -(-(len(packed) + 80) // 1024)


def give_same(run_id: str, others: list[str]) -> None:
    """Give other runs the folded items of one."""
    pk = keys.run(run_id)
    snap, info = tables.get(Snap, pk, keys.SNAP), tables.get(RunInfo, pk, keys.INFO)
    assert snap
    assert info
    kept = [
        *tables.query(SeriesPart, pk, SeriesPart.sk.startswith(keys.SERIES)),
        *tables.query(PyramidItem, pk, PyramidItem.sk.startswith(keys.PYRAMID)),
        snap,
    ]
    for other in others:
        for item in kept:
            item.pk = keys.run(other)
        tables.put_all(kept)


def _asked(client: Client, **question: Any) -> dict[str, float]:
    """Of one question: the medians of its time, what it consumed, bytes in both forms, and how much it shows."""
    took = []
    for _ in range(TURNS):
        packed = client.ask(COLUMNS, **question)
        took.append((client.ms, client.cpu_ms))
    ms, cpu_ms = (statistics.median(column) for column in zip(*took, strict=True))
    text = client.ask(JSON, **question)
    shown = sum(each["size"] for each in json.loads(text)["series"])
    size = {"bytes": len(packed), "json": len(text), "shown": shown}
    return {"ms": ms, "cpu_ms": cpu_ms, **client.capacity, **size}


def _live(spender: Spender, client: Client, experiment_id: str) -> dict[str, float]:
    runs = [_new_run(spender, experiment_id) for _ in range(LIVE_RUNS)]
    question: dict[str, Any] = {"runs": runs, "keys": ["loss"]}
    since = None
    sizes = []
    for tick, count in enumerate((1, 0, 10, 100)):
        for run in runs:
            _log(spender, run, range(1_000 * tick, 1_000 * tick + count))
        text = client.ask(JSON, **question, since=since)
        sizes.append(len(text))
        since = json.loads(text)["since"]
    _, idle, ten, hundred = sizes
    per_point = {"of_10": (ten - idle) / 10 / LIVE_RUNS, "of_100": (hundred - idle) / 100 / LIVE_RUNS}
    return {"ms": client.ms, "cpu_ms": client.cpu_ms, **client.capacity, "idle_bytes": idle, **per_point}


def _log(spender: Spender, run_id: str, steps: range) -> None:
    points = [{"key": "loss", "value": 1 / (1 + step), "timestamp": step, "step": step} for step in steps]
    if points:
        spender.call("POST", "/runs/log-batch", run_id=run_id, metrics=points)


def _report(name: str, figures: dict[str, float]) -> None:
    told = (f"{key} {value:,.1f}".removesuffix(".0") for key, value in figures.items())
    print(f"{name:<15}" + "  ".join(told), flush=True)


if __name__ == "__main__":
    sys.exit(main())
