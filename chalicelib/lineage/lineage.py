"""Where something came from, and what came from it."""

import time

from chalicelib import errors
from chalicelib.edge.replies import Json
from chalicelib.lineage import edges, graph, nodes
from chalicelib.lineage.graph import Found, Node, World
from chalicelib.lineage.schemas import GetGraph
from chalicelib.storage.parallel import Deadline

MOST_NODES = 300
SECONDS = 10


def of(request: GetGraph) -> Json:
    """The lineage of a thing, as far as the caller may see it. Raises ResourceDoesNotExist."""
    start = Node(request.kind, request.id)
    world = World(nodes.shown, edges.of, Deadline(time.monotonic() + SECONDS).is_over, MOST_NODES)
    found = graph.walk(world, start, request.direction, request.depth)
    if start not in found.shown:
        raise errors.ResourceDoesNotExist(f"There is no {request.kind} with id={request.id[:100]!r}.")
    return _reply(found)


def _reply(found: Found) -> Json:
    return {
        "nodes": [{"kind": node.kind, "id": node.id, **shown} for node, shown in found.shown.items()],
        "edges": [
            {"source": edge.source._asdict(), "target": edge.target._asdict(), "how": edge.how} for edge in found.edges
        ],
        "hidden": len(found.hidden),
        "cut": found.is_cut,
    }
