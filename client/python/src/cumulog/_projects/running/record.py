"""The record of a project's run: the one that every run has, of the project's folder, and `cumulog/project.json`."""

import json
import os
from collections.abc import Callable
from typing import Any

from cumulog._fluent import artifacts, environment
from cumulog._fluent.quiet import told
from cumulog._fluent.runs import Run, once
from cumulog._journal import places
from cumulog._projects.environments.prepared import Prepared
from cumulog._projects.running import inputs
from cumulog._projects.running.order import Order
from cumulog._record import collecting, confidential, facts
from cumulog._record.started import Started
from cumulog._record.wanted import LOCK, REQUIREMENTS, RUN_FILE, Wanted

PROJECT_FILE = "cumulog/project.json"
FORMAT = 1


def log(run: Run, order: Order, prepared: Prepared) -> None:
    """Log what is run, before it is. Whatever goes wrong is said, and the run goes on."""
    wanted = os.environ.get("CUMULOG_RECORD", "").strip().lower()
    if environment.is_off("CUMULOG_RECORD"):
        return
    try:
        _log(run, started(order, prepared), prepared, with_files=wanted != "tags")
    except Exception as error:  # noqa: BLE001 - a repository may be broken in any way
        once(f"What was run is not recorded: {told(error)}")


def started(order: Order, prepared: Prepared) -> Started:
    """The command as if its process told of itself."""
    journals = [str(folder.resolve()) for folder in places.folders()]
    # What the environment was built from is its lock, which nobody need ask for again.
    variables = {**os.environ, "CUMULOG_RECORD_LOCK": "off"}
    folder, packages = str(order.project.folder), [*prepared.packages]
    return Started(folder, [], [order.command.shown], variables, "", dict(prepared.python), packages, [], journals, [])


def _log(run: Run, begun: Started, prepared: Prepared, *, with_files: bool) -> None:
    for part in collecting.collected(Wanted(begun, with_files)):
        if part.tags:
            run.tags(part.tags)
        if part.path == RUN_FILE:
            logged(run, RUN_FILE, _with_lock(part.content, prepared.lock))
        elif part.path and not (part.path == REQUIREMENTS and not part.content):
            logged(run, part.path, part.content)
    if with_files and prepared.lock:
        logged(run, LOCK, prepared.lock)


def _with_lock(content: bytes, lock: bytes) -> bytes:
    document = json.loads(content)
    document["lock"] = {"path": LOCK} if lock else {"why_none": "the environment was not built from a lock"}
    if lock:
        document["files"][LOCK] = facts.described(lock)
    document["pending"] = []
    return json.dumps(document, indent=2).encode()


def logged(run: Run, path: str, content: bytes) -> None:
    artifacts.made(run, path, lambda place: place.write_bytes(content), is_record=True)


def project(order: Order, manager: str, prepared: Prepared | None) -> dict[str, Any]:
    """The document about a project, before it runs."""
    source, entry, values = order.source, order.entry, order.values
    told: dict[str, Any] = {
        "source": {
            "uri": source.uri,
            "version": source.version,
            "commit": source.commit,
            "subfolder": source.subfolder,
        },
        "project": order.project.name,
        "entry_point": {"name": entry.name, "command": entry.command},
        "parameters": {"given": values.given, "resolved": {**values.declared, **values.extra}},
        "command": order.command.shown,
        "environment": {
            "kind": order.project.environment.kind,
            "manager": manager,
            "python": dict(prepared.python) if prepared else {},
            "lock": LOCK if prepared and prepared.lock else "",
        },
    }
    masked: dict[str, Any] = {name: confidential.masked_data(value) for name, value in told.items()}
    return {"format": FORMAT, **masked, "inputs": inputs.described(entry, values)}


def log_project(run: Run, document: Callable[[], dict[str, Any]]) -> None:
    """Log the document; it is logged again when more is known."""
    artifacts.made(
        run, PROJECT_FILE, lambda place: place.write_text(json.dumps(document(), indent=2), encoding="utf-8")
    )
