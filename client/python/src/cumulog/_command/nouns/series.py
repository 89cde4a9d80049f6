"""`cumulog series`."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.exits import NotFound
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.nouns.run_watch import points
from cumulog._command.shown.looks import Looks
from cumulog._command.shown.plot import mark, plot
from cumulog._command.shown.results import Result
from cumulog._command.shown.text import number, printable, second, span

_POINTS = 2048
# How an x reads that is no step.
_AXES: dict[str, Callable[[float], str]] = {"time": lambda ms: f"{second(round(ms))} UTC", "relative": span}


class _Curves(Result):
    """Curves as a plot; in a pipe as lines of run, metric, x and value."""

    labels: Sequence[str] = ()
    height = 15
    axis = "step"

    def shown(self, looks: Looks) -> Iterator[str]:
        if not looks.is_terminal:
            yield "RUN\tMETRIC\tX\tVALUE"
            for each in self.fields:
                key = printable(each["key"])
                for x, value in zip(each["x"], each["value"], strict=True):
                    yield f"{each['run_id']}\t{key}\t{x}\t{value}"
            return
        curves = [_finite(each) for each in self.fields]
        told = _AXES.get(self.axis, number)
        yield from plot(curves, looks.width, self.height, has_color=looks.has_color, told=told)
        for at, (label, each) in enumerate(zip(self.labels, self.fields, strict=True)):
            last = number(each["value"][-1]) if each["value"] else ""
            yield f"{mark(at, len(curves), has_color=looks.has_color)} {printable(label)}: {last}"


@click.command("series", cls=Command)
@click.argument("metric")
@click.argument("run", shell_complete=completing.runs, nargs=-1, required=True)
@click.option("--experiment", shell_complete=completing.experiments, help="Where runs of these names are looked for.")
@click.option(
    "--x",
    "axis",
    type=click.Choice(["step", "time", "relative"]),
    default="step",
    show_default=True,
    help="What the points are plotted over; a pipe and JSON get times in ms.",
)
@click.option("--height", type=click.IntRange(3, 200), default=15, show_default=True, help="In lines.")
@click.pass_obj
def command(session: Session, /, metric: str, run: Sequence[str], experiment: str | None, **how: Any) -> Result:
    """Plot a metric of runs. In a pipe, or with --json: its points, or where they are too many the last of each bucket.

    A server keeps NaN and infinities; a plot leaves them out.
    """
    found = finding.runs(session.client, run, experiment)
    names = {each["info"]["run_id"]: each["info"].get("run_name", "") for each in found}
    reply = session.client.series(list(names), [metric], x=_axis(how["axis"]), points=_POINTS)
    if metric in reply["missing"]["keys"]:
        known = {each["key"] for one in found for each in one["data"].get("metrics", ())}
        raise finding.missing("metric", metric, sorted(known))
    curves = [_fields(reply, curve) for curve in reply["series"]]
    if left := reply["left"]:
        raise NotFound(f"The server had no time for {', '.join(left)}: ask for fewer runs.")
    shown = _Curves(curves)
    shown.labels = [f"{names[each['run_id']]} {each['run_id'][:8]} {metric}".strip() for each in curves]
    shown.height, shown.axis = how["height"], how["axis"]
    return shown


def _axis(name: Any) -> Literal["step", "time", "relative"]:
    chosen: Literal["step", "time", "relative"] = name
    return chosen


def _fields(reply: Any, curve: Any) -> dict[str, Any]:
    found = list(points(curve))
    return {
        "run_id": reply["runs"][curve["run"]],
        "key": reply["keys"][curve["key"]],
        "x": [x for x, _ in found],
        "value": [value for _, value in found],
        "exact": curve["exact"],
    }


def _finite(each: Any) -> list[tuple[float, float]]:
    # What is not finite is text in JSON, which `float` reads.
    return [(float(x), float(value)) for x, value in zip(each["x"], each["value"], strict=True)]


COMMAND = command
