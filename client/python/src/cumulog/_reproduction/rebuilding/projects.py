"""A run of a project, by `cumulog run` or `mlflow run`: its entry point again, with its parameters."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from cumulog._projects.environments.choosing import Choice
from cumulog._projects.project import EntryPoint
from cumulog._projects.reading import command, mlproject, parameters
from cumulog._projects.running.order import Order
from cumulog._projects.sources.downloads import download
from cumulog._reproduction.rebuilding.packages import Chosen
from cumulog._reproduction.rebuilding.placing import Place, source, working_folder
from cumulog._reproduction.recorded.run import Recorded


def ordered(recorded: Recorded, place: Place, chosen: Chosen, others: Mapping[str, str]) -> Order:
    """The project as it ran, but for parameters that are to be others. Raises ProjectError."""
    folder = working_folder(recorded, place)
    project = mlproject.read(folder)
    told = recorded.project.get("entry_point") or {}
    entry = mlproject.entry_point(project, told.get("name") or recorded.tags.get("mlflow.project.entryPoint", "main"))
    storage = place.scratch / "parameters"
    storage.mkdir(exist_ok=True)
    given = {**_given(recorded, entry, folder), **others}
    values = parameters.resolved(entry, given, folder, storage, download)
    # A docker image brings its own packages.
    own = chosen.environment if project.environment.kind != "docker_env" else project.environment
    manager = chosen.manager if project.environment.kind != "docker_env" else ""
    made = command.built(entry, values)
    return Order(source(recorded, place), project._replace(environment=own), entry, values, made, Choice(manager))


def _given(recorded: Recorded, entry: EntryPoint, folder: Path) -> dict[str, str]:
    """The parameters as they were typed. A file that is not among the code is named by its whole path."""
    told = recorded.project.get("parameters") or {}
    # MLflow logs them with the quotes that the shell needs.
    logged = {name: _unquoted(value) for name, value in recorded.params.items() if name in entry.parameters}
    given = dict(told.get("given") or (told.get("resolved") or {} if told else logged))
    for name, about in (recorded.project.get("inputs") or {}).items():
        path = str(about.get("path", ""))
        if name in given and not (folder / given[name]).exists() and Path(path).exists():
            given[name] = path
    return given


def _unquoted(value: str) -> str:
    try:
        words = shlex.split(value) if value.startswith("'") else [value]
    except ValueError:
        return value
    return words[0] if len(words) == 1 else value
