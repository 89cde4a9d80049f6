"""A project as its files declare it, in the terms of MLflow's MLproject files."""

from pathlib import Path
from typing import Literal, NamedTuple

EnvironmentKind = Literal["python_env", "conda_env", "docker_env", "script", "uv_project", "requirements", "none"]


class Parameter(NamedTuple):
    """`kind` is string, float, path or uri; any other word means string, as it does to MLflow."""

    name: str
    kind: str = "string"
    default: str | None = None


class EntryPoint(NamedTuple):
    """`command` is a template: `{name}` stands for the value of a parameter, `{{` and `}}` for braces."""

    name: str
    command: str
    parameters: dict[str, Parameter]


class Docker(NamedTuple):
    """`environment` has names of variables to hand on, and pairs of name and value."""

    image: str
    volumes: tuple[str, ...] = ()
    environment: tuple[str | tuple[str, str], ...] = ()


class Environment(NamedTuple):
    """What a project wants to be installed.

    `path` is the file that says so: python_env.yaml, conda.yaml, a script with inline metadata (PEP 723),
    requirements.txt, or the folder of a pyproject.toml. It is None for docker and for none.
    """

    kind: EnvironmentKind = "none"
    path: Path | None = None
    docker: Docker | None = None


class Project(NamedTuple):
    """`folder` is where its commands run. `name` is empty if it has none."""

    folder: Path
    name: str
    entry_points: dict[str, EntryPoint]
    environment: Environment


class Values(NamedTuple):
    """The parameters of one run: `declared` in the order of the entry point, then `extra` in the order given.

    `given` is what was typed or is the default, and what is logged. The others are what the command gets, with absolute
    paths.
    """

    given: dict[str, str]
    declared: dict[str, str]
    extra: dict[str, str]


class Command(NamedTuple):
    """What is run: `arguments` with `variables` added to the environment. `shown` is the command as people read it."""

    arguments: list[str]
    variables: dict[str, str]
    shown: str


class Source(NamedTuple):
    """Where a project came from: `given` as it was typed, `folder` where it lies now.

    `uri` is `given` without credentials, and with `#subfolder`. `commit`, `branch` and `remote` are empty outside of
    git. `is_copy` says that `folder` was made for this run, and may be taken away after it. `note` is
    something that whoever runs it should know.
    """

    given: str
    uri: str
    folder: Path
    subfolder: str = ""
    version: str = ""
    commit: str = ""
    branch: str = ""
    remote: str = ""
    is_copy: bool = False
    note: str = ""
