"""How fast searches among running runs are beside `mlflow server`: `python -m tests.perf.open_bench 300 1000`.

All runs have ten metrics and ten params, and each is written once in ten seconds: before each call that is measured,
both servers get what one second brings, within a second if they can. The last round is among runs that have just ended.

Columns: the median of both in milliseconds and the ratio of the medians; the processor time of a call, server and
engine together, and its ratio; and what a call of ours costs (medians): read units and trips. The exit code is 1 if a
ratio of the medians is above its limit.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests import servers
from tests.perf.bench import Server, cost_of

_TURNS = 15
_WARM_UP = 3
_APART_MS = 1_000


@dataclass(frozen=True)
class Question:
    name: str
    limit: float
    body: dict[str, Any]


QUESTIONS = [
    Question("page of 100", 0.5, {"max_results": 100}),
    Question("metric < 1 %", 0.5, {"filter": "metrics.m0 < 0.01", "max_results": 100}),
    Question("order by metric", 0.2, {"order_by": ["metrics.m0 DESC"], "max_results": 100}),
    Question(
        "3 predicates",
        0.5,
        {"filter": "metrics.m0 < 0.5 and params.p0 = '3' and tags.kind = 'a'", "max_results": 100},
    ),
    Question("tag, 1,000", 0.5, {"filter": "tags.kind = 'a'", "max_results": 1_000}),
]


@dataclass
class Side:
    """A server, its processes, and its runs in an experiment of this size."""

    server: Server
    pids: frozenset[int]
    experiment_id: str = ""
    run_ids: list[str] = field(default_factory=list)
    written: int = 0

    def cpu_ms(self) -> float:
        """Processor time of the processes so far."""
        return 1_000 * sum(map(_cpu_ticks, self.pids)) / os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    costs: list[tuple[float, ...]] = field(default_factory=list)


def populate(side: Side, count: int) -> None:
    side.experiment_id = side.server.post("experiments/create", {"name": f"{count} open"}).json()["experiment_id"]
    side.run_ids = [_new_run(side, number) for number in range(count)]


def write(side: Side) -> None:
    """What one second brings: a log call of every tenth run, in turn."""
    for _ in range(len(side.run_ids) // 10):
        run_id = side.run_ids[side.written % len(side.run_ids)]
        side.server.post("runs/log-batch", {"run_id": run_id, "metrics": _metrics(side.written)})
        side.written += 1


def end(side: Side) -> None:
    for run_id in side.run_ids:
        side.server.post("runs/update", {"run_id": run_id, "status": "FINISHED", "end_time": int(time.time() * 1_000)})


def measure(question: Question, sides: Sequence[Side], is_written: bool) -> list[Measured]:
    """The question to both in turn, after some turns that do not count."""
    found = [Measured() for _ in sides]
    for turn in range(-_WARM_UP, _TURNS):
        next_second = time.monotonic() + 1
        if is_written:
            for side in sides:
                write(side)
            time.sleep(max(0.0, next_second - time.monotonic()))
        for side, measured in zip(sides, found, strict=True):
            _ask(question, side, measured if turn >= 0 else Measured())
    return found


def table(name: str, results: Sequence[tuple[Question, list[Measured]]]) -> Iterator[str]:
    yield f"{name:<24} MLflow    ours   ratio    CPU    CPU   ratio   limit   read  trips"
    for question, (theirs, ours) in results:
        p50, cpu = _ratio(theirs.ms, ours.ms), _ratio(theirs.cpu_ms, ours.cpu_ms)
        costs = [statistics.median(column) for column in zip(*ours.costs, strict=True)] or [0, 0, 0]
        cells = f"{p50[0]:7.1f} {p50[1]:7.1f} {p50[2]:7.2f} {cpu[0]:6.1f} {cpu[1]:6.1f} {cpu[2]:7.2f}"
        mark = "" if _kept(question, theirs, ours) else "   too slow"
        yield f"  {question.name:<22}{cells} {question.limit:7.2f} {costs[0]:6.0f} {costs[2]:6.0f}{mark}"


def main(counts: Sequence[int]) -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        servers.mlflow(Path(folder) / "mlflow") as their_url,
    ):
        their_pids = _children()
        with servers.ours()(Path(folder) / "ours") as our_url:
            our_pids = _children() - their_pids
            kept = True
            for count in counts:
                sides = [Side(Server(their_url), their_pids), Side(Server(our_url), our_pids)]
                for side in sides:
                    populate(side, count)
                kept = _report(f"{count} open runs", sides, True) and kept
                if count == min(counts):
                    for side in sides:
                        end(side)
                    kept = _report(f"{count} ended just now", sides, False) and kept
    return 0 if kept else 1


def _report(name: str, sides: Sequence[Side], is_written: bool) -> bool:
    results = [(question, measure(question, sides, is_written)) for question in QUESTIONS]
    print("\n".join(table(name, results)), flush=True)
    return all(_kept(question, *measured) for question, measured in results)


def _kept(question: Question, theirs: Measured, ours: Measured) -> bool:
    return _ratio(theirs.ms, ours.ms)[2] <= question.limit


def _ratio(theirs: Sequence[float], ours: Sequence[float]) -> tuple[float, float, float]:
    one, other = statistics.median(theirs), statistics.median(ours)
    # The kernel counts processor time in steps of 10 ms: of several calls together it is the mean that counts.
    mean = statistics.mean(ours) / max(statistics.mean(theirs), 0.001)
    return (one, other, other / one) if one else (statistics.mean(theirs), statistics.mean(ours), mean)


def _ask(question: Question, side: Side, measured: Measured) -> None:
    body = {"experiment_ids": [side.experiment_id], **question.body}
    cpu, start = side.cpu_ms(), time.perf_counter()
    response = side.server.post("runs/search", body)
    measured.ms.append((time.perf_counter() - start) * 1_000)
    measured.cpu_ms.append(side.cpu_ms() - cpu)
    measured.costs.extend(cost_of(response))


def _new_run(side: Side, number: int) -> str:
    created: requests.Response = side.server.post(
        "runs/create",
        {
            "experiment_id": side.experiment_id,
            "run_name": f"run {number}",
            "start_time": 1_700_000_000_000 + number * _APART_MS,
            "tags": [{"key": "kind", "value": "ab"[number % 2]}],
        },
    )
    run_id = str(created.json()["run"]["info"]["run_id"])
    params = [{"key": f"p{each}", "value": str((number + each) % 10)} for each in range(10)]
    side.server.post("runs/log-batch", {"run_id": run_id, "params": params, "metrics": _metrics(number)})
    return run_id


def _metrics(number: int) -> list[dict[str, Any]]:
    """A value of each of ten metrics; one in a hundred is below 1 %."""
    now = int(time.time() * 1_000)
    return [
        {"key": f"m{each}", "value": (number * 7 + each) % 101 / 101, "timestamp": now, "step": number}
        for each in range(10)
    ]


def _cpu_ticks(pid: int) -> int:
    return sum(map(int, _stat(pid)[11:13]))


def _children() -> frozenset[int]:
    """All processes that this one has started, and those that these have."""
    parents = {int(each.name): int(_stat(int(each.name))[1]) for each in Path("/proc").iterdir() if each.name.isdigit()}
    found, added = frozenset[int](), frozenset({os.getpid()})
    while added:
        added = frozenset(pid for pid, parent in parents.items() if parent in added)
        found |= added
    return found


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on; its name, which may hold anything, comes before."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["", "0", *["0"] * 11]


if __name__ == "__main__":
    sys.exit(main([int(each) for each in sys.argv[1:]] or [300, 1_000]))
