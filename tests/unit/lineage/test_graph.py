from collections.abc import Sequence
from typing import Any

from chalicelib.lineage import graph
from chalicelib.lineage.graph import Edge, Found, Node, World


def run(name: str) -> Node:
    return Node("run", name)


def walked(
    pairs: Sequence[str], start: str, way: Any = "down", depth: int = 9, most: int = 99, closed: str = ""
) -> Found:
    """A walk among runs that are named by letters; "ab" is an edge from a to b. Who is `closed` cannot be read."""
    edges = [Edge(run(one), run(other), "child") for one, other in pairs]

    def shown(nodes: Sequence[Node]) -> dict[Node, dict[str, Any]]:
        return {node: {} for node in nodes if node.id not in closed}

    def beside(node: Node, way: str) -> list[Edge]:
        return [edge for edge in edges if (edge.target if way == "up" else edge.source) == node]

    return graph.walk(World(shown, beside, lambda: False, most), run(start), way, depth)


def names(found: Found) -> str:
    return "".join(sorted(node.id for node in found.shown))


def test_a_walk_goes_one_way() -> None:
    pairs = ["ab", "bc", "xb", "ay"]

    assert names(walked(pairs, "b", "down")) == "bc"
    assert names(walked(pairs, "b", "up")) == "abx"
    assert names(walked(pairs, "b", "both")) == "abcx"


def test_a_circle_ends() -> None:
    found = walked(["ab", "bc", "ca"], "a")

    assert (names(found), len(found.edges), found.is_cut) == ("abc", 3, False)


def test_nobody_walks_through_what_may_not_be_read() -> None:
    found = walked(["ab", "bc"], "a", closed="b")

    assert (names(found), found.edges, found.hidden) == ("a", {}, {run("b")})


def test_how_many_others_use_a_dataset_is_not_told() -> None:
    data = Node("dataset", "wines@abc")
    world = World(
        lambda nodes: {node: {} for node in nodes if node == data},
        lambda node, way: [Edge(data, run("a"), "input")],
        lambda: False,
        9,
    )

    assert graph.walk(world, data, "down", 3).hidden == set()


def test_what_is_beyond_the_depth_or_the_room_is_cut() -> None:
    chain = ["ab", "bc", "cd"]

    assert (names(walked(chain, "a", depth=2)), walked(chain, "a", depth=2).is_cut) == ("abc", True)
    assert (names(walked(chain, "a", most=2)), walked(chain, "a", most=2).is_cut) == ("ab", True)
    assert walked(chain, "a").is_cut is False
