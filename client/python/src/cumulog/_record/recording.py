"""What is recorded of a run, in this order: the tags, run.json, the patch and the packages; then a lock, by uv."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cumulog._fluent import artifacts, environment
from cumulog._fluent.runs import Run
from cumulog._record import code, facts, git, packages

FOLDER = "cumulog"


class Recording(Protocol):
    """The recording of one run, as far as this module needs it (`beginning.py`). `folder` is the working directory."""

    run: Run
    folder: Path
    with_files: bool
    is_closed: bool

    def do(self, step: Callable[[], object]) -> None:
        """Log something, unless the run has ended."""

    def has_cheap_part(self) -> None:
        """The end of the run need not wait for what follows."""


def record(recording: Recording) -> None:
    """Record a run until it is all there, or the run ends."""
    state = git.state(recording.folder)
    kept = code.of(state.root) if state else None
    if state and kept:
        tags = facts.tags(state, bool(kept.patch or kept.untracked or kept.left_out))
        recording.do(lambda: recording.run.tags(tags))
    if not recording.with_files:
        return
    _write(recording, "run.json", json.dumps(facts.of(state, kept, recording.folder), indent=2).encode())
    _write(recording, "changes.patch", kept.patch if kept else b"")
    _write(recording, "untracked.tar.gz", kept.archive if kept else b"")
    for name, content in code.locks(recording.folder, state.root if state else None).items():
        _write(recording, f"locks/{name}", content)
    requirements = packages.installed()
    _write(recording, "requirements.txt", requirements.encode())
    recording.has_cheap_part()
    # uv asks a package index, which not everybody wants.
    if not recording.is_closed and not environment.is_off("CUMULOG_RECORD_LOCK"):
        _write(recording, "requirements.lock", packages.locked(requirements).encode())


def _write(recording: Recording, name: str, content: bytes) -> None:
    if content:
        recording.do(
            lambda: artifacts.made(
                recording.run, f"{FOLDER}/{name}", lambda place: place.write_bytes(content), is_record=True
            )
        )
