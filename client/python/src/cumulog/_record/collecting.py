"""What is recorded of a run, part by part. A process of its own collects it (`process.py`)."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cumulog._fluent import environment
from cumulog._record import code, facts, git, machine, packages
from cumulog._record.confidential import masked
from cumulog._record.parts import Part
from cumulog._record.started import Started
from cumulog._record.wanted import FOLDER, LOCK, REQUIREMENTS, RUN_FILE, Wanted


def collected(wanted: Wanted) -> Iterator[Part]:
    """The parts of a record in the order in which they are logged."""
    return _rest(wanted) if wanted.run else _first(wanted.started, wanted.with_files)


def _first(started: Started, with_files: bool) -> Iterator[Part]:
    """What asks only git and the disk."""
    state, why = _state(started)
    kept = None
    if state:
        yield Part.of_tags(facts.tags(state))
        kept = code.of(state, started.journals, _loaded(started))
        if state.commit:
            yield Part.of_tags({"mlflow.source.git.dirty": str(kept.is_changed).lower()})
    if with_files:
        kept = kept or _sources(started)
        files = _files(started, state, kept)
        yield from (Part.of_file(path, content) for path, content in files.items())
        told = facts.of(started, state, kept, files)
        why_not = _no_lock(started)
        told |= {"why_no_git": masked(why), "accelerators": [], "lock": why_not, "pending": _pending(why_not)}
        yield _described(told)


def _state(started: Started) -> tuple[git.State | None, str]:
    """The repository of the script, unless it was installed; else that of the working directory."""
    script = started.script()
    is_own = script is not None and not {"site-packages", "bin"} & {*script.parts}
    folders = dict.fromkeys((*((script.parent,) if script and is_own else ()), Path(started.folder)))
    states = [git.state(folder) for folder in folders]
    return next((each for each in states if each[0]), states[0])


def _sources(started: Started) -> code.Code | None:
    """The script and what it had loaded from its folder, where no repository keeps them."""
    script = started.script()
    if not script:
        return None
    return code.without_git(script.absolute().parent, _loaded(started))


def _loaded(started: Started) -> list[Path]:
    """The script, and the modules that it had loaded from its folder."""
    script = started.script()
    return [script.absolute(), *(Path(each) for each in started.sources)] if script else []


def _files(started: Started, state: git.State | None, kept: code.Code | None) -> dict[str, bytes]:
    """The files beside run.json, by path; none of them is empty."""
    locks = code.locks(Path(started.folder), state.root if state else None)
    named = {
        "changes.patch": kept.patch if kept else b"",
        "untracked.tar.gz" if state else "sources.tar.gz": kept.archive if kept else b"",
        **{f"locks/{name}": content for name, content in locks.items()},
    }
    found = {f"{FOLDER}/{name}": content for name, content in named.items() if content}
    return found | {REQUIREMENTS: packages.installed(started.path).encode()}


def _pending(no_lock: Mapping[str, str]) -> list[str]:
    """What other programs have to be asked for, which takes seconds."""
    return [*(["accelerators"] if machine.has_accelerators() else []), *([] if no_lock else ["lock"])]


def _no_lock(started: Started) -> dict[str, str]:
    """Why there will be no lock; empty if there may be one."""
    # uv asks a package index, which not everybody wants.
    if environment.is_off("CUMULOG_RECORD_LOCK", started.variables):
        return {"why_none": "CUMULOG_RECORD_LOCK is off"}
    return {} if packages.compile_command("") else {"why_none": "uv is not installed"}


def _rest(wanted: Wanted) -> Iterator[Part]:
    """What was pending."""
    told = json.loads(wanted.run)
    if "accelerators" in told["pending"]:
        told["accelerators"] = machine.accelerators()
    if "lock" in told["pending"]:
        lock = packages.locked(wanted.requirements, wanted.started.python["executable"])
        told["lock"] = {"why_none": lock.why} if lock.why else {"path": LOCK}
        if lock.output:
            told["files"][LOCK] = facts.described(lock.output)
            yield Part.of_file(LOCK, lock.output)
    yield _described(told | {"pending": []})


def _described(told: Mapping[str, Any]) -> Part:
    return Part.of_file(RUN_FILE, json.dumps(told, indent=2).encode())
