"""Which environment a project gets: what it asks for, and what whoever runs it chose."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import NamedTuple

from cumulog._projects.children import STDERR
from cumulog._projects.environments import conda, docker, specification, uv
from cumulog._projects.environments.prepared import MANAGERS, VARIABLE, Bench, Prepared
from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Project


class Choice(NamedTuple):
    """What was typed: the manager, empty for what the project asks for; of docker its options, and whether to build."""

    manager: str = ""
    options: Mapping[str, str | bool] = MappingProxyType({})
    builds: bool = False
    commit: str = ""


def manager(project: Project, wanted: str = "") -> str:
    """Who makes the environment. Raises ProjectError if the project cannot do with whom was chosen."""
    wanted = wanted or os.environ.get(VARIABLE, "")
    if wanted and wanted not in MANAGERS:
        raise ProjectError(f"'{wanted}' is no manager of environments: use one of {', '.join(MANAGERS)}.")
    kind = project.environment.kind
    if kind == "docker_env":
        return "docker"
    if wanted == "docker":
        raise ProjectError("The project names no image to run in: its MLproject file has no docker_env.")
    if wanted == "conda" and kind != "conda_env":
        raise ProjectError("The project has no conda.yaml. Use --env-manager uv or local.")
    if wanted:
        return wanted
    return "conda" if kind == "conda_env" and _needs_conda(project) else "uv"


def _needs_conda(project: Project) -> bool:
    wanted = specification.of(project.environment, project.folder)
    return bool(conda.program() or wanted.left_out)


@contextmanager
def prepared(project: Project, chosen: str, choice: Choice, bench: Bench) -> Iterator[Prepared]:
    """The environment for the block, by the manager that `manager` told. Raises ProjectError."""
    environment = project.environment
    if chosen == "local":
        yield Prepared("local", python=_this_python())
        return
    if chosen == "docker" and environment.docker:
        yield docker.prepared(environment.docker, project.name, bench, builds=choice.builds, commit=choice.commit)
        return
    if chosen == "conda" and environment.path:
        found, place = conda.prepared(environment.path, bench)
    else:
        wanted = specification.of(environment, project.folder)
        if wanted.left_out:
            left_out = ", ".join(wanted.left_out)
            bench.said(STDERR, f"These packages of conda are not installed: {left_out}.\n".encode())
        found, place = uv.prepared(wanted, bench, chosen)
    try:
        yield found
    finally:
        place.close()


def _this_python() -> dict[str, str]:
    return {"version": specification.this_python()}
