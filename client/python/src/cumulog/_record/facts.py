"""The record as one document, `cumulog/run.json`."""

import os
import sys
import time
from pathlib import Path
from typing import Any

from cumulog._record import machine
from cumulog._record.code import Code
from cumulog._record.confidential import masked_arguments, masked_data, masked_url
from cumulog._record.git import State

FORMAT = 1


def of(state: State | None, code: Code | None, folder: Path) -> dict[str, Any]:
    """What was run, as plain data without secrets. `folder` is the working directory."""
    recorded = {
        "format": FORMAT,
        "recorded": time.time_ns() // 1_000_000,
        "entry_point": entry_point(state, folder),
        "git": _git(state, code) if state else None,
        "python": machine.python(),
        "environment": machine.environment(os.environ),
        "host": machine.host(),
        "launcher": machine.launcher(os.environ),
        "accelerators": machine.accelerators(),
        "blas_threads": machine.blas_threads(),
    }
    masked: dict[str, Any] = {name: masked_data(value) for name, value in recorded.items()}
    return masked


def entry_point(state: State | None, folder: Path) -> dict[str, Any]:
    """The script or module, its arguments, and where it ran; paths below the repository's root are relative to it."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    script = sys.argv[0] if sys.argv and sys.argv[0] else ""
    return {
        "script": "" if spec else _below(state, folder / script) if script else "<console>",
        "module": spec.name.removesuffix(".__main__") if spec else "",
        "arguments": masked_arguments(sys.argv[1:]),
        "working_directory": _below(state, folder),
    }


def tags(state: State, is_dirty: bool) -> dict[str, str]:
    """The tags by which MLflow names the code."""
    return {
        "mlflow.source.git.commit": state.commit,
        **({"mlflow.source.git.branch": state.branch} if state.branch else {}),
        **({"mlflow.source.git.repoURL": masked_url(state.remote)} if state.remote else {}),
        "mlflow.source.git.dirty": str(is_dirty).lower(),
    }


def _git(state: State, code: Code | None) -> dict[str, Any]:
    left_out = [each._asdict() for each in code.left_out] if code else []
    return {
        "commit": state.commit,
        "branch": state.branch,
        "remote": masked_url(state.remote),
        "has_patch": bool(code and code.patch),
        "untracked": code.untracked if code else [],
        "left_out": left_out,
        # Commit, patch and untracked files give the files that ran.
        "is_complete": code is not None and not left_out,
    }


def _below(state: State | None, path: Path) -> str:
    try:
        resolved = path.resolve()
        return resolved.relative_to(state.root.resolve()).as_posix() if state else str(resolved)
    except (OSError, ValueError):
        return str(path)
