"""The parameters of an entry point, from what was typed to what its command gets."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from cumulog._projects import paths
from cumulog._projects.errors import ProjectError
from cumulog._projects.project import EntryPoint, Parameter, Values

# What Linux takes as one variable, with room for its name.
MOST_BYTES = (128 << 10) - 100
_MOST = 1000

Download = Callable[[str, Path], Path]


def resolved(entry: EntryPoint, given: Mapping[str, str], folder: Path, storage: Path, download: Download) -> Values:
    """The values of a run. `storage` is where the files of URLs go. Raises ProjectError."""
    if len(given) > _MOST:
        raise ProjectError(f"A run has at most {_MOST} parameters.")
    missing = [
        f"'{each.name}'" for each in entry.parameters.values() if each.name not in given and each.default is None
    ]
    if missing:
        raise ProjectError(f"The entry point '{entry.name}' needs a value for {', '.join(missing)}: -P NAME=VALUE.")
    typed = {name: given.get(name, each.default or "") for name, each in entry.parameters.items()}
    extra = {name: value for name, value in given.items() if name not in entry.parameters}
    for name, value in (typed | extra).items():
        _check(name, value)
    declared = {
        name: _value(each, typed[name], folder, storage / f"param_{number}", download)
        for number, (name, each) in enumerate(entry.parameters.items())
    }
    return Values(typed | extra, declared, extra)


def _check(name: str, value: str) -> None:
    try:
        size = len(os.fsencode(name + value))
    except UnicodeEncodeError as error:
        raise ProjectError(f"The parameter {name[:200]!a} has a character that is none of Unicode's.") from error
    if "\0" in name + value:
        raise ProjectError(f"The parameter {name[:200]!a} has a NUL in it, which no program can be given.")
    if size > MOST_BYTES:
        raise ProjectError(f"The parameter '{name[:200]}' is longer than a program can be given ({MOST_BYTES} bytes).")


def _value(parameter: Parameter, value: str, folder: Path, place: Path, download: Download) -> str:
    url = _parts(value)
    if parameter.kind == "uri" and not url.scheme:
        raise ProjectError(f"The parameter '{parameter.name}' is a URI, as in https://…; '{value[:200]}' is none.")
    if parameter.kind != "path":
        return value
    if url.scheme not in ("", "file"):
        return str(download(value, place))
    return _path(parameter.name, unquote(url.path) if url.scheme else value, folder)


def _parts(value: str) -> SplitResult:
    try:
        return urlsplit(value)
    except ValueError:
        return SplitResult("", "", value, "", "")


def _path(name: str, value: str, folder: Path) -> str:
    """A file or folder of this machine: seen from the project, or else from here."""
    for start in (folder, Path.cwd()):
        found = paths.absolute(start / value)
        if value and paths.is_there(found):
            return str(found)
    raise ProjectError(f"The parameter '{name}' names '{value[:1000]}': there is no such file or folder.")
