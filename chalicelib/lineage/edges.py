"""The edges of lineage. What lies above a thing is stored with it; what lies below is in lists.

Runs that logged their inputs with an earlier version are in no list of a dataset's or logged model's runs.
"""

from collections.abc import Iterator
from itertools import islice

from chalicelib.lineage import nodes
from chalicelib.lineage.graph import Edge, Node
from chalicelib.registry import versions
from chalicelib.storage import keys, tables
from chalicelib.storage.items import Use
from chalicelib.storage.registry_items import Reproduction
from chalicelib.tracking.logged_models import logged_models
from chalicelib.tracking.runs import reading

# On one side of one node.
MOST = 200
_PARENT = "mlflow.parentRunId"


def of(node: Node, way: str) -> Iterator[Edge]:
    """The edges that lead up or down from a node that the caller may read."""
    return islice(_EDGES[node.kind, way](node), MOST)


def _above_run(node: Node) -> Iterator[Edge]:
    for run in reading.read_without_feed([node.id]):
        for used in run.inputs:
            yield Edge(nodes.dataset(used.name, used.digest), node, "input")
        for model in run.model_inputs:
            yield Edge(Node("logged_model", model.model_id), node, "input")
        if parent := run.tags.get(_PARENT):
            yield Edge(Node("run", parent), node, "child")
    for record in _records(node, "OF"):
        yield Edge(Node("run", record.run_id), node, "reproduction")


def _below_run(node: Node) -> Iterator[Edge]:
    for run in reading.read_without_feed([node.id]):
        for model in run.outputs:
            yield Edge(node, Node("logged_model", model.model_id), "output")
    for found in versions.made_from([node.id]):
        yield Edge(node, nodes.version(found), "version")
    for record in _records(node, "BY"):
        yield Edge(node, Node("run", record.reproduced_run_id), "reproduction")


def _above_model(node: Node) -> Iterator[Edge]:
    for item in logged_models.load_several([node.id]):
        if item.source_run_id:
            yield Edge(Node("run", item.source_run_id), node, "output")


def _below_model(node: Node) -> Iterator[Edge]:
    for item in logged_models.load_several([node.id]):
        for found in versions.made_from([item.source_run_id] if item.source_run_id else []):
            if found.version.logged_model_id == node.id:
                yield Edge(node, nodes.version(found), "version")
    yield from _users(node, node.id)


def _above_version(node: Node) -> Iterator[Edge]:
    found = nodes.of_version(node)
    if found and found.version.run_id:
        yield Edge(Node("run", found.version.run_id), node, "version")
    if found and found.version.logged_model_id:
        yield Edge(Node("logged_model", found.version.logged_model_id), node, "version")


def _below_dataset(node: Node) -> Iterator[Edge]:
    return _users(node, keys.dataset(*nodes.name_and_digest(node)))


def _users(node: Node, listed: str) -> Iterator[Edge]:
    for row in tables.query(Use, keys.used(listed)):
        yield Edge(node, Node("run", row.sk), "input")


def _records(node: Node, role: str) -> Iterator[Reproduction]:
    condition = Reproduction.sk.startswith(keys.reproduction("BY" if role == "BY" else "OF"))
    return tables.query(Reproduction, keys.reproductions(node.id), condition)


def _none(_node: Node) -> Iterator[Edge]:
    return iter(())


_EDGES = {
    ("dataset", "up"): _none,
    ("dataset", "down"): _below_dataset,
    ("run", "up"): _above_run,
    ("run", "down"): _below_run,
    ("logged_model", "up"): _above_model,
    ("logged_model", "down"): _below_model,
    ("model_version", "up"): _above_version,
    ("model_version", "down"): _none,
}
