"""What a script passes for a file: an argument of the wrong type, or a path that is not there, is said by its name."""

import os
import posixpath
from pathlib import Path
from typing import Any

from cumulog._http.errors import CumulogError


class WrongArgument(CumulogError):
    """`about` is what a message is said once for: the argument, not each value of it."""

    def __init__(self, argument: str, why: str, given: str = "") -> None:
        super().__init__(f"{argument} {why}")
        self.about = f"{argument} {given}"


def text(argument: str, given: Any) -> str:
    if not isinstance(given, str):
        raise WrongArgument(argument, f"has to be a str, not {_type(given)}.")
    return given


def artifact_file(given: Any) -> str:
    """Where a file goes among the run's artifacts, as MLflow reads it: `./a//b` is `a/b`."""
    return posixpath.normpath(_path("artifact_file", given))


def artifact_path(given: Any) -> str:
    """A folder among the run's artifacts; empty for all of them."""
    return _path("artifact_path", given).strip("/") if given or not isinstance(given, str | None) else ""


def local_path(given: Any) -> Path:
    """A file or folder that is there."""
    path = Path(_path("local_path", given))
    if not path.exists():
        raise WrongArgument("local_path", f"'{path}' is not there.", str(path))
    return path


def local_dir(given: Any) -> Path:
    """A folder that is there."""
    path = Path(_path("local_dir", given))
    if not path.is_dir():
        raise WrongArgument("local_dir", f"'{path}' is {'no folder' if path.exists() else 'not there'}.", str(path))
    return path


def _path(argument: str, given: Any) -> str:
    if not isinstance(given, str | os.PathLike) or not isinstance(os.fspath(given), str):
        raise WrongArgument(argument, f"has to be a str or a path, not {_type(given)}.")
    if not os.fspath(given):
        raise WrongArgument(argument, "is empty.")
    return str(os.fspath(given))


def _type(given: Any) -> str:
    return "None" if given is None else type(given).__name__
