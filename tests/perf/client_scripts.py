"""The processes that `client_bench.py` measures: each script runs by itself and prints its figures as JSON."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parents[2]
Figures = list[float]
# Not `ru_maxrss`, which a process inherits from the one that started it.
_MEMORY = """
import json, os, sys, time
def memory(name="VmHWM"):
    return int(open("/proc/self/status").read().split(name + ":")[1].split()[0]) / 1024
"""
_IMPORT = """
begun = time.perf_counter()
import {module}
print(json.dumps([(time.perf_counter() - begun) * 1000, memory()]))
"""
_CALLS = """
begun = time.perf_counter()
step, ten = 0, dict.fromkeys("abcdefghij", 1.0)
import {module} as client
{begin}
{call}
first = time.perf_counter() - begun
took, before = [], time.thread_time()
for step in range(1, {count} + 1):
    now = time.perf_counter_ns()
    {call}
    took.append(time.perf_counter_ns() - now)
spent = time.thread_time() - before
took.sort()
print(json.dumps([first * 1000, took[len(took) // 2] / 1000, took[len(took) * 99 // 100] / 1000,
    spent / {count} * 1e6, memory()]))
sys.stdout.flush()
os._exit(0)
"""
_KILLED = """
import signal
import {module} as client
{begin}
for step in range({count}):
    {call}
os.kill(os.getpid(), signal.SIGKILL)
"""
MANY = """
import cumulog
run = cumulog.start_run()
begun = time.perf_counter()
for step in range({points}):
    cumulog.log_metric("loss", 0.5, step)
logged = time.perf_counter() - begun
assert cumulog.flush(1800)
print(json.dumps([run.info.run_id, logged, time.perf_counter() - begun, memory()]))
"""
BATCHES = """
import mlflow
from mlflow.entities import Metric
run, client = mlflow.start_run(), mlflow.MlflowClient()
begun = time.perf_counter()
calls = []
for start in range(0, {points}, 1000):
    points = [Metric("loss", 0.5, start + more, start + more) for more in range(min(1000, {points} - start))]
    calls.append(client.log_batch(run.info.run_id, points, synchronous={synchronous}))
logged = time.perf_counter() - begun
for call in calls:
    if call:
        call.wait()
print(json.dumps([run.info.run_id, logged, time.perf_counter() - begun, memory()]))
"""
BATCHES_LATER = BATCHES.replace("{synchronous}", "False")
BATCHES = BATCHES.replace("{synchronous}", "True")
_DAY = """
import cumulog
cumulog.start_run()
cumulog.flush(0.5)
for step in range({count}):
    cumulog.log_metric("loss", 0.5, step)
    if step == {count} // 10:
        early = memory("VmRSS")
sizes = [each.size() for each in cumulog.active_run().writer().chain.segments]
print(json.dumps([memory("VmRSS") - early, sum(sizes)]))
sys.stdout.flush()
os._exit(0)
"""
# Each child is a job of its own, which ends when the pipe does: all of them at once.
_JOBS = """
import cumulog
read, write = os.pipe()
told, tell = os.pipe()
children = []
for number in range({count}):
    child = os.fork()
    if not child:
        os.close(write)
        for step in range(20):
            cumulog.log_metric("loss", 0.5, step)
        os.read(read, 1)
        begun = time.perf_counter()
        cumulog.finish()
        os.write(tell, b"%f\\n" % (time.perf_counter() - begun))
        os._exit(0)
    children.append(child)
time.sleep(2)
os.close(write)
for child in children:
    os.waitpid(child, 0)
os.close(tell)
print(json.dumps([float(line) for line in open(told)]))
"""


class Way(Protocol):
    """How one client logs (`client_bench.Peer`)."""

    @property
    def python(self) -> str: ...
    @property
    def module(self) -> str: ...
    @property
    def begin(self) -> str: ...
    @property
    def one(self) -> str: ...


def imported(python: str, module: str, folder: Path) -> Figures:
    """ms, MB."""
    return _done(python, _IMPORT.format(module=module), "", folder) or []


def called(peer: Way, call: str, count: int, server: str, folder: Path) -> Figures | None:
    """First line in ms, median, p99 and processor time in µs, MB; None if the client raises."""
    script = _CALLS.format(module=peer.module, begin=peer.begin, call=call, count=count)
    return _done(peer.python, script, server, folder)


def killed(peer: Way, count: int, server: str, folder: Path) -> None:
    _done(peer.python, _KILLED.format(module=peer.module, begin=peer.begin, call=peer.one, count=count), server, folder)


def many(script: str, points: int, server: str, folder: Path) -> tuple[str, float, float, float]:
    """The run, seconds until all was logged and until all was delivered, MB."""
    found: Any = _required(script.replace("{points}", str(points)), server, folder)
    return found[0], found[1], found[2], found[3]


def day(count: int, server: str, folder: Path) -> tuple[float, float]:
    """By how many MB memory grew, and how many bytes lie on disk."""
    grown, size = _required(_DAY.replace("{count}", str(count)), server, folder)
    return grown, size


def jobs(count: int, server: str, folder: Path) -> Figures:
    """How many seconds each job waited for its end."""
    return _required(_JOBS.replace("{count}", str(count)), server, folder)


def _required(script: str, server: str, folder: Path) -> Figures:
    found = _done(sys.executable, script, server, folder)
    if found is None:
        raise SystemExit("The script failed.")
    return found


def _done(python: str, script: str, server: str, folder: Path) -> Figures | None:
    """What a script printed last; None if it failed."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= {
        "PYTHONPATH": str(ROOT / "client/python/src"),
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "CUMULOG_JOURNAL": str(folder / "journal"),
        "TRACKIO_DIR": str(folder / "trackio-data"),
    }
    done = subprocess.run(
        [python, "-c", _MEMORY + script], env=env, capture_output=True, text=True, timeout=3600, check=False, cwd=folder
    )
    if done.returncode not in (0, -signal.SIGKILL):
        print(done.stderr.strip().splitlines()[-1:], file=sys.stderr)
        return None
    # A client may write to stdout too.
    lines = [line for line in done.stdout.splitlines() if line.startswith("[")]
    return list(json.loads(lines[-1])) if lines else []
