"""A world with one thing of each kind that a request can name, and one request for every route of tracking."""

import json
from pathlib import Path
from typing import Any

from tests import client as api
from tests.contract import worlds
from tests.contract.worlds import World

_CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of one file in `cases/`."""
    loaded: list[dict[str, Any]] = json.loads((_CASES / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def names(world: World) -> dict[str, str]:
    """What the cases call the things of a world; `orphan` is an active run of the deleted experiment.

    `user` is a name that nobody has in any other world.
    """
    return {
        "prefix": world.prefix,
        "user": world.prefix.strip().replace(" ", "-"),
        "experiment": world.experiment_id,
        "deleted_experiment": world.deleted_experiment_id,
        "run": world.run_id,
        "model": world.model_id,
        "deleted_run": world.deleted_run_id,
        "orphan": _orphan(world.deleted_experiment_id),
    }


def make() -> dict[str, str]:
    """A new world by the names of its things, and in it a registered model, `${prefix}wine`, with one version."""
    known = names(worlds.make())
    wine = known["prefix"] + "wine"
    api.done("/registered-models/create", name=wine, tags=[{"key": "team", "value": "vision"}])
    source = f"runs:/{known['run']}/model"
    api.done("/model-versions/create", name=wine, source=source, run_id=known["run"])
    api.done("/registered-models/alias", name=wine, alias="champion", version="1")
    return known


def addressed(path: str, known: dict[str, str]) -> str:
    """The path of a route with what it names put in: the world's logged model, and a tag that it has."""
    return path.format(model_id=known["model"], tag_key="color")


def filled(value: Any, known: dict[str, str]) -> Any:
    """The value with every `${name}` in its texts replaced."""
    if isinstance(value, dict):
        return {key: filled(inner, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, known) for inner in value]
    if isinstance(value, str):
        for name, text in known.items():
            value = value.replace("${" + name + "}", text)
    return value


def _orphan(deleted_experiment_id: str) -> str:
    api.done("/experiments/restore", experiment_id=deleted_experiment_id)
    run_id = api.create_run(deleted_experiment_id, run_name="orphan")
    api.done("/experiments/delete", experiment_id=deleted_experiment_id)
    return run_id
