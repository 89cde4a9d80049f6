"""The record as one document, `cumulog/run.json`."""

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cumulog._http.version import VERSION
from cumulog._record import confidential, machine, notebooks
from cumulog._record.code import Code
from cumulog._record.git import State
from cumulog._record.started import Started

FORMAT = 1


def of(started: Started, state: State | None, code: Code | None, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What was run, as plain data without secrets. `files` are the others of the record, by their paths."""
    recorded = {
        "format": FORMAT,
        "client": f"cumulog {VERSION}",
        "recorded": time.time_ns() // 1_000_000,
        "entry_point": entry_point(started, state),
        "git": _git(state, code) if state else None,
        "sources": _sources(started, code) if code and not state else None,
        "python": started.python,
        "environment": machine.environment(started.variables),
        "host": machine.host(),
        "launcher": machine.launcher(started.variables),
        "blas_threads": started.blas_threads,
        "files": {path: described(content) for path, content in files.items()},
    }
    masked: dict[str, Any] = {name: confidential.masked_data(value) for name, value in recorded.items()}
    # Digits that seem random are what digests are.
    return masked | {"files": recorded["files"]}


def described(content: bytes) -> dict[str, Any]:
    """A file of the record: its length in bytes, and its digest."""
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def entry_point(started: Started, state: State | None) -> dict[str, Any]:
    """The script or module, its arguments, and where it ran; paths below the repository's root are relative to it."""
    script = started.script()
    is_notebook = notebooks.is_kernel(started.arguments)
    return {
        "script": "" if started.module or is_notebook else _below(state, script) if script else "<console>",
        "module": "" if is_notebook else started.module,
        "notebook": _below(state, script) if is_notebook and script else "",
        "arguments": [] if is_notebook else confidential.masked_arguments(started.arguments)[1:],
        "command": confidential.masked_arguments(started.command),
        "working_directory": _below(state, Path(started.folder)),
    }


def tags(state: State) -> dict[str, str]:
    """The tags by which MLflow names the code, without whether it was changed."""
    named = {
        "commit": state.commit,
        "branch": confidential.masked(state.branch),
        "repoURL": confidential.masked_url(state.remote),
    }
    return {f"mlflow.source.git.{name}": text for name, text in named.items() if text} if state.commit else {}


def _git(state: State, code: Code | None) -> dict[str, Any]:
    left_out = [each._asdict() for each in code.left_out] if code else []
    return {
        "root": str(state.root),
        "commit": state.commit,
        "branch": state.branch,
        "remote": confidential.masked_url(state.remote),
        "has_patch": bool(code and code.patch),
        "untracked": code.names if code else [],
        "left_out": left_out,
        # Commit, patch and untracked files give the files that ran; without a commit, patch and untracked files do.
        "is_complete": code is not None and not left_out,
    }


def _sources(started: Started, code: Code) -> dict[str, Any]:
    script = started.script()
    return {
        "folder": str(script.absolute().parent) if script else "",
        "names": code.names,
        "left_out": [each._asdict() for each in code.left_out],
    }


def _below(state: State | None, path: Path) -> str:
    try:
        resolved = path.resolve()
        return resolved.relative_to(state.root.resolve()).as_posix() if state else str(resolved)
    except (OSError, ValueError):
        return str(path)
