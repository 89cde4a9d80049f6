"""What has to be installed where a model is loaded, pinned to what is installed here."""

import functools
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from cumulog._http.errors import CumulogError


def of_modules(modules: Iterable[str]) -> list[str]:
    """The distributions that have these modules, as `name==version`. Those of Python and of the script have none."""
    tops = {each.partition(".")[0] for each in modules}
    found = _distributions(tuple((each, _changed(each)) for each in sys.path))
    return sorted({_pinned(name) for top in tops for name in found.get(top, ())}, key=str.lower)


@functools.lru_cache(maxsize=1)
def _distributions(_installed: tuple[tuple[str, int], ...]) -> Mapping[str, Sequence[str]]:
    """The distributions of each module, which takes a second to find. They change when something is installed."""
    return metadata.packages_distributions()


def _changed(place: str) -> int:
    """When something was installed to a folder."""
    try:
        return Path(place).stat().st_mtime_ns
    except OSError:
        return 0


def given(requirements: str | Sequence[str]) -> list[str]:
    """Requirements as a caller gave them: a list, or the path of a file. Raises CumulogError."""
    if not isinstance(requirements, str):
        if not isinstance(requirements, Iterable):
            raise CumulogError(f"{requirements!r} are no requirements: they are a list, or the path of a file.")
        return [_line(each) for each in requirements]
    path = Path(requirements)
    if not path.is_file():
        raise CumulogError(f"There is no file of requirements '{path}'. Several requirements are a list.")
    lines = (line.partition(" #")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def build_tools() -> list[str]:
    """What builds packages here, pinned."""
    return [_pinned(name) for name in ("pip", "setuptools", "wheel") if _version(name)]


def _line(requirement: str) -> str:
    if not isinstance(requirement, str) or "\n" in requirement:
        raise CumulogError(f"{requirement!r} is no requirement: each is a text such as 'numpy==2.0'.")
    return requirement.strip()


def _pinned(name: str) -> str:
    # What follows a plus names a build of this machine, such as 2.13.0+cpu: no index has it.
    return f"{name}=={_version(name).partition('+')[0]}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
