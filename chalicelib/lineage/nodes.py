"""What is shown of the nodes of lineage: of those that exist and that the caller may read."""

from collections.abc import Sequence
from typing import Any

from chalicelib import errors
from chalicelib.access import registered_models
from chalicelib.edge.replies import Json, filled
from chalicelib.lineage.graph import Node
from chalicelib.registry import versions
from chalicelib.registry.versions import Found
from chalicelib.storage import keys, tables
from chalicelib.storage.items import RunInfo
from chalicelib.tracking.experiments import recent_experiments, resources
from chalicelib.tracking.experiments.lifecycle import ACTIVE
from chalicelib.tracking.logged_models import logged_models


def dataset(name: str, digest: str) -> Node:
    return Node("dataset", f"{name}@{digest}")


def version(found: Found) -> Node:
    return Node("model_version", f"{found.model.name}/{int(found.version.version)}")


def name_and_digest(node: Node) -> tuple[str, str]:
    name, _, digest = node.id.rpartition("@")
    return name, digest


def of_version(node: Node) -> Found | None:
    """The version of a node, if it exists and the caller may read it."""
    name, _, number = node.id.rpartition("/")
    if not name or not number.isdecimal() or len(number) > 10:
        return None
    try:
        found = versions.load(name, int(number))
    except (errors.ResourceDoesNotExist, errors.InvalidParameterValue):
        return None
    return found if registered_models.is_readable(found.model) else None


def shown(nodes: Sequence[Node]) -> dict[Node, Json]:
    """What is shown of each node. A dataset is known by its name and digest: whoever sees who uses it, sees it."""
    found = {**_runs(nodes), **_models(nodes)}
    for node in nodes:
        if node.kind == "dataset":
            name, digest = name_and_digest(node)
            found[node] = filled(name=name, digest=digest)
        elif node.kind == "model_version" and (version := of_version(node)):
            found[node] = _version(version)
    return {node: found[node] for node in nodes if node in found}


def _runs(nodes: Sequence[Node]) -> dict[Node, Json]:
    wanted = [(keys.run(node.id), keys.INFO) for node in nodes if node.kind == "run"]
    infos = [row for row in tables.get_run_rows(wanted).values() if isinstance(row, RunInfo)]
    allowed = set(resources.readable({info.experiment_id for info in infos}))
    return {Node("run", info.run_id): _run(info) for info in infos if info.experiment_id in allowed}


def _run(info: RunInfo) -> Json:
    is_deleted = recent_experiments.run_stage(info) != ACTIVE
    return filled(
        name=info.run_name,
        experiment_id=info.experiment_id,
        status=info.status,
        deleted=True if is_deleted else None,
    )


def _models(nodes: Sequence[Node]) -> dict[Node, Json]:
    found = logged_models.load_several([node.id for node in nodes if node.kind == "logged_model"])
    allowed = set(resources.readable({item.experiment_id for item in found}))
    return {
        Node("logged_model", item.model_id): filled(
            name=item.name, experiment_id=item.experiment_id, deleted=True if item.deleted else None
        )
        for item in found
        if item.experiment_id in allowed
    }


def _version(found: Found) -> Json:
    number = int(found.version.version)
    aliases: dict[str, Any] = found.model.aliases
    return filled(
        name=found.model.name,
        version=str(number),
        stage=found.version.stage,
        aliases=sorted(alias for alias, held in aliases.items() if int(held) == number),
    )
