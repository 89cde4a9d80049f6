"""What the client costs a training loop: import, each log_metric, a million points, and what a kill leaves.

    python -m tests.perf.client_bench [points]

Each figure comes from a process of its own, beside MLflow's client where that can do the same. The server plays the
tracking endpoints only (`tests/unit/client/fake_server.py`): these are figures of the client. Ratios are to be trusted
more than times: the machine does other things too.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cumulog._delivery.sync import sync
from tests.unit.client.fake_server import World, serving

ROOT = Path(__file__).resolve().parents[2]
LINES = 5000
IMPORT = """
import sys, time, resource, json
started = time.perf_counter()
import {module}
took = time.perf_counter() - started
print(json.dumps([took * 1000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
CALLS = """
import json, resource, sys, time
begun = time.perf_counter()
step, ten = 0, dict.fromkeys("abcdefghij", 1.0)
import {module} as client
client.start_run()
client.{call}
first = time.perf_counter() - begun
def measured(count, pause):
    took = []
    for step in range(count):
        now = time.perf_counter_ns()
        client.{call}
        took.append(time.perf_counter_ns() - now)
        if pause and step % 100 == 0:
            time.sleep(pause)
    took.sort()
    return took[len(took) // 2] / 1000, took[len(took) * 99 // 100] / 1000
figures = measured({count}, {pause})
print(json.dumps([first * 1000, *figures, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
sys.stdout.flush()
import os
os._exit(0)
"""
KILLED = """
import os, signal
import {module} as client
client.start_run()
for step in range({lines}):
    client.{call}
os.kill(os.getpid(), signal.SIGKILL)
"""
MANY = """
import json, resource, sys, time
import cumulog
cumulog.start_run()
begun = time.perf_counter()
for step in range({points}):
    cumulog.log_metric("loss", 0.5, step)
logged = time.perf_counter() - begun
done = cumulog.flush(600)
delivered = time.perf_counter() - begun
print(json.dumps([logged, delivered, done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
STEPS = 'log_metric("loss", 0.5, step)'
TEN = "log_metrics(ten, 1)"


def run(script: str, server: str, folder: str) -> list[float]:
    """What a script printed, run by itself with the cache of compiled modules on."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= {"PYTHONPATH": str(ROOT / "client/python/src"), "MLFLOW_TRACKING_URI": server, "CUMULOG_JOURNAL": folder}
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode not in (0, -signal.SIGKILL):
        raise SystemExit(done.stderr)
    last = done.stdout.strip().splitlines()
    return list(json.loads(last[-1])) if last else []


@contextmanager
def served(wait: float = 0.0) -> Iterator[World]:
    """The server, which lets each call wait for so many seconds."""
    with serving() as world:
        world.delay = wait
        yield world


def imports(folder: str) -> None:
    print("\nimport                      ms      MB")
    for module in ("cumulog", "mlflow"):
        run(IMPORT.format(module=module), "", folder)
        best = min(run(IMPORT.format(module=module), "", folder) for _ in range(3))
        print(f"{module:<22}{best[0]:>8.0f}{best[1]:>8.1f}")


def calls(folder: str) -> None:
    print("\nper call                          first ms   median µs     p99 µs      MB")
    for title, call, count, pause in (
        ("log_metric", STEPS, 100_000, 0.0),
        ("log_metric, a rest each 100", STEPS, 20_000, 0.01),
        ("log_metrics of ten", TEN, 20_000, 0.0),
    ):
        for state, wait in (("up", 0.0), ("slow", 1.0), ("down", -1.0)):
            with served(max(wait, 0.0)) as world:
                server = world.url if wait >= 0 else "http://127.0.0.1:9"
                script = CALLS.format(module="cumulog", call=call, count=count, pause=pause)
                _row(f"{title}, {state}", run(script, server, folder))


def mlflows(folder: str) -> None:
    for title, call in (("mlflow log_metric", STEPS), ("mlflow async", STEPS.replace(")", ", synchronous=False)"))):
        store = f"sqlite:///{folder}/mlflow.db"
        _row(title, run(CALLS.format(module="mlflow", call=call, count=1000, pause=0.0), store, folder))


def _row(title: str, figures: list[float]) -> None:
    first, median, tail, memory = figures
    print(f"{title:<34}{first:>8.0f}{median:>12.1f}{tail:>11.1f}{memory:>8.1f}")


def million(folder: str, points: int) -> None:
    with served() as world:
        logged, delivered, done, memory = run(MANY.format(points=points), world.url, folder)
        stored = sum(len(found.points) for found in world.tracking.runs.values())
    print(
        f"\n{points} points: logged in {logged:.1f} s, delivered in {delivered:.1f} s "
        f"({points / delivered:.0f} a second), {stored} stored, complete: {bool(done)}, {memory:.1f} MB"
    )


def kept(folder: str) -> None:
    with served() as world:
        begun = time.perf_counter()
        run(KILLED.format(module="cumulog", lines=LINES, call=STEPS), world.url, folder)
        os.environ["CUMULOG_JOURNAL"] = folder
        sync(world.url, print)
        stored = sum(len(found.points) for found in world.tracking.runs.values())
    print(
        f"\nof {LINES} lines before a kill -9, kept: {stored} ({time.perf_counter() - begun:.1f} s with cumulog sync)"
    )


def main() -> None:
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for part in (imports, calls, mlflows, kept, lambda folder: million(folder, points)):
        with tempfile.TemporaryDirectory() as folder:
            part(folder)


if __name__ == "__main__":
    main()
