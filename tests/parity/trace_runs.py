"""Random calls that write runs and what they hold."""

import json
from typing import Any

from tests.parity.calls import Call
from tests.parity.world import PARAMS, TAGS, TEXTS, World

_STATUSES = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]
_DATASETS = [("wine", "d1"), ("wine", "d2"), ("iris", "d1")]


def create(world: World) -> Call:
    """A new run. Its start time is its own, so that every search has one order."""
    symbol = f"run{len(world.runs)}"
    body: dict[str, Any] = {"experiment_id": world.experiment(), "start_time": world.time()}
    if world.chance(0.7):
        body["run_name"] = f"{world.rng.choice(['grid', 'Grid', 'final'])} {symbol}"
    if world.chance(0.3):
        body["user_id"] = "ann"
    if world.chance(0.4):
        # Short ones: MLflow alone forgets to truncate the tags of a new run (test_differences.py).
        body["tags"] = [{"key": key, "value": world.rng.choice(TEXTS)} for key in world.rng.sample(TAGS, 2)]
    if world.chance(0.15):
        body = {"experimentId": body.pop("experiment_id"), "startTime": str(body.pop("start_time")), **body}
    world.runs.append(symbol)
    return Call("POST", world.path("runs/create"), body=body, learn={symbol: "run.info.run_id"})


def update(world: World) -> Call:
    body: dict[str, Any] = {"run_id": world.run()}
    if world.chance(0.7):
        body["status"] = world.rng.choice(_STATUSES)
    if world.chance(0.5):
        body["end_time"] = world.time()
    if world.chance(0.3):
        body["run_name"] = world.rng.choice(["", "renamed", "Renamed too"])
    return Call("POST", world.path("runs/update"), body=body)


def delete(world: World) -> Call:
    return Call("POST", world.path("runs/delete"), body={"run_id": world.run()})


def restore(world: World) -> Call:
    return Call("POST", world.path("runs/restore"), body={"run_id": world.run()})


def set_tag(world: World) -> Call:
    if world.chance(0.1):
        tag = {"key": "mlflow.runName", "value": world.rng.choice(["by tag", "By tag"])}
    else:
        tag = {"key": world.key(TAGS), "value": world.text()}
    return Call("POST", world.path("runs/set-tag"), body={"run_id": world.run(), **tag})


def delete_tag(world: World) -> Call:
    return Call("POST", world.path("runs/delete-tag"), body={"run_id": world.run(), "key": world.key(TAGS)})


def log_metric(world: World) -> Call:
    return Call("POST", world.path("runs/log-metric"), body={"run_id": world.run(), **world.point()})


def log_parameter(world: World) -> Call:
    body = {"run_id": world.run(), "key": world.key(PARAMS), "value": world.text()}
    return Call("POST", world.path("runs/log-parameter"), body=body)


def log_batch(world: World) -> Call:
    """A batch of all three kinds; doubled params and changed ones make some of them refused as a whole."""
    body: dict[str, Any] = {"run_id": world.run()}
    body["metrics"] = [world.point() for _ in range(world.rng.choice([0, 1, 5, 40]))]
    if world.chance(0.5):
        body["params"] = [{"key": world.key(PARAMS), "value": world.text()} for _ in range(world.rng.randint(1, 3))]
    if world.chance(0.5):
        body["tags"] = [{"key": world.key(TAGS), "value": world.text()} for _ in range(world.rng.randint(1, 3))]
    return Call("POST", world.path("runs/log-batch"), body=body)


def log_inputs(world: World) -> Call:
    """Datasets by name and digest; the rest of a dataset follows from these, as it does with real data."""
    return Call(
        "POST",
        world.path("runs/log-inputs"),
        body={
            "run_id": world.run(),
            "datasets": [_input(world, *dataset) for dataset in world.rng.sample(_DATASETS, 1)],
        },
    )


def log_model(world: World) -> Call:
    model = {
        "artifact_path": world.rng.choice(["model", "best"]),
        "flavors": {"python_function": {"loader_module": "mlflow.sklearn"}},
        "utc_time_created": "2024-01-01 00:00:00.000000",
        "run_id": world.run(),
        "model_uuid": f"{world.rng.randrange(10**6):06d}",
    }
    body = {"run_id": model["run_id"], "model_json": json.dumps(model)}
    return Call("POST", world.path("runs/log-model"), body=body)


def _input(world: World, name: str, digest: str) -> dict[str, Any]:
    dataset = {"name": name, "digest": digest, "source_type": "local", "source": f"/data/{name}"}
    if digest == "d1":
        dataset |= {"schema": '{"columns": []}', "profile": '{"rows": 9}'}
    tags = [{"key": "mlflow.data.context", "value": world.rng.choice(["training", "testing"])}]
    return {"dataset": dataset, "tags": tags if world.chance(0.7) else []}
