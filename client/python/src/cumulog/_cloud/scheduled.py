"""What a job is to run, as a document in the artifacts of its run: the job itself is told the run's id alone."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cumulog._projects.environments.choosing import Choice
from cumulog._projects.errors import ProjectError

FILE, ZIP = "cumulog/scheduled.json", "cumulog/source.zip"
FORMAT = 1


class Scheduled(NamedTuple):
    """`source` is a URL, or what was typed for the folder in `cumulog/source.zip`, whose digest is `sha256`.

    `attempts` is how often Batch starts the job at most, `seconds` how long each may take; 0 for as long as it takes.
    """

    source: str
    version: str = ""
    sha256: str = ""
    entry: str = "main"
    parameters: Mapping[str, str] = MappingProxyType({})
    manager: str = ""
    options: Mapping[str, str | bool] = MappingProxyType({})
    builds: bool = False
    attempts: int = 1
    seconds: int = 0
    sweep: str = ""

    @property
    def choice(self) -> Choice:
        return Choice(self.manager, self.options, self.builds)

    def chosen(self, choice: Choice) -> "Scheduled":
        """The same, with an environment that was chosen."""
        return self._replace(manager=choice.manager, options=choice.options, builds=choice.builds)


def written(scheduled: Scheduled) -> str:
    """The document."""
    parts = {name: dict(value) if isinstance(value, Mapping) else value for name, value in scheduled._asdict().items()}
    return json.dumps({"format": FORMAT, **parts}, indent=1)


def read(text: str) -> Scheduled:
    """What a document says. Raises ProjectError."""
    try:
        tree = json.loads(text)
        if tree.pop("format") != FORMAT:
            raise ProjectError("The job was submitted by a newer version of cumulog: build its image with that one.")
        return Scheduled(**tree)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProjectError(f"What the job is to run cannot be read: {error}") from None
