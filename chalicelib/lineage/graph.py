"""The graph of lineage as plain data, and the bounded walk through it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Kind = Literal["dataset", "run", "logged_model", "model_version"]
Direction = Literal["up", "down", "both"]


class Node(NamedTuple):
    """A thing by its kind and id."""

    kind: Kind
    id: str


class Edge(NamedTuple):
    """What came from what: data flows from `source` to `target`. `how` is the role, such as "input"."""

    source: Node
    target: Node
    how: str


@dataclass
class Found:
    """What a walk has come across. `hidden` are those that the caller may not read, or that do not exist."""

    shown: dict[Node, dict[str, Any]] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)
    hidden: set[Node] = field(default_factory=set)
    is_cut: bool = False


class World(NamedTuple):
    """What a walk asks: what to show of nodes (readable ones only), and the edges on one side of a node.

    It ends after `most` nodes, or when its time is over.
    """

    shown: Callable[[Sequence[Node]], dict[Node, dict[str, Any]]]
    edges: Callable[[Node, str], Iterable[Edge]]
    is_over: Callable[[], bool]
    most: int


def walk(world: World, start: Node, direction: Direction, depth: int) -> Found:
    """Walk from a node up, down, or both ways; never up and then down again."""
    found = Found()
    _look_at(world, found, [start])
    for way in ("up", "down") if direction == "both" else (direction,):
        _walk_one_way(world, found, start, way, depth)
    # Anybody may name any dataset. How many others use it is nobody's business.
    told = {node for edge in found.edges if edge.source.kind != "dataset" for node in (edge.source, edge.target)}
    found.hidden &= told
    found.edges = {edge: None for edge in found.edges if {edge.source, edge.target} <= found.shown.keys()}
    return found


def _walk_one_way(world: World, found: Found, start: Node, way: str, depth: int) -> None:
    done: set[Node] = set()
    ring = [start] if start in found.shown else []
    for _ in range(depth):
        reached: dict[Node, None] = {}
        for node in ring:
            if world.is_over():
                found.is_cut = True
                return
            for edge in world.edges(node, way):
                found.edges[edge] = None
                reached[edge.source if way == "up" else edge.target] = None
        done.update(ring)
        _look_at(world, found, [node for node in reached if node not in found.shown])
        ring = [node for node in reached if node in found.shown and node not in done]
        if not ring:
            return
    found.is_cut = True


def _look_at(world: World, found: Found, nodes: Sequence[Node]) -> None:
    """Show these nodes, as many as there is room for."""
    taken = nodes[: max(0, world.most - len(found.shown))]
    found.is_cut |= len(taken) < len(nodes)
    shown = world.shown(taken)
    found.shown |= shown
    found.hidden |= set(taken) - shown.keys()
