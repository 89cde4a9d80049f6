"""Many clients at once on one machine: `python -m tests.perf.crowd_bench` (`make bench-crowd`), some eight minutes.

    300 runs      each logs ten metrics once a second to our local stack: alone, and for three minutes with five clients
                  that ask for the page of 100 every five seconds. Asked: no error, and a log call's p95 at most twice
                  what it is without them.
    50 clients    each logs, reads its run and searches as fast as it is answered, for half a minute: at our local
                  stack, and at `mlflow server` with one worker and with four.

Clients and servers share the machine, so the numbers are those of this machine; read them beside each other. The exit
code is 1 if what is asked is not kept.
"""

import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests import servers

API = "/api/2.0/mlflow"
RUNS, WRITERS, POLLERS = 300, 12, 5
ALONE_SECONDS, BESIDE_SECONDS = 30, 180
CLIENTS, CLIENT_SECONDS = 50, 30
_MOST_SLOWER = 2.0


class Client:
    """One connection that stays open. http.client, because a client's own processor time is taken from the server's."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def send(self, method: str, end: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Raises RuntimeError for any answer but 200."""
        text = json.dumps(body) if body is not None else None
        self._connection.request(method, f"{API}/{end}", text, {"Content-Type": "application/json", "Accept": "*/*"})
        reply = self._connection.getresponse()
        answer = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{end}: {reply.status} {answer[:300]!r}")
        return dict(json.loads(answer))


@dataclass
class Times:
    """Milliseconds of calls by kind, and what went wrong."""

    ms: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def of(self, kind: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            with self.lock:
                self.errors.append(f"{kind}: {error}")
        else:
            with self.lock:
                self.ms.setdefault(kind, []).append((time.perf_counter() - start) * 1000)

    def p50(self, kind: str) -> float:
        return statistics.median(self.ms.get(kind, [0.0]))

    def p95(self, kind: str) -> float:
        ordered = sorted(self.ms.get(kind, [0.0]))
        return ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]


def metrics(step: int) -> list[dict[str, Any]]:
    now = int(time.time() * 1000)
    return [{"key": f"m{each}", "value": step + each / 10, "timestamp": now, "step": step} for each in range(10)]


def new_runs(client: Client, name: str, count: int) -> tuple[str, list[str]]:
    """An experiment with so many runs: its id and theirs."""
    experiment_id = client.send("POST", "experiments/create", {"name": name})["experiment_id"]
    created = [client.send("POST", "runs/create", {"experiment_id": experiment_id}) for _ in range(count)]
    return str(experiment_id), [each["run"]["info"]["run_id"] for each in created]


def logged(url: str, experiment_id: str, run_ids: Sequence[str], seconds: float, pollers: int) -> Times:
    """The times of log calls, one a second for each run, and of pages, one in five seconds for each poller."""
    times, end = Times(), time.monotonic() + seconds

    def write(own: Sequence[str]) -> None:
        client = Client(url)
        for step in _paced(1.0, end):
            for run_id in own:
                with times.of("log-batch"):
                    client.send("POST", "runs/log-batch", {"run_id": run_id, "metrics": metrics(step)})

    def poll(_: int) -> None:
        client = Client(url)
        for _step in _paced(5.0, end):
            with times.of("page"):
                client.send("POST", "runs/search", {"experiment_ids": [experiment_id], "max_results": 100})

    shares = [run_ids[at::WRITERS] for at in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS + pollers) as pool:
        done = [pool.submit(write, share) for share in shares] + [pool.submit(poll, each) for each in range(pollers)]
        for each in done:
            each.result()
    return times


def crowded(url: str, seconds: float) -> Times:
    """The times of clients that do not wait: eight log calls, then their run, then a page of ten."""
    times, end = Times(), time.monotonic() + seconds
    experiment_id, run_ids = new_runs(Client(url), "crowd", CLIENTS)

    def work(run_id: str) -> None:
        client, step = Client(url), 0
        while time.monotonic() < end:
            for _ in range(8):
                step += 1
                with times.of("log-batch"):
                    client.send("POST", "runs/log-batch", {"run_id": run_id, "metrics": metrics(step)})
            with times.of("get run"):
                client.send("GET", f"runs/get?run_id={run_id}")
            with times.of("search"):
                client.send("POST", "runs/search", {"experiment_ids": [experiment_id], "max_results": 10})

    with ThreadPoolExecutor(CLIENTS) as pool:
        for each in [pool.submit(work, run_id) for run_id in run_ids]:
            each.result()
    return times


def watched_sweep(url: str) -> bool:
    """Print the first table; whether what is asked is kept."""
    experiment_id, run_ids = new_runs(Client(url), "sweep", RUNS)
    alone = logged(url, experiment_id, run_ids, ALONE_SECONDS, 0)
    beside = logged(url, experiment_id, run_ids, BESIDE_SECONDS, POLLERS)
    print(f"{RUNS} runs, a call a second each        calls a second     p50     p95   errors")
    for name, times, seconds in (("alone", alone, ALONE_SECONDS), ("beside the pollers", beside, BESIDE_SECONDS)):
        print(_line(f"log-batch {name}", times, "log-batch", seconds))
    print(_line("page of 100", beside, "page", BESIDE_SECONDS))
    slower = beside.p95("log-batch") / max(alone.p95("log-batch"), 0.001)
    print(f"  a log call's p95 beside the pollers: {slower:.2f} × (at most {_MOST_SLOWER})", flush=True)
    _print_errors(alone, beside)
    return slower <= _MOST_SLOWER and not alone.errors and not beside.errors


def crowd_table(name: str, times: Times) -> None:
    print(f"{CLIENTS} clients at {name:<24} calls a second     p50     p95   errors")
    for kind in ("log-batch", "get run", "search"):
        print(_line(kind, times, kind, CLIENT_SECONDS), flush=True)
    _print_errors(times)


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with servers.ours()(folder / "sweep") as url:
            kept = watched_sweep(url)
        crowds: list[tuple[str, Callable[[], Any]]] = [
            ("the local stack", lambda: servers.ours()(folder / "ours")),
            ("MLflow, one worker", lambda: servers.mlflow(folder / "one")),
            ("MLflow, four workers", lambda: servers.mlflow(folder / "four", workers=4)),
        ]
        for name, server in crowds:
            with server() as url:
                crowd_table(name, crowded(url, CLIENT_SECONDS))
    return 0 if kept else 1


def _paced(seconds: float, end: float) -> Iterator[int]:
    """Numbers from 1 on, one each time that so many seconds have passed; without a pause for who is late."""
    start, step = time.monotonic(), 0
    while time.monotonic() < end:
        step += 1
        yield step
        time.sleep(max(0.0, start + step * seconds - time.monotonic()))


def _line(name: str, times: Times, kind: str, seconds: float) -> str:
    rate = len(times.ms.get(kind, ())) / seconds
    return f"  {name:<38}{rate:9.1f} {times.p50(kind):7.1f} {times.p95(kind):7.1f} {len(times.errors):8d}"


def _print_errors(*several: Times) -> None:
    for error in [error for times in several for error in times.errors][:5]:
        print(f"  {error}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
