"""`cumulog runs watch`: the points of a run as they come, until it ends."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.text import number, printable
from cumulog._http.errors import ApiError
from cumulog._http.wire import TRANSIENT

_MOST_KEYS = 50
_POINTS = 2048
_OPEN = ("RUNNING", "SCHEDULED")


@click.command("watch", cls=Command, has_json=False, help="Follow a run: a line for each new point, until it ends.")
@click.argument("run", shell_complete=completing.runs)
@click.option("--experiment", shell_complete=completing.experiments, help="Where a run of this name is looked for.")
@click.option("--metric", "metrics", multiple=True, help="Only this metric. May be repeated.")
@click.option("--seconds", type=click.FloatRange(0.0), default=2.0, show_default=True, help="Between two questions.")
@click.pass_obj
def watch(session: Session, run: str, experiment: str | None, metrics: tuple[str, ...], seconds: float) -> int:
    watched = Watched(session, finding.run(session.client, run, experiment)["info"]["run_id"])
    while (status := watched.asked(metrics)) in _OPEN:
        time.sleep(seconds)
    click.echo(f"The run has ended: {printable(status)}.", err=True)
    return 0


class Watched:
    """A run that is followed: what was told of it already, and from where on to ask."""

    def __init__(self, session: Session, run_id: str) -> None:
        self._session = session
        self._run_id = run_id
        self._cursors: dict[tuple[str, ...], str] = {}
        self._told: set[tuple[str, int, Any]] = set()
        self._reached: dict[str, int] = {}
        self._is_away = False

    def asked(self, metrics: Sequence[str]) -> str:
        """Print what is new; returns the run's status. A server that is away for a moment is asked again."""
        try:
            # First the status: what was logged before a run ended is in the answer to a question after that.
            found = self._session.client.runs.get(self._run_id)["run"]
            keys = tuple(metrics) or tuple(sorted(each["key"] for each in found["data"].get("metrics", ())))
            for at in range(0, len(keys), _MOST_KEYS):
                for line in self._new(keys[at : at + _MOST_KEYS]):
                    click.echo(line)
        except ApiError as error:
            if error.status not in (0, *TRANSIENT):
                raise
            if not self._is_away:
                click.echo("The server does not answer. It is asked again.", err=True)
            self._is_away = True
            return _OPEN[0]
        self._is_away = False
        return found["info"]["status"]

    def _new(self, keys: tuple[str, ...]) -> Iterator[str]:
        since = self._cursors.get(keys)
        reply = self._session.client.series([self._run_id], list(keys), points=_POINTS, since=since)
        self._cursors[keys] = reply["since"]
        for curve in reply["series"]:
            key = reply["keys"][curve["key"]]
            # Without a cursor, as when a metric has joined the others, everything comes again.
            least = None if since else self._reached.get(key)
            for x, value in points(curve):
                is_told = (key, x, value) in self._told or (least is not None and x <= least)
                if not is_told:
                    self._told.add((key, x, value))
                    self._reached[key] = max(x, self._reached.get(key, x))
                    yield self._line(printable(key), x, value)

    def _line(self, key: str, x: int, value: Any) -> str:
        return f"{key:<24} {x:>10}  {number(value)}" if self._session.looks.is_terminal else f"{key}\t{x}\t{value}"


def points(curve: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
    """The points of a curve; of a bucket its last one."""
    if curve["exact"]:
        return zip(curve["x"], curve["value"], strict=True)
    return zip(curve["end"], curve["last"], strict=True)
