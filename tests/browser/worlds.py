"""An experiment with runs of every kind that people have, made through the API: one for all tests on a stack."""

import math
import struct
import zlib
from functools import cache
from typing import Any, NamedTuple

from tests.browser.api import Api

HOSTILE = "<img src=x onerror=window.hacked=1>"
RUNS = 60
POINTS = 5_000

_ELSEWHERE = "[link](javascript:window.hacked=1)\n\n![x](https://evil.example/x.png)"


class World(NamedTuple):
    """`best` is a finished run with files and a long curve, `running` one that goes on, `odd` one of odd texts."""

    experiment_id: str
    run_ids: list[str]
    best: str
    running: str
    odd: str

    def address(self, *path: str) -> str:
        """The address of the page below this experiment."""
        return "#/" + "/".join(["experiments", self.experiment_id, *path])


@cache
def make(url: str) -> World:
    """The world on a stack that is open."""
    api = Api(url)
    experiment_id = api.experiment(f"wine {HOSTILE}")
    run_ids = [_run(api, experiment_id, number) for number in range(RUNS)]
    best, running, odd = run_ids[:3]
    _curve(api, best)
    _files(api, experiment_id, best)
    _odd(api, odd)
    for run_id in run_ids:
        if run_id != running:
            api.post("/runs/update", run_id=run_id, status="FINISHED", end_time=10_000)
    return World(experiment_id, run_ids, best, running, odd)


def _run(api: Api, experiment_id: str, number: int) -> str:
    parent = [{"key": "mlflow.source.name", "value": "train.py"}]
    run_id = api.run(experiment_id, run_name=f"run-{number:02d}", start_time=1_000 + number, tags=parent)
    metrics = {"loss": 1 / (number + 1), "accuracy": math.tanh(number / 20), "val/f1": number / RUNS}
    api.post(
        "/runs/log-batch",
        run_id=run_id,
        metrics=[_point(key, value, 1) for key, value in metrics.items()],
        params=[
            {"key": "depth", "value": str(number % 7)},
            {"key": "optimizer", "value": ("adam", "sgd")[number % 2]},
            {"key": "learning_rate", "value": f"{10 ** -(1 + number % 4):g}"},
        ],
        tags=[{"key": "team", "value": "audio"}],
    )
    return run_id


def _point(key: str, value: Any, step: int) -> dict[str, Any]:
    return {"key": key, "value": value, "timestamp": 2_000 + step, "step": step}


def _curve(api: Api, run_id: str) -> None:
    for first in range(1, POINTS, 1000):
        points = [_point("loss", 1 / step + math.sin(step / 50) / 20, step) for step in range(first, first + 1000)]
        api.post("/runs/log-batch", run_id=run_id, metrics=points)
    api.post("/runs/log-batch", run_id=run_id, metrics=[_point("loss", 9.5, 2_500), _point("nan", "NaN", 1)])


def _odd(api: Api, run_id: str) -> None:
    api.post("/runs/update", run_id=run_id, run_name=HOSTILE)
    api.post(
        "/runs/log-batch",
        run_id=run_id,
        metrics=[_point("ünïcode/损失", "Infinity", 1)],
        params=[{"key": "long", "value": "x" * 3_000}, {"key": "markup", "value": HOSTILE}],
        tags=[
            {"key": "mlflow.note.content", "value": f"# Note\n\n{HOSTILE} [link](javascript:window.hacked=1)"},
            {"key": "markup", "value": f"<script>window.hacked=1</script>{HOSTILE}"},
        ],
    )


def _files(api: Api, experiment_id: str, run_id: str) -> None:
    root = f"/api/2.0/mlflow-artifacts/artifacts/{experiment_id}/{run_id}/artifacts"
    for path, content in {
        "notes.txt": b"a note\n" * 50,
        "table.csv": b"a,b\n" + b"1,2\n" * 200,
        "plots/red.png": png(),
        "report.html": b"<h1>Report</h1><script>top.hacked=1</script><img src=x onerror=parent.hacked=1>",
        "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="top.hacked=1"></svg>',
        "config.json": b'{"depth": 7, "name": "</script><script>window.hacked=1</script>"}',
        "README.md": f"# Readme\n\n{HOSTILE}\n\n{_ELSEWHERE}".encode(),
        f"{HOSTILE.replace('/', '')}.txt": b"odd name",
    }.items():
        api.put(f"{root}/{path}", content)


def png() -> bytes:
    """A red picture of eight by eight."""
    rows = b"".join(b"\0" + b"\xff\0\0" * 8 for _ in range(8))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
