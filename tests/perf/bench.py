"""How fast ours answers beside `mlflow server` on SQLite: `python -m tests.perf.bench` (`make bench`).

Both servers run on this machine with one client, over connections that stay open. Each operation is sent to MLflow and
to ours in turn, so that whatever else the machine does meets both alike. Absolute times say more about the machine than
about the programs: read the ratio (ours / MLflow; below 1 ours is faster). Nothing is measured before three calls of
warming up, and nothing fails because a single call was slow: medians decide.

Columns: the median (p50) and the 95th percentile (p95) of both in milliseconds; the ratio of the medians and the limit
it must keep; and what one call of ours costs by DynamoDB's reckoning, as the store reports it in X-Cumulog-Capacity:
read units, write units, round trips (medians; `-` where the store does not count).

    create run        a run with a name and three tags
    log-metric        one point to a run that grows by each call
    log-batch 1000    1000 points over 10 keys, to a run that grows by each call
    get run           a run with 20 params, 10 tags and 15 metrics
    history 1000      the 1000 points of one metric
    search 100        the first page of 100 in an experiment of 300 runs with 5 params and 5 metrics each

The exit code is 1 when a ratio is above its limit: a half for what a training loop calls, one for reading a run. The
search has no limit yet. It all takes about a minute.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import requests

from tests import servers

API = "/api/2.0/mlflow"
WARM_UP = 3
RUNS = 300


@dataclass
class Server:
    """One of the two, with the ids of what was prepared on it and a counter so that no two points are alike."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)
    ids: dict[str, str] = field(default_factory=dict)
    step: int = 0

    def post(self, end: str, body: dict[str, Any]) -> requests.Response:
        return _checked(self.session.post(f"{self.url}{API}/{end}", json=body, timeout=60))

    def get(self, end: str, query: dict[str, str]) -> requests.Response:
        return _checked(self.session.get(f"{self.url}{API}/{end}", params=query, timeout=60))

    def steps(self, number: int) -> range:
        """So many steps that were not used before."""
        self.step += number
        return range(self.step - number, self.step)


@dataclass(frozen=True)
class Operation:
    name: str
    call: Callable[[Server], requests.Response]
    times: int
    limit: float | None


@dataclass(frozen=True)
class Result:
    """Milliseconds of each call, and the (read, write, trips) of each call of ours that was counted."""

    operation: Operation
    theirs: list[float]
    ours: list[float]
    costs: list[tuple[float, ...]]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ours) / statistics.median(self.theirs)

    @property
    def kept(self) -> bool:
        return self.operation.limit is None or self.ratio <= self.operation.limit


def create_run(server: Server) -> requests.Response:
    tags = [{"key": f"tag{n}", "value": "a value"} for n in range(3)]
    name, start = f"run {server.step}", server.steps(1).start
    experiment = server.ids["new runs"]
    return server.post(
        "runs/create", {"experiment_id": experiment, "run_name": name, "start_time": start, "tags": tags}
    )


def log_metric(server: Server) -> requests.Response:
    step = server.steps(1).start
    point = {"key": "loss", "value": 1 / (step + 1), "timestamp": 1_700_000_000_000 + step, "step": step}
    return server.post("runs/log-metric", {"run_id": server.ids["single points"], **point})


def log_batch(server: Server) -> requests.Response:
    return server.post(
        "runs/log-batch", {"run_id": server.ids["batches"], "metrics": points(server.steps(1_000), keys=10)}
    )


def get_run(server: Server) -> requests.Response:
    return server.get("runs/get", {"run_id": server.ids["rich"]})


def get_history(server: Server) -> requests.Response:
    return server.get("metrics/get-history", {"run_id": server.ids["history"], "metric_key": "metric0"})


def search(server: Server) -> requests.Response:
    return server.post("runs/search", {"experiment_ids": [server.ids["many"]], "max_results": 100})


OPERATIONS = [
    Operation("create run", create_run, times=80, limit=0.5),
    Operation("log-metric", log_metric, times=120, limit=0.5),
    Operation("log-batch 1000", log_batch, times=15, limit=0.5),
    Operation("get run", get_run, times=80, limit=1.0),
    Operation("history 1000", get_history, times=40, limit=0.5),
    Operation("search 100", search, times=20, limit=None),
]


def points(steps: range, keys: int) -> list[dict[str, Any]]:
    """One metric point per step, the keys in turn, with values as ragged as a loss is: nothing to compress."""
    ragged = Random(steps.start)
    return [
        {"key": f"metric{step % keys}", "value": ragged.random(), "timestamp": 1_700_000_000_000 + step, "step": step}
        for step in steps
    ]


def prepare(server: Server) -> None:
    """Make the experiments and runs that the operations need."""
    for name in ("new runs", "many"):
        server.ids[name] = server.post("experiments/create", {"name": name}).json()["experiment_id"]
    for name in ("single points", "batches", "rich", "history"):
        server.ids[name] = new_run(server, server.ids["new runs"], name)
    fill(server, server.ids["rich"], params=20, tags=10, metrics=15)
    server.post("runs/log-batch", {"run_id": server.ids["history"], "metrics": points(range(1_000), keys=1)})
    for number in range(RUNS):
        fill(server, new_run(server, server.ids["many"], f"run {number}"), params=5, tags=2, metrics=5)


def new_run(server: Server, experiment_id: str, name: str) -> str:
    body = {"experiment_id": experiment_id, "run_name": name, "start_time": server.steps(1).start}
    return str(server.post("runs/create", body).json()["run"]["info"]["run_id"])


def fill(server: Server, run_id: str, params: int, tags: int, metrics: int) -> None:
    batch = {
        "params": [{"key": f"param{n}", "value": f"value {n}"} for n in range(params)],
        "tags": [{"key": f"tag{n}", "value": f"value {n}"} for n in range(tags)],
        "metrics": points(range(metrics), keys=metrics),
    }
    server.post("runs/log-batch", {"run_id": run_id, **batch})


def measure(operation: Operation, theirs: Server, ours: Server) -> Result:
    """The operation on both in turn, after some turns that do not count."""
    result = Result(operation, [], [], [])
    for turn in range(-WARM_UP, operation.times):
        answered = [_timed(operation, server) for server in (theirs, ours)]
        if turn >= 0:
            result.theirs.append(answered[0][0])
            result.ours.append(answered[1][0])
            result.costs.extend(cost_of(answered[1][1]))
    return result


def table(results: list[Result]) -> Iterator[str]:
    """The lines of the report."""
    yield "                     MLflow, ms       ours, ms"
    yield "                    p50     p95     p50     p95   ratio   limit    read   write   trips"
    for result in results:
        cells = [*_percentiles(result.theirs), *_percentiles(result.ours), result.ratio, result.operation.limit]
        costs = [statistics.median(column) for column in zip(*result.costs, strict=True)] or [None] * 3
        mark = "" if result.kept else "   too slow"
        yield f"{result.operation.name:<15}" + "".join(_cell(value) for value in [*cells, *costs]) + mark


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        servers.mlflow(Path(folder) / "mlflow") as their_url,
        servers.ours()(Path(folder) / "ours") as our_url,
    ):
        theirs, ours = Server(their_url), Server(our_url)
        prepare(theirs)
        prepare(ours)
        results = [measure(operation, theirs, ours) for operation in OPERATIONS]
    print("\n".join(table(results)))
    return 0 if all(result.kept for result in results) else 1


def _timed(operation: Operation, server: Server) -> tuple[float, requests.Response]:
    start = time.perf_counter()
    response = operation.call(server)
    return (time.perf_counter() - start) * 1_000, response


def cost_of(response: requests.Response) -> list[tuple[float, ...]]:
    """The (read, write, trips) of a call of ours, if it was counted."""
    # X-Cumulog-Capacity: read=1.0; write=1.0; trips=2
    header = response.headers.get("X-Cumulog-Capacity")
    return [tuple(float(part.split("=")[1]) for part in header.split(";"))] if header else []


def _percentiles(milliseconds: list[float]) -> tuple[float, float]:
    return statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]


def _cell(value: float | None) -> str:
    return f"{'-':>8}" if value is None else f"{value:8.2f}"


def _checked(response: requests.Response) -> requests.Response:
    if response.status_code != 200:
        raise RuntimeError(f"{response.request.url}: {response.status_code} {response.text[:500]}")
    return response


if __name__ == "__main__":
    sys.exit(main())
