"""From what was typed to an order that can be run."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cumulog._projects.environments.choosing import Choice
from cumulog._projects.reading import command, mlproject, parameters
from cumulog._projects.running.order import Order
from cumulog._projects.sources import fetching
from cumulog._projects.sources.downloads import download


class Typed(NamedTuple):
    """A command line: the source as it was typed, which entry point, its parameters, and where downloads go."""

    source: str
    version: str = ""
    entry: str = "main"
    parameters: Mapping[str, str] = MappingProxyType({})
    storage: Path | None = None


def ordered(typed: Typed, choice: Choice, scratch: Path) -> Order:
    """Fetch and read a project. `scratch` is a folder for what this run alone needs. Raises ProjectError."""
    source = fetching.fetched(typed.source, typed.version, scratch / "source")
    project = mlproject.read(source.folder)
    entry = mlproject.entry_point(project, typed.entry)
    storage = typed.storage or scratch / "parameters"
    storage.mkdir(parents=True, exist_ok=True)
    values = parameters.resolved(entry, typed.parameters, project.folder, storage, download)
    return Order(source, project, entry, values, command.built(entry, values), choice._replace(commit=source.commit))
