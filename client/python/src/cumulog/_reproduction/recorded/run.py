"""A run as it is known: its record, what it logged, and what is missing of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

SEED = "cumulog.seed."
REPRODUCES = "cumulog.reproduces"
# Of no interest to what a program computes, or different in each environment and folder.
_INCIDENTAL = ("VIRTUAL_ENV", "CONDA_DEFAULT_ENV", "PYTHONPATH")
_PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9][\w.\-]*)(?:\[[^\]]*\])?\s*(?:==\s*(?P<version>[^\s;\\]+)|@\s*(?P<origin>\S+))"
)


class Missing(NamedTuple):
    """What a record lacks, in a sentence. `kind` is code, command, packages, variables, data or seeds."""

    kind: str
    sentence: str


class Dataset(NamedTuple):
    """A dataset that the run logged, as it was logged. `digest` may be any text."""

    name: str
    digest: str
    source_type: str
    source: str


class Invocation(NamedTuple):
    """How the process was started: a script or a module with arguments, or else the words of a whole `command`.

    `folder` is where; it and `script` are relative to the top of the code if they lie below it.
    """

    script: str = ""
    module: str = ""
    arguments: tuple[str, ...] = ()
    folder: str = "."
    options: tuple[str, ...] = ()
    command: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.script or self.module or self.command)


class Code(NamedTuple):
    """Where the code is from: a commit, and the folder on the machine that ran it. A repository may have no commit."""

    has_git: bool = False
    commit: str = ""
    remote: str = ""
    root: str = ""
    left_out: tuple[tuple[str, str], ...] = ()


class Described(NamedTuple):
    """What a run says of its making; texts are empty where it says nothing. `requirements` are its packages."""

    code: Code
    invocation: Invocation
    python: str
    requirements: str
    lock: str
    missing: tuple[Missing, ...]


class Recorded(NamedTuple):
    """`document` is run.json, `project` project.json, `files` the other files of the record, by their paths.

    All three are empty of a run of another client. The rest is as `Described` has it.
    """

    run_id: str
    experiment_id: str
    name: str
    status: str
    tags: Mapping[str, str]
    params: Mapping[str, str]
    document: Mapping[str, Any]
    project: Mapping[str, Any]
    files: Mapping[str, Path]
    datasets: tuple[Dataset, ...]
    code: Code
    invocation: Invocation
    python: str
    requirements: str
    lock: str
    missing: tuple[Missing, ...]

    @property
    def seeds(self) -> dict[str, str]:
        return {key.removeprefix(SEED): value for key, value in self.tags.items() if key.startswith(SEED)}

    @property
    def variables(self) -> dict[str, str]:
        """The variables that were recorded, but for those that say where an environment lies."""
        found: Mapping[str, str] = self.document.get("environment") or {}
        return {name: value for name, value in found.items() if name not in _INCIDENTAL}

    @property
    def packages(self) -> dict[str, str]:
        return packages(self.requirements)

    @property
    def is_project(self) -> bool:
        """Was it run by `cumulog run`, or `mlflow run`?"""
        return bool(self.project) or self.tags.get("mlflow.source.type") == "PROJECT"


def packages(requirements: str) -> dict[str, str]:
    """The version of each package that requirements pin, or where it is from."""
    matches = (_PIN.match(line.strip()) for line in requirements.splitlines())
    named = {
        re.sub(r"[-_.]+", "-", each["name"]).lower(): each["version"] or each["origin"] for each in matches if each
    }
    return dict(sorted(named.items()))


def digests(lock: str) -> dict[str, set[str]]:
    """The digests of each package in a lock, by name and version."""
    found: dict[str, set[str]] = {}
    for line in re.sub(r"\s*\\\r?\n\s*", " ", lock).splitlines():
        for name, version in packages(line.partition(" --hash=")[0]).items():
            found[f"{name}=={version}"] = {*re.findall(r"--hash=(\S+)", line)}
    return found
