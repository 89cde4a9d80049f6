"""`cumulog runs watch`: the points of a run as they come, until it ends."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.text import number, printable

_MOST_KEYS = 50
_OPEN = ("RUNNING", "SCHEDULED")


@click.command("watch", cls=Command, has_json=False, help="Follow a run: a line for each new point, until it ends.")
@click.argument("run", shell_complete=completing.runs)
@click.option("--experiment", shell_complete=completing.experiments, help="Where a run of this name is looked for.")
@click.option("--metric", "metrics", multiple=True, help="Only this metric. May be repeated.")
@click.option("--seconds", type=click.FloatRange(0.0), default=2.0, show_default=True, help="Between two questions.")
@click.pass_obj
def watch(session: Session, run: str, experiment: str | None, metrics: tuple[str, ...], seconds: float) -> int:
    run_id = finding.run(session.client, run, experiment)["info"]["run_id"]
    cursors: dict[tuple[str, ...], str] = {}
    seen: set[tuple[str, int, Any]] = set()
    while True:
        # First the status: what was logged before a run ended is in the answer to a question after that.
        found = session.client.runs.get(run_id)["run"]
        keys = tuple(metrics) or tuple(sorted(each["key"] for each in found["data"].get("metrics", ())))
        for at in range(0, len(keys), _MOST_KEYS):
            for line in _new(session, run_id, keys[at : at + _MOST_KEYS], cursors, seen):
                click.echo(line)
        status = found["info"]["status"]
        if status not in _OPEN:
            click.echo(f"The run has ended: {status}.", err=True)
            return 0
        time.sleep(seconds)


def _new(
    session: Session,
    run_id: str,
    keys: tuple[str, ...],
    cursors: dict[tuple[str, ...], str],
    seen: set[tuple[str, int, Any]],
) -> Iterator[str]:
    reply = session.client.series([run_id], list(keys), points=2048, since=cursors.get(keys))
    cursors[keys] = reply["since"]
    for curve in reply["series"]:
        key = reply["keys"][curve["key"]]
        for x, value in points(curve):
            # A point may come again.
            if (key, x, value) not in seen:
                seen.add((key, x, value))
                yield f"{printable(key)}\t{x}\t{number(value)}"


def points(curve: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
    """The points of a curve; of a bucket its last one."""
    if curve["exact"]:
        return zip(curve["x"], curve["value"], strict=True)
    return zip(curve["end"], curve["last"], strict=True)
