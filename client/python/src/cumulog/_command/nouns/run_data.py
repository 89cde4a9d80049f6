"""`cumulog runs show` and `compare`."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Card, Line, Result, Rows
from cumulog._command.shown.text import lasted, number, second

_PARENT = "mlflow.parentRunId"


@click.command("show", cls=Command, help="Show a run: its params, latest metrics, models and tags.")
@click.argument("run", shell_complete=completing.runs)
@click.option("--experiment", shell_complete=completing.experiments, help="Where a run of this name is looked for.")
@click.option("--all-tags", is_flag=True, help="Also the tags that MLflow sets itself.")
@click.pass_obj
def show(session: Session, run: str, experiment: str | None, all_tags: bool) -> Card:
    found = finding.run(session.client, run, experiment)
    fields = fields_of(found)
    tags = {key: value for key, value in fields["tags"].items() if all_tags or not key.startswith("mlflow.")}
    made = found.get("outputs", {}).get("model_outputs", ())
    lines = [
        *_head(fields),
        *_below("params", [Line(f"  {key}", value) for key, value in sorted(fields["params"].items())]),
        *_below("metrics", [_metric(key, each) for key, each in sorted(fields["metrics"].items())]),
        *_below("models", [Line(f"  step {each.get('step', 0)}", f"models:/{each['model_id']}") for each in made]),
        *_below("tags", [Line(f"  {key}", value) for key, value in sorted(tags.items())]),
    ]
    return Card(fields, lines)


def _head(fields: Mapping[str, Any]) -> list[Line]:
    start, end = fields.get("start_time"), fields.get("end_time")
    return [
        Line("run", fields["run_id"]),
        Line("name", fields["run_name"]),
        Line("experiment", fields["experiment_id"]),
        Line("parent", fields["tags"].get(_PARENT, "")),
        Line("status", f"{fields['status']}{' (deleted)' if fields['lifecycle_stage'] == 'deleted' else ''}"),
        Line("user", fields["user_id"]),
        Line("started (UTC)", second(start)),
        Line("took", lasted(start, end)),
        Line("artifacts", fields["artifact_uri"]),
    ]


def _below(heading: str, lines: list[Line]) -> list[Line]:
    return [Line(heading, None), *lines] if lines else []


def _metric(key: str, each: Mapping[str, Any]) -> Line:
    after = f"  (step {each['step']})"
    return Line(f"  {key}", number(each["value"]) + after, f"{each['value']}{after}")


class _Comparison(Rows):
    """Differences as rows; the JSON also has the runs."""

    def shown(self, looks: Any) -> Any:
        differences = self.fields["differences"]
        # A note says it to people.
        return Rows(differences, self.columns).shown(looks) if differences or not looks.is_terminal else iter(())


@click.command("compare", cls=Command, help="Show the params and metrics in which runs differ.")
@click.argument("run", shell_complete=completing.runs, nargs=-1, required=True)
@click.option("--experiment", shell_complete=completing.experiments, help="Where runs of these names are looked for.")
@click.option("--all", "is_all", is_flag=True, help="Also what is the same in all of them.")
@click.pass_obj
def compare(session: Session, run: Sequence[str], experiment: str | None, is_all: bool) -> Result:
    found = [fields_of(each) for each in finding.runs(session.client, run, experiment)]
    differences = [each for each in compared(found) if is_all or len(set(map(str, each["values"]))) > 1]
    columns = [
        Column("KIND", lambda row: row["kind"]),
        Column("KEY", lambda row: row["key"], least=16),
        *(_column(at, f"{each['run_name'] or '(no name)'} {each['run_id'][:8]}") for at, each in enumerate(found)),
    ]
    fields = {"runs": [each["run_id"] for each in found], "differences": differences}
    return _Comparison(fields, columns, notes=() if differences else ["They do not differ."])


def compared(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row for each param and metric: its values in the order of the runs, None where a run has none."""
    rows = []
    for kind in ("params", "metrics"):
        keys = sorted({key for each in found for key in each[kind]})
        rows += [
            {"kind": kind[:-1], "key": key, "values": [_value(each[kind].get(key)) for each in found]} for key in keys
        ]
    return rows


def fields_of(run: Mapping[str, Any]) -> dict[str, Any]:
    """A run of the server's as the command's JSON has it."""
    info, data = run["info"], run["data"]
    times = {name: info[name] for name in ("start_time", "end_time") if info.get(name)}
    return {
        **{
            name: info.get(name, "")
            for name in (
                "run_id",
                "run_name",
                "experiment_id",
                "status",
                "lifecycle_stage",
                "user_id",
                "artifact_uri",
            )
        },
        **times,
        "params": {each["key"]: each["value"] for each in data.get("params", ())},
        "metrics": {
            each["key"]: {name: each[name] for name in ("value", "step", "timestamp")}
            for each in data.get("metrics", ())
        },
        "tags": {each["key"]: each["value"] for each in data.get("tags", ())},
    }


def _value(each: Any) -> Any:
    return each["value"] if isinstance(each, dict) else each


def _column(at: int, heading: str) -> Column:
    return Column(heading, lambda row: number(row["values"][at]), lambda row: _whole(row["values"][at]), True, 12)


def _whole(value: Any) -> str:
    return "" if value is None else str(value)
