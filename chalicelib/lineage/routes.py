"""The endpoint of lineage: `GET /api/2.0/cumulog/lineage`."""

import time
from typing import Any

from chalice.app import Blueprint

from chalicelib import errors
from chalicelib.access.levels import READ
from chalicelib.access.requires import requires
from chalicelib.edge import mounts
from chalicelib.lineage import edges, graph, nodes, schemas
from chalicelib.lineage.graph import Node, World
from chalicelib.lineage.resources import START
from chalicelib.storage.parallel import Deadline

MOST_NODES = 300
SECONDS = 10

blueprint = Blueprint(__name__)
ours = mounts.cumulog(blueprint, "")


@ours.endpoint("GET", "/lineage")
@requires(READ, START)
def get_lineage_graph(request: schemas.GetGraph) -> dict[str, Any]:
    """Get what a dataset, run, logged model or version came from, and what came from it; `hidden` counts the rest."""
    start = Node(request.kind, request.id)
    world = World(nodes.shown, edges.of, Deadline(time.monotonic() + SECONDS).is_over, MOST_NODES)
    found = graph.walk(world, start, request.direction, request.depth)
    if start not in found.shown:
        raise errors.ResourceDoesNotExist(f"There is no {request.kind} with id={request.id[:100]!r}.")
    return {
        "nodes": [{"kind": node.kind, "id": node.id, **shown} for node, shown in found.shown.items()],
        "edges": [
            {"source": edge.source._asdict(), "target": edge.target._asdict(), "how": edge.how} for edge in found.edges
        ],
        "hidden": len(found.hidden),
        "cut": found.is_cut,
    }
