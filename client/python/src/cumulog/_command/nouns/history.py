"""`cumulog models audit, verify, state, lineage`: what became of a registered model, and where a version comes from."""

import time
from typing import Any

import click

from cumulog._command.frame import completing, exits, finding
from cumulog._command.frame.limited import limited
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Card, Line, Rows
from cumulog._command.shown.text import number, second

# The server's clock may be ahead of ours.
_AHEAD_MS = 3_600_000


@click.command("audit", cls=Command, help="List the audit chain of a model, oldest first.")
@click.argument("name", shell_complete=completing.models)
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="How many links at most.")
@click.pass_obj
def audit(session: Session, name: str, limit: int) -> Rows:
    pages = session.client.pages(session.client.registry.get_audit, name=name)
    with finding.suggesting_models(session.client, name):
        found, notes = limited(pages, "entries", limit)
    columns = [
        Column("#", lambda each: each["sequence"], is_number=True),
        Column("AT (UTC)", lambda each: second(each["at"])),
        Column("WHO", lambda each: each["who"]),
        Column("ACTION", lambda each: each["action"]),
        Column("VERSION", lambda each: each.get("version") or "", is_number=True),
        Column("WHAT", _what),
        Column("DIGEST", lambda each: each["digest"][:12], lambda each: each["digest"]),
    ]
    return Rows(found, columns, notes=notes)


@click.command(
    "verify", cls=Command, help="Check the audit chain of a model, and whether it agrees with what is stored."
)
@click.argument("name", shell_complete=completing.models)
@click.option("--link", metavar="SEQUENCE:DIGEST", help="A link that you noted once: is it still there?")
@click.pass_obj
def verify(session: Session, name: str, link: str | None) -> Card:
    fields: dict[str, Any] = {"name": name}
    if link:
        sequence, colon, digest = link.partition(":")
        if not (colon and sequence.isdigit() and digest):
            raise click.UsageError("--link is a number and a digest, with a colon between them.")
        fields |= {"sequence": int(sequence), "digest": digest}
    with finding.suggesting_models(session.client, name):
        *_, found = session.client.pages(session.client.registry.verify_audit, **fields)
    is_good = bool(found["valid"] and found.get("state_matches", True))
    head = found.get("head", {})
    entries = [
        Line("model", name),
        Line("chain", "holds" if found["valid"] else f"BROKEN at link {found.get('first_bad_link')}"),
        Line("reason", found.get("reason", "")),
        Line("links", found.get("entries", "")),
        Line("stored state", "agrees" if found.get("state_matches", True) else "DIFFERS from what the chain tells"),
        Line("differences", "; ".join(map(str, found.get("differences", ())))),
        Line("head", f"{head.get('sequence', '')}:{head.get('digest', '')}" if head else ""),
    ]
    notes = (
        ["Note the head where nobody who writes to the table can change it: --link checks it later."] if head else []
    )
    return Card(found, entries, notes=notes, code=exits.OK if is_good else exits.FAILED)


@click.command("state", cls=Command, help="Show which version held each stage and alias at a time.")
@click.argument("name", shell_complete=completing.models)
@click.option("--at", metavar="TIME", help="ISO 8601, such as 2026-11-01T12:00:00Z, or milliseconds; default: now.")
@click.pass_obj
def state(session: Session, name: str, at: str | None) -> Card:
    found = session.client.registry.get_state(at or str(time.time_ns() // 1_000_000 + _AHEAD_MS), name=name)
    stages = [
        Line(f"  {stage}", ", ".join(map(str, versions)) or "-") for stage, versions in found.get("stages", {}).items()
    ]
    aliases = [Line(f"  {alias}", version) for alias, version in found.get("aliases", {}).items()]
    entries = [
        Line("model", found.get("name", name)),
        Line("at", f"{second(found['at'])} UTC" if at else "now"),
        Line("existed", "yes" if found["exists"] else "no"),
        *([Line("stages", None), *stages] if stages else []),
        *([Line("aliases", None), *aliases] if aliases else []),
    ]
    return Card(found, entries)


@click.command(
    "lineage", cls=Command, help="Show where a version comes from: who made it, its model, its run and data."
)
@click.argument("name", shell_complete=completing.models)
@click.argument("version")
@click.pass_obj
def lineage(session: Session, name: str, version: str) -> Card:
    with finding.suggesting_models(session.client, name):
        found = session.client.registry.get_lineage(name, version)
    run, model, made = found.get("run") or {}, found.get("logged_model") or {}, found.get("created") or {}
    entries = [
        Line("version", f"{name} {version}, {found['model_version']['current_stage']}"),
        Line("source", found["model_version"].get("source", "")),
        Line("made", f"{second(made.get('at'))} UTC by {made.get('who', '')}" if made else ""),
        *_requests(found.get("requests", ())),
        *_logged_model(model),
        *_run(run),
        Line("missing", ", ".join(map(str, found.get("missing", ())))),
    ]
    return Card(found, entries)


def _what(entry: Any) -> str:
    """The details of a link as a line."""
    plain = {name: value for name, value in entry.get("details", {}).items() if isinstance(value, str | int) and value}
    return ", ".join(f"{name}={value}" for name, value in plain.items())


def _requests(found: Any) -> list[Line]:
    lines = [
        Line(f"  to {each['to_stage']}", f"{each['status']} by {each['requester'] or 'anonymous'}") for each in found
    ]
    return [Line("requests", None), *lines] if lines else []


def _logged_model(model: Any) -> list[Line]:
    info, data = model.get("info", {}), model.get("data", {})
    if not info:
        return []
    metrics = [Line(f"  {each['key']}", number(each["value"]), each["value"]) for each in data.get("metrics", ())]
    return [Line("logged model", f"{info['name']} {info['model_id']}, {info['status']}"), *metrics]


def _run(run: Any) -> list[Line]:
    info = run.get("info", {})
    if not info:
        return []
    datasets = [
        Line("  dataset", f"{each['dataset']['name']} {each['dataset']['digest']}")
        for each in run.get("inputs", {}).get("dataset_inputs", ())
    ]
    tags = {tag["key"]: tag["value"] for tag in run.get("data", {}).get("tags", ())}
    commit = tags.get("mlflow.source.git.commit", "")
    return [
        Line("run", f"{info.get('run_name', '')} {info['run_id']}, {info['status']}"),
        Line("  commit", commit),
        *datasets,
    ]


COMMANDS = (audit, verify, state, lineage)
