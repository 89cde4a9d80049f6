"""`cumulog lineage`: what a run, a version or data came from, and what came from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.looks import Looks
from cumulog._command.shown.results import Result
from cumulog._command.shown.text import printable

HELP = """Show what something came from, and what came from it.

ID is that of a run or a logged model; NAME/VERSION of a registered version; NAME@DIGEST of a dataset.
"""
Key = tuple[str, str]
_KINDS: Mapping[str, Any] = {
    "run": "run",
    "version": "model_version",
    "logged-model": "logged_model",
    "dataset": "dataset",
}


@click.command(cls=Command, help=HELP)
@click.argument("kind", type=click.Choice(tuple(_KINDS)))
@click.argument("id_", metavar="ID")
@click.option(
    "--direction",
    type=click.Choice(("up", "down", "both")),
    default="both",
    show_default=True,
    help="Which way to look.",
)
@click.option("--depth", type=click.IntRange(1, 20), default=6, show_default=True, help="At most so many steps away.")
@click.pass_obj
def command(session: Session, /, kind: str, id_: str, direction: Any, depth: int) -> "Graph":
    found = session.client.lineage.get_graph(_KINDS[kind], id_, direction=direction, depth=depth)
    notes = [f"{found['hidden']} more you may not read, or they are gone."] if found.get("hidden") else []
    notes += ["There may be more: --depth asks for it."] if found.get("cut") else []
    return Graph(found, found, notes=notes)


@dataclass
class Graph(Result):
    """Two trees from where one begins: up, and down."""

    graph: Mapping[str, Any]

    def shown(self, looks: Looks) -> Iterator[str]:  # noqa: ARG002 - a tree is a tree
        titles = {_key(node): _title(node) for node in self.graph["nodes"]}
        start = _key(self.graph["nodes"][0])
        yield printable(titles[start])
        for heading, here, there in (("came from", "target", "source"), ("led to", "source", "target")):
            ways: dict[Key, list[tuple[str, Key]]] = {}
            for edge in self.graph["edges"]:
                ways.setdefault(_key(edge[here]), []).append((edge["how"], _key(edge[there])))
            if start in ways:
                yield f"{heading}:"
                yield from map(printable, _branches([start], ways, titles))


def _branches(
    path: list[Key], ways: Mapping[Key, Sequence[tuple[str, Key]]], titles: Mapping[Key, str]
) -> Iterator[str]:
    for how, other in ways.get(path[-1], ()):
        yield f"{'  ' * len(path)}{how}: {titles.get(other, ' '.join(other))}"
        if other not in path:
            yield from _branches([*path, other], ways, titles)


def _key(node: Mapping[str, Any]) -> Key:
    return str(node["kind"]), str(node["id"])


def _title(node: Mapping[str, Any]) -> str:
    kind = node["kind"].replace("_", " ")
    more = [str(node[name]) for name in ("name", "stage", "status") if node.get(name)]
    more += [f"@{alias}" for alias in node.get("aliases", ())]
    return f"{kind} {node['id']}" + (f" ({', '.join(more)})" if more else "")


COMMAND = command
