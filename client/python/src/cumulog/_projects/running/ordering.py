"""From what was typed to an order that can be run."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cumulog._projects.environments.choosing import Choice
from cumulog._projects.project import EntryPoint, Project, Source
from cumulog._projects.reading import command, mlproject, parameters
from cumulog._projects.running.order import Order
from cumulog._projects.sources import fetching
from cumulog._projects.sources.downloads import download

MAIN = "main"


class Typed(NamedTuple):
    """A command line: the source as it was typed, which entry point, its parameters, and where downloads go."""

    source: str
    version: str = ""
    entry: str = MAIN
    parameters: Mapping[str, str] = MappingProxyType({})
    storage: Path | None = None


def ordered(typed: Typed, choice: Choice, scratch: Path) -> Order:
    """Fetch and read a project. `scratch` is a folder for what this run alone needs. Raises ProjectError."""
    opened = found(typed, scratch)
    return opened.order(typed.parameters, choice, typed.storage or scratch / "parameters")


class Opened(NamedTuple):
    """A project that was fetched and read, and one of its entry points; it may be ordered many times."""

    source: Source
    project: Project
    entry: EntryPoint

    def order(self, given: Mapping[str, str], choice: Choice, storage: Path) -> Order:
        """With parameters, whose downloads go to `storage`. Raises ProjectError."""
        storage.mkdir(parents=True, exist_ok=True)
        values = parameters.resolved(self.entry, given, self.project.folder, storage, download)
        made = command.built(self.entry, values)
        return Order(self.source, self.project, self.entry, values, made, choice._replace(commit=self.source.commit))


def found(typed: Typed, scratch: Path) -> Opened:
    """Fetch and read a project. A script by itself is the project of its folder. Raises ProjectError."""
    place, entry = _script(typed)
    source = fetching.fetched(place, typed.version, scratch / "source")
    project = mlproject.read(source.folder)
    point = mlproject.entry_point(project, entry)
    return Opened(source, mlproject.for_script(project, point), point)


def _script(typed: Typed) -> tuple[str, str]:
    """The folder and the entry point; of `train.py`, where that lies and itself."""
    path = Path(typed.source)
    if typed.entry == MAIN and path.is_file() and path.suffix in mlproject.PROGRAMS:
        return str(path.parent), path.name
    return typed.source, typed.entry
