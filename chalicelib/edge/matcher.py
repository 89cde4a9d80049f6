"""API Gateway's choice of a route: literal parts first, then `{name}`, then greedy `{name+}`.

Chalice's own local matcher knows no greedy routes, and tries every pattern in turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

_ONE = "{}"
_REST = "{+}"


@dataclass
class Node:
    """One step of a path; `pattern` is the route that ends here."""

    children: "dict[str, Node]" = field(default_factory=dict)
    pattern: str | None = None


class RouteTable(NamedTuple):
    literal: frozenset[str]
    root: Node


class Match(NamedTuple):
    """`parameters` is None for a route without any, as in API Gateway's event; its values are still encoded."""

    pattern: str
    parameters: dict[str, str] | None


def table(patterns: Iterable[str]) -> RouteTable:
    """Routes such as `/a`, `/a/{name}/b` and `/a/{proxy+}`, ready for `find`."""
    listed = list(patterns)
    root = Node()
    for pattern in listed:
        if "{" in pattern:
            node = root
            for part in _parts(pattern):
                node = node.children.setdefault(_kind(part), Node())
            node.pattern = pattern
    return RouteTable(frozenset(pattern for pattern in listed if "{" not in pattern), root)


def find(routes: RouteTable, path: str) -> Match | None:
    """The route of an encoded path, or None. Like API Gateway, it overlooks one slash at the end."""
    trimmed = path[:-1] if len(path) > 1 and path.endswith("/") else path
    if trimmed in routes.literal:
        return Match(trimmed, None)
    for candidate in dict.fromkeys((trimmed, path)):
        parts = _parts(candidate)
        pattern = _walk(routes.root, parts, 0)
        if pattern is not None:
            return Match(pattern, _parameters(pattern, _parts(path)))
    return None


def _walk(node: Node, parts: list[str], at: int) -> str | None:
    if at == len(parts):
        return node.pattern
    for key in (parts[at], _ONE):
        # An empty part is no value of a parameter: `/runs//metrics` is no run.
        if key in node.children and parts[at]:
            found = _walk(node.children[key], parts, at + 1)
            if found is not None:
                return found
    greedy = node.children.get(_REST)
    return greedy.pattern if greedy and any(parts[at:]) else None


def _parameters(pattern: str, parts: list[str]) -> dict[str, str]:
    values = {}
    for at, part in enumerate(_parts(pattern)):
        if part.endswith("+}"):
            values[part[1:-2]] = "/".join(parts[at:])
        elif part.startswith("{"):
            values[part[1:-1]] = parts[at]
    return values


def _kind(part: str) -> str:
    if part.endswith("+}"):
        return _REST
    return _ONE if part.startswith("{") else part


def _parts(path: str) -> list[str]:
    return path[1:].split("/")
