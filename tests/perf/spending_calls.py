"""The single calls of the cost model: reading, searching, files as the plugin moves them, and the registry."""

import hashlib
from collections.abc import Sequence
from http.client import HTTPConnection
from random import Random
from typing import Any
from urllib.parse import urlsplit

from chalicelib.sweeper.sweep import sweep
from infra.cost.measured import Units
from infra.cost.workload import Shape
from tests.perf import population
from tests.perf.population import GeneratedRun
from tests.perf.spender import Spender

SHAPE = Shape()
# More than a page, so that it is full.
SEARCHED = 110
APART_MS = 10_000
SEALING_MS = 900_000
# As the plugin cuts files, both ways.
PART_BYTES = 8 << 20
# Registered while measuring.
VERSIONS = 2
LEASE = "/api/2.0/cumulog/runs/lease"
HOLDER = "gpu-node-0017.cluster.example:41234:1a2b3c4d"
FILES = "/api/2.0/cumulog/artifacts"

Json = dict[str, Any]


def measure(spender: Spender) -> dict[str, Units]:
    """What one call of each kind consumes; of `upload` and `download`, all that one file takes."""
    experiment_id = spender.call("POST", "/experiments/create", name="searched")["experiment_id"]
    run_ids = _sealed_runs(spender, experiment_id)
    folder = f"{experiment_id}/{run_ids[0]}/artifacts"
    return {
        **_reads(spender, experiment_id, run_ids[0]),
        "upload": _upload(spender, f"{folder}/model/model.bin"),
        "download": _download(spender, f"{folder}/model/model.bin"),
        **_registry(spender, run_ids[0]),
        "lease": _lease(spender, experiment_id),
    }


def planned(number: int = 0) -> GeneratedRun:
    """A run of 15 metrics, 20 params and 10 tags, its name's among them."""
    return next(map(population.generated, population.traits(population.Span("1", number, 1))))


def points(steps: Sequence[int], at_ms: int) -> list[Json]:
    """A point of each step, the metrics in turn, with values as ragged as a loss is: nothing to compress."""
    ragged = Random(steps[0])
    names = list(planned().metrics)
    return [
        {
            "key": names[step % len(names)],
            "value": ragged.random(),
            "timestamp": at_ms + step,
            "step": step // len(names),
        }
        for step in steps
    ]


def _sealed_runs(spender: Spender, experiment_id: str) -> list[str]:
    """Runs whose points came in one call, sealed; as many as a page of a search needs."""
    run_ids = []
    for number in range(SEARCHED):
        run = planned(number)
        created = spender.call("POST", "/runs/create", **population.create_body(run, experiment_id))
        run_id = str(created["run"]["info"]["run_id"])
        params = population.batch_body(run, run_id)["params"]
        spender.call("POST", "/runs/log-batch", run_id=run_id, params=params)
        logged = points(range(SHAPE.points), spender.now_ms)
        spender.call("POST", "/runs/log-batch", run_id=run_id, metrics=logged)
        spender.call("POST", "/runs/update", run_id=run_id, status="FINISHED", end_time=spender.now_ms)
        run_ids.append(run_id)
    for _ in range(3):
        spender.wait(SEALING_MS)
        spender.sweep(sweep)
    return run_ids


def _reads(spender: Spender, experiment_id: str, run_id: str) -> dict[str, Units]:
    by_loss = {"order_by": ["metrics.val_loss ASC"], "max_results": 100}
    asked: dict[str, tuple[str, str, Json]] = {
        "read": ("GET", "/runs/get", {"run_id": run_id}),
        "history": ("GET", "/metrics/get-history", {"run_id": run_id, "metric_key": "val_loss"}),
        "search": ("POST", "/runs/search", {"experiment_ids": [experiment_id], **by_loss}),
    }
    # The first search of all makes the secret of page tokens.
    spender.call(*asked["search"][:2], **asked["search"][2])
    return {name: _cost(spender, *call) for name, call in asked.items()}


def _upload(spender: Spender, path: str) -> Units:
    """The file of the shape in parts: three calls, and the PUTs that go straight to S3."""
    body = Random(path).randbytes(SHAPE.file_bytes)
    parts = [body[at : at + PART_BYTES] for at in range(0, len(body), PART_BYTES)]
    with spender.counting() as found:
        spender.wait(APART_MS)
        begun = spender.call("POST", f"{FILES}/multipart/create", path=path, size=len(body))
        upload = {"path": path, "upload_id": begun["upload_id"]}
        named = [_part(number, part) for number, part in enumerate(parts, start=1)]
        signed = spender.call("POST", f"{FILES}/multipart/sign", **upload, parts=named)["parts"]
        done = [_put(target, part, name) for target, part, name in zip(signed, parts, named, strict=True)]
        spender.call("POST", f"{FILES}/multipart/complete", **upload, parts=done)
    return found[0].plus(Units(puts=len(parts)))


def _download(spender: Spender, path: str) -> Units:
    """One call for the URL, and the ranges that come straight from S3."""
    found = _cost(spender, "POST", f"{FILES}/downloads", {"paths": [path]})
    return found.plus(Units(gets=-(-SHAPE.file_bytes // PART_BYTES)))


def _lease(spender: Spender, experiment_id: str) -> Units:
    """A renewal: not the first request, which looks at the run."""
    created = spender.call("POST", "/runs/create", **population.create_body(planned(SEARCHED), experiment_id))
    asked = {"run_id": created["run"]["info"]["run_id"], "holder": HOLDER, "seconds": 540}
    spender.call("POST", LEASE, **asked)
    return _cost(spender, "POST", LEASE, asked)


def _registry(spender: Spender, run_id: str) -> dict[str, Units]:
    spender.call("POST", "/registered-models/create", name="wine")
    made = {"name": "wine", "source": f"runs:/{run_id}/model", "run_id": run_id}
    moved = {"name": "wine", "version": "2", "stage": "Production", "archive_existing_versions": True}
    # The one that the measured transition archives.
    spender.call("POST", "/model-versions/create", **made)
    spender.call("POST", "/model-versions/transition-stage", **{**moved, "version": "1"})
    return {
        "register": _cost(spender, "POST", "/model-versions/create", made),
        "transition": _cost(spender, "POST", "/model-versions/transition-stage", moved),
    }


def _cost(spender: Spender, method: str, path: str, fields: Json) -> Units:
    spender.wait(APART_MS)
    with spender.counting() as found:
        spender.call(method, path, **fields)
    return found[0]


def _part(number: int, part: bytes) -> Json:
    return {"part_number": number, "size": len(part), "sha256": hashlib.sha256(part).hexdigest()}


def _put(target: Json, part: bytes, named: Json) -> Json:
    """PUT a part to its URL, and what to tell of it at the end. Raises RuntimeError unless S3 takes it."""
    place = urlsplit(target["url"])
    connection = HTTPConnection(place.netloc, timeout=60)
    connection.request("PUT", f"{place.path}?{place.query}", part, target["headers"])
    with connection.getresponse() as answer:
        if answer.status != 200:
            raise RuntimeError(f"PUT of a part: {answer.status} {answer.read()[:500]!r}")
        etag = answer.headers["ETag"]
    connection.close()
    return {"part_number": named["part_number"], "etag": etag, "sha256": named["sha256"]}
