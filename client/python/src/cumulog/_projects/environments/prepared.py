"""What is ready for a project's command, and what making it ready needs."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from cumulog._projects.children import Said, Stop

MANAGERS = ("local", "uv", "virtualenv", "conda", "docker")
# For projects that a project runs.
VARIABLE = "CUMULOG_ENV_MANAGER"


class Bench(NamedTuple):
    """Where environments are made: what tells people of it, and what breaks it off. `folder` is the project's."""

    folder: Path
    said: Said
    stop: Stop


class Prepared(NamedTuple):
    """An environment. `before` are words before those of a command, `variables` are added to its own.

    `manager` is what MLflow's tag says; `packages` are the folders on the path of its Python; `lock` says what is
    installed, with the digests of all files; empty if nobody knows. `tags` are for the run.
    """

    manager: str
    before: tuple[str, ...] = ()
    variables: Mapping[str, str] = MappingProxyType({})
    python: Mapping[str, Any] = MappingProxyType({})
    packages: tuple[str, ...] = ()
    lock: bytes = b""
    tags: Mapping[str, str] = MappingProxyType({})
    folder: Path | None = None
