"""What logging costs a training loop, beside MLflow's client and trackio: `make bench-client`, some fifteen minutes.

    python -m tests.perf.client_bench [points [lines [calls [jobs]]]]

    one table     import, first line, a line and ten of them, with the server up, slow (a second a reply) and down; how
                  many lines of 5,000 a kill leaves
    a million     points from one process, delivered to a local stack and counted there, beside `mlflow server`
    endurance     a day of lines for a dead server, and 200 jobs that end at once while the server answers 429

Each figure comes from a process of its own, with the cache of compiled modules on. In the table cumulog talks to a
server that plays the tracking endpoints only (`tests/unit/client/fake_server.py`), as its rows are figures of the
client; MLflow talks to `mlflow server`, and trackio writes to a file of its own. The machine does other things too:
trust ratios and the processor's time. A quick trial: `python -m tests.perf.client_bench 20000 500 2000 10`.
"""

import os
import sqlite3
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from subprocess import CalledProcessError, run

import requests

from cumulog._delivery.sync import sync
from tests import servers
from tests.perf import client_scripts as scripts
from tests.perf.client_scripts import Figures
from tests.served import served
from tests.unit.client.fake_server import Status, World, serving

API = "/api/2.0/mlflow"
NOWHERE = "http://127.0.0.1:9"
SLOW_SECONDS = 1.0
_PAGE = 25_000


@dataclass(frozen=True)
class Sizes:
    """How many points, lines before a kill, calls in a row, and jobs that end at once."""

    points: int = 1_000_000
    lines: int = 5000
    calls: int = 100_000
    jobs: int = 200


@dataclass(frozen=True)
class Peer:
    """One way to log. `server` opens what it logs to, in a folder; `calls` is how many of ours it makes one of."""

    name: str
    module: str
    begin: str
    one: str
    ten: str
    server: Callable[[Path], AbstractContextManager[str]]
    stored: Callable[[Path, str], int]
    calls: int = 1
    python: str = sys.executable
    states: Sequence[str] = ("up", "slow", "down")


@contextmanager
def fake(_folder: Path) -> Iterator[str]:
    with serving() as world:
        _worlds[world.url] = world
        yield world.url


_worlds: dict[str, World] = {}


@contextmanager
def nothing(_folder: Path) -> Iterator[str]:
    yield ""


@contextmanager
def slowed(url: str) -> Iterator[str]:
    """A server in front of another one that waits before it passes a request on."""

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            time.sleep(SLOW_SECONDS)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            # Who was killed, or has ended, leaves requests behind.
            with suppress(OSError):
                answer = requests.request(
                    self.command, url + self.path, data=body, headers={"Content-Type": "application/json"}, timeout=60
                )
                self.send_response(answer.status_code)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def log_message(self, *_: object) -> None: ...

    with served(Handler) as slow:
        yield slow


@contextmanager
def in_state(peer: Peer, state: str, folder: Path) -> Iterator[str]:
    if state == "down":
        yield NOWHERE
        return
    with peer.server(folder) as url:
        if state == "slow":
            with slowed(url) as slow:
                yield slow
        else:
            yield url


def stored_by_us(folder: Path, url: str) -> int:
    os.environ["CUMULOG_JOURNAL"] = str(folder / "journal")
    sync(url, print)
    return sum(len(found.points) for found in _worlds[url].tracking.runs.values())


def stored_by_mlflow(folder: Path, _url: str) -> int:
    return _rows(folder.rglob("*.db"))


def stored_by_trackio(folder: Path, _url: str) -> int:
    return _rows(folder.rglob("*.db"))


def _rows(files: Iterator[Path]) -> int:
    count = 0
    for path in files:
        with sqlite3.connect(path) as store:
            if store.execute("SELECT 1 FROM sqlite_master WHERE name = 'metrics'").fetchone():
                count += store.execute("SELECT COUNT(*) FROM metrics").fetchone()[0]
    return count


def peers(folder: Path) -> Iterator[Peer]:
    begin = "client.start_run()"
    one, ten = 'client.log_metric("loss", 0.5, step)', "client.log_metrics(ten, step)"
    yield Peer("cumulog", "cumulog", begin, one, ten, fake, stored_by_us)
    yield Peer("mlflow sync", "mlflow", begin, one, ten, servers.mlflow, stored_by_mlflow, 500)
    later = ", synchronous=False)"
    yield Peer(
        "mlflow async", "mlflow", begin, one[:-1] + later, ten[:-1] + later, servers.mlflow, stored_by_mlflow, 50
    )
    if python := _with_trackio(folder):
        begin = 'client.init(project="bench", embed=False)'
        one, ten = 'client.log({"loss": 0.5}, step=step)', "client.log(ten, step=step)"
        states = ("up",)
        yield Peer("trackio", "trackio", begin, one, ten, nothing, stored_by_trackio, 20, python, states)


def _with_trackio(folder: Path) -> str:
    """A Python that has trackio; empty if the registry does not give it."""
    try:
        venv.create(folder / "trackio", with_pip=True)
        python = folder / "trackio/bin/python"
        run([python, "-m", "pip", "install", "--quiet", "trackio"], check=True, capture_output=True, timeout=600)
    except (CalledProcessError, OSError):
        print("trackio cannot be installed here, so it has no rows.")
        return ""
    return str(python)


def table(sizes: Sizes, folder: Path) -> None:
    """All rows of all peers; `raises` where a client raises an exception into the loop."""
    print(f"\n{'':<24}{'ms':>9}{'MB':>9}{'median µs':>12}{'p99 µs':>11}{'CPU µs':>10}{'MB then':>9}", flush=True)
    for peer in peers(folder):
        for number in range(2):
            figures = scripts.imported(peer.python, peer.module, folder)
            if number:
                print(f"{peer.name + ', import':<24}{figures[0]:>9.0f}{figures[1]:>9.1f}")
        for state in peer.states:
            for what, call, few in (("one", peer.one, 1), ("ten", peer.ten, 5)):
                with tempfile.TemporaryDirectory() as place, in_state(peer, state, Path(place)) as url:
                    count = _count(sizes, peer, state) // few
                    _row(f"{peer.name}, {what}, {state}", scripts.called(peer, call, count, url, Path(place)))
        _kept(peer, sizes)


def _count(sizes: Sizes, peer: Peer, state: str) -> int:
    """Whoever waits for each reply makes but a few calls of a second."""
    waits = peer.name == "mlflow sync" and state == "slow"
    return 10 if waits else max(50, sizes.calls // peer.calls)


def _row(title: str, figures: Figures | None) -> None:
    if figures is None:
        print(f"{title:<24}   raises", flush=True)
        return
    first, median, tail, spent, memory = figures
    print(f"{title:<24}{first:>9.0f}{'':>9}{median:>12.1f}{tail:>11.1f}{spent:>10.1f}{memory:>9.1f}", flush=True)


def _kept(peer: Peer, sizes: Sizes) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with peer.server(folder) as url:
            scripts.killed(peer, sizes.lines, url, folder)
            print(f"{peer.name}: of {sizes.lines} lines before a kill -9 kept {peer.stored(folder, url)}", flush=True)


def million(sizes: Sizes) -> None:
    """Points from one process, until the server has all of them."""
    print(f"\n{sizes.points} points{'':<16}logged s  delivered s   a second    stored   MB", flush=True)
    for title, server, script in (
        ("cumulog", servers.cumulog, scripts.MANY),
        ("mlflow log_batch", servers.mlflow, scripts.BATCHES),
        ("mlflow log_batch, async", servers.mlflow, scripts.BATCHES_LATER),
    ):
        with tempfile.TemporaryDirectory() as place, server(Path(place)) as url:
            run_id, logged, delivered, memory = scripts.many(script, sizes.points, url, Path(place))
            count = _history(url, run_id)
            speed = sizes.points / delivered
            print(f"{title:<30}{logged:>9.1f}{delivered:>13.1f}{speed:>11.0f}{count:>10}{memory:>6.0f}", flush=True)


def _history(url: str, run_id: str) -> int:
    """How many steps of the metric the server has."""
    found: set[int] = set()
    query = {"run_id": run_id, "metric_key": "loss", "max_results": str(_PAGE)}
    while True:
        answer = requests.get(f"{url}{API}/metrics/get-history", params=query, timeout=120)
        answer.raise_for_status()
        page = answer.json()
        found.update(int(point.get("step", 0)) for point in page.get("metrics", ()))
        if not page.get("next_page_token"):
            return len(found)
        query["page_token"] = page["next_page_token"]


def endurance(sizes: Sizes) -> None:
    count = min(86_400 * 20, 2 * sizes.points)
    with tempfile.TemporaryDirectory() as place:
        grown, bytes_on_disk = scripts.day(count, NOWHERE, Path(place))
        print(f"\n{count} lines for a dead server: memory grew by {grown:.1f} MB, on disk {bytes_on_disk / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as place, serving() as world:
        world.call_faults.extend([Status(429)] * 1000 * sizes.jobs)
        waits = scripts.jobs(sizes.jobs, world.url, Path(place))
        world.call_faults.clear()
        os.environ["CUMULOG_JOURNAL"] = str(Path(place) / "journal")
        sync(world.url, print)
        lines = sum(len(found.points) for found in world.tracking.runs.values())
        print(f"{len(waits)} jobs end at once, the server answers 429: the longest waits {max(waits):.1f} s, ", end="")
        print(f"{lines} of {20 * sizes.jobs} lines stored after cumulog sync")


def main() -> None:
    sizes = Sizes(*map(int, sys.argv[1:]))
    with tempfile.TemporaryDirectory() as folder:
        table(sizes, Path(folder))
    endurance(sizes)
    million(sizes)


if __name__ == "__main__":
    main()
