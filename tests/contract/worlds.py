"""A small world to operate on, and all that a client can see of it, in a form that two worlds can be compared by."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests import client as api
from tests.client import Answer
from tests.contract import store, worlds_registry

_numbers = itertools.count()


@dataclass(frozen=True)
class World:
    """An active experiment with an active and a deleted run and a logged model, and a deleted experiment.

    Beside them a registered model with two versions: the first in Production, the second in Staging with an alias.
    """

    prefix: str
    experiment_id: str
    deleted_experiment_id: str
    run_id: str
    deleted_run_id: str
    model_id: str

    @property
    def registered(self) -> str:
        """The registered model's name."""
        return self.prefix + "registered"


Operation = Callable[[World], Answer]


def make() -> World:
    prefix = f"world {next(_numbers)} "
    experiment_id = api.create_experiment(prefix + "active")
    deleted_experiment_id = api.create_experiment(prefix + "deleted")
    run_id = api.create_run(experiment_id, run_name="run", tags=[{"key": "color", "value": "red"}])
    deleted_run_id = api.create_run(experiment_id, run_name="deleted run")
    point = {"key": "loss", "value": 1, "timestamp": 1, "step": 1}
    api.post("/runs/log-batch", run_id=run_id, params=[{"key": "depth", "value": "3"}], metrics=[point])
    api.post("/experiments/set-experiment-tag", experiment_id=experiment_id, key="team", value="vision")
    api.post("/experiments/delete", experiment_id=deleted_experiment_id)
    api.post("/runs/delete", run_id=deleted_run_id)
    color = {"key": "color", "value": "red"}
    model_id = api.create_model(experiment_id, name="model", params=[{"key": "depth", "value": "3"}], tags=[color])
    world = World(prefix, experiment_id, deleted_experiment_id, run_id, deleted_run_id, model_id)
    worlds_registry.make(world.registered, run_id)
    return world


alone = store.kept(make)


def observe(world: World) -> Any:
    """What there is in a world without what differs from one to the next: ids, times and artifact roots.

    Experiments first, then the registered models.
    """
    pattern = f"name LIKE '{world.prefix}%'"
    found = api.post("/experiments/search", max_results=1000, filter=pattern, view_type="ALL").body["experiments"]
    experiments = sorted((_experiment(world, each) for each in found), key=lambda each: each["name"])
    return [*experiments, *worlds_registry.observe(world.prefix)]


def _experiment(world: World, experiment: dict[str, Any]) -> dict[str, Any]:
    experiment_id = experiment["experiment_id"]
    runs = api.post("/runs/search", experiment_ids=[experiment_id], run_view_type="ALL").body.get("runs", [])
    return {
        "name": experiment["name"].removeprefix(world.prefix),
        "stage": experiment["lifecycle_stage"],
        "tags": _pairs(experiment.get("tags", ())),
        "runs": sorted(map(_run, runs), key=lambda run: str(run["info"])),
        "models": _models(experiment_id),
    }


def _models(experiment_id: str) -> list[dict[str, Any]]:
    found = api.post("/logged-models/search", experiment_ids=[experiment_id]).body.get("models", [])
    return sorted(map(_model, found), key=str)


def _model(model: dict[str, Any]) -> dict[str, Any]:
    points = model["data"].get("metrics", ())
    return {
        **{name: model["info"].get(name) for name in ("name", "status", "model_type")},
        "params": _pairs(model["data"].get("params", ())),
        "tags": _pairs(model["info"].get("tags", ())),
        "points": [(point["key"], point["value"], point["step"], point.get("dataset_name")) for point in points],
    }


def _run(run: dict[str, Any]) -> dict[str, Any]:
    data = run["data"]
    own = {name: run["info"].get(name) for name in ("run_name", "status", "end_time", "lifecycle_stage", "start_time")}
    datasets = [(use["dataset"]["name"], _pairs(use["tags"])) for use in run["inputs"].get("dataset_inputs", ())]
    metrics = data.get("metrics", ())
    return {
        "info": own,
        "params": _pairs(data.get("params", ())),
        "tags": _pairs(data.get("tags", ())),
        "metrics": _pairs(metrics),
        "histories": {metric["key"]: api.history(run["info"]["run_id"], metric["key"]) for metric in metrics},
        "datasets": sorted(datasets, key=str),
        "models": run["inputs"].get("model_inputs", []) + run["outputs"].get("model_outputs", []),
    }


def _pairs(messages: Any) -> dict[str, Any]:
    return {message["key"]: message["value"] for message in messages}


_DATASET = {
    "dataset": {"name": "wine", "digest": "1", "source_type": "local", "source": "{}"},
    "tags": [{"key": "mlflow.data.context", "value": "train"}],
}
_BATCH = {
    "params": [{"key": "depth", "value": "3"}, {"key": "width", "value": "4"}],
    "metrics": [{"key": "loss", "value": 0.5, "timestamp": 2, "step": 2}],
    "tags": [{"key": "color", "value": "blue"}],
}
_LONG = [{"key": f"long {number}", "value": "x" * 6000} for number in range(12)]
_MODEL = '{"run_id": "r", "artifact_path": "m", "utc_time_created": "now", "flavors": {}}'

# Every call that writes, each on a world of its own.
OPERATIONS: dict[str, Operation] = {
    "create experiment": lambda world: api.post("/experiments/create", name=world.prefix + "new"),
    "rename experiment": lambda world: api.post(
        "/experiments/update", experiment_id=world.experiment_id, new_name=world.prefix + "renamed"
    ),
    "delete experiment": lambda world: api.post("/experiments/delete", experiment_id=world.experiment_id),
    "restore experiment": lambda world: api.post("/experiments/restore", experiment_id=world.deleted_experiment_id),
    "set experiment tag": lambda world: api.post(
        "/experiments/set-experiment-tag", experiment_id=world.experiment_id, key="team", value="audio"
    ),
    "delete experiment tag": lambda world: api.post(
        "/experiments/delete-experiment-tag", experiment_id=world.experiment_id, key="team"
    ),
    "create run": lambda world: api.post(
        "/runs/create", experiment_id=world.experiment_id, run_name="new", tags=[{"key": "color", "value": "green"}]
    ),
    "create run with long tags": lambda world: api.post(
        "/runs/create", experiment_id=world.experiment_id, run_name="new", tags=_LONG
    ),
    "create run with an id": lambda world: api.post(
        "/runs/create", experiment_id=world.experiment_id, run_name="new", run_id="c" * 32, tags=_LONG
    ),
    "create run with a key": lambda world: api.post_with_key(
        "run", "/runs/create", experiment_id=world.experiment_id, run_name="new"
    ),
    "create experiment with a key": lambda world: api.post_with_key(
        "experiment", "/experiments/create", name=world.prefix + "new"
    ),
    "update run": lambda world: api.post(
        "/runs/update", run_id=world.run_id, status="FINISHED", end_time=9, run_name="renamed"
    ),
    "lease run": lambda world: api.lease(world.run_id, "gpu-7:42"),
    "end leased run": lambda world: api.post(
        "/runs/update", run_id=world.run_id, status="FINISHED", end_time=9, lease_holder="gpu-7:42"
    ),
    "delete run": lambda world: api.post("/runs/delete", run_id=world.run_id),
    "restore run": lambda world: api.post("/runs/restore", run_id=world.deleted_run_id),
    "set tag": lambda world: api.post("/runs/set-tag", run_id=world.run_id, key="color", value="blue"),
    "set name tag": lambda world: api.post("/runs/set-tag", run_id=world.run_id, key="mlflow.runName", value="other"),
    "delete tag": lambda world: api.post("/runs/delete-tag", run_id=world.run_id, key="color"),
    "log metric": lambda world: api.post(
        "/runs/log-metric", run_id=world.run_id, key="loss", value=0.5, timestamp=2, step=2
    ),
    "log param": lambda world: api.post("/runs/log-parameter", run_id=world.run_id, key="width", value="4"),
    "log batch": lambda world: api.post("/runs/log-batch", run_id=world.run_id, **_BATCH),
    "log batch that overflows": lambda world: api.post("/runs/log-batch", run_id=world.run_id, params=_LONG),
    "log inputs": lambda world: api.post(
        "/runs/log-inputs", run_id=world.run_id, datasets=[_DATASET], models=[{"model_id": "m-1"}]
    ),
    "log outputs": lambda world: api.post(
        "/runs/outputs", run_id=world.run_id, models=[{"model_id": "m-1", "step": 1}]
    ),
    "log model": lambda world: api.post("/runs/log-model", run_id=world.run_id, model_json=_MODEL),
    "create logged model": lambda world: api.post(
        "/logged-models", experiment_id=world.experiment_id, name="new", tags=[{"key": "color", "value": "green"}]
    ),
    "finalize logged model": lambda world: api.change_model("PATCH", world.model_id, status="LOGGED_MODEL_READY"),
    "delete logged model": lambda world: api.change_model("DELETE", world.model_id),
    "set logged model tags": lambda world: api.change_model(
        "PATCH", f"{world.model_id}/tags", tags=[{"key": "color", "value": "blue"}]
    ),
    "delete logged model tag": lambda world: api.change_model("DELETE", f"{world.model_id}/tags/color"),
    "log logged model params": lambda world: api.change_model(
        "POST", f"{world.model_id}/params", params=[{"key": "width", "value": "4"}]
    ),
    "log batch of a logged model": lambda world: api.post(
        "/runs/log-batch", run_id=world.run_id, params=_BATCH["params"], metrics=[_of_model(world)]
    ),
}


def _in_registry(call: worlds_registry.Call) -> Operation:
    return lambda world: call(world.registered, world.run_id)


OPERATIONS |= {name: _in_registry(call) for name, call in worlds_registry.OPERATIONS.items()}


def _of_model(world: World) -> dict[str, Any]:
    measured = {"key": "acc", "value": 0.5, "timestamp": 2, "step": 2, "model_id": world.model_id}
    return {**measured, "dataset_name": "wine", "dataset_digest": "1"}


# Calls that a client cannot repeat without being told that the first one had worked after all.
SAYS_SO_THE_SECOND_TIME = {
    "create experiment": "RESOURCE_ALREADY_EXISTS",
    "delete experiment": "RESOURCE_DOES_NOT_EXIST",
    "restore experiment": "RESOURCE_DOES_NOT_EXIST",
    "delete experiment tag": "RESOURCE_DOES_NOT_EXIST",
    "delete tag": "RESOURCE_DOES_NOT_EXIST",
    "delete logged model tag": "RESOURCE_DOES_NOT_EXIST",
    "log logged model params": "BAD_REQUEST",
    **worlds_registry.SAYS_SO_THE_SECOND_TIME,
}
# Calls that make a new thing each time.
MAKES_ANOTHER = frozenset({"create run", "create run with long tags", "create logged model", "create version"})
# Calls that have worked before their last request, of which nobody has to hear.
TELLS_AFTERWARDS = worlds_registry.TELLS_AFTERWARDS


def without_repeats(seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was observed, as if no call had made its new thing twice."""
    experiments = [each for each in seen if "runs" in each]
    kinds = ("runs", "models")
    single = [{**each, **{kind: _each_once(each[kind]) for kind in kinds}} for each in experiments]
    return [*single, *(worlds_registry.without_another(each) for each in seen if "runs" not in each)]


def _each_once(things: list[Any]) -> list[Any]:
    return [thing for at, thing in enumerate(things) if thing not in things[:at]]
