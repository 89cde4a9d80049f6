"""What a project's files want installed, in the words of requirements files."""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._projects import trees
from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Environment

_CONDA = re.compile(
    r"^(?P<name>python|pip|setuptools|wheel)\s*(?P<operator><=|>=|==|=|<|>|!=)?\s*(?P<version>[\d.]+)?$"
)
_REFERENCE = re.compile(r"^(?:-r|-c|--requirement|--constraint)[\s=]*(?P<path>\S.*)$")
_LOCAL = re.compile(r"^(?:-e|--editable)\b|^\.{0,2}/|^\.{1,2}(?:$|\[)|^(?:[\w.\-\[\],]+\s*@\s*)?file:")
_REQUIRES = re.compile(r"^#?\s*requires-python\s*=\s*[\"'](?P<python>[^\"']+)[\"']", re.MULTILINE)
_MOST_REFERENCES = 100


class Specification(NamedTuple):
    """`python` is a version, or a condition on one; empty for any. `lines` are requirements.

    `source` is a file that uv reads by itself: a script with its own requirements, a pyproject.toml, a uv.lock.
    `left_out` are packages of conda that no Python package stands for.
    """

    folder: Path
    python: str = ""
    lines: tuple[str, ...] = ()
    source: Path | None = None
    left_out: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.lines and self.source is None

    def local(self) -> list[str]:
        """Requirements that are folders of this machine: they have no digest."""
        return [line for line in self.lines if _LOCAL.match(line)]

    def files(self) -> dict[str, bytes]:
        """All files that it consists of, by their names."""
        found = {self.source.name: _content(self.source)} if self.source else {}
        lock = self.folder / "uv.lock"
        if self.source and self.source.name == "pyproject.toml" and lock.is_file():
            found["uv.lock"] = _content(lock)
        return found | dict(_referenced(self.lines, self.folder))


def of(environment: Environment, folder: Path) -> Specification:
    """The specification of an environment that is not docker's. Raises ProjectError."""
    path = environment.path
    if environment.kind == "none" or path is None:
        return Specification(folder)
    if environment.kind in ("python_env", "conda_env"):
        tree = trees.read(path)
        return _of_python_env(tree, folder, path) if environment.kind == "python_env" else _of_conda(tree, folder, path)
    if environment.kind == "requirements":
        return Specification(path.parent, "", _lines(path))
    if environment.kind == "uv_project":
        place = path / "pyproject.toml" if path.is_dir() else path
        return Specification(place.parent, _requires(place), (), place)
    return Specification(path.parent, _requires(path), (), path)


def _of_python_env(tree: Mapping[str, Any], folder: Path, path: Path) -> Specification:
    unknown = sorted({*map(str, tree)} - {"python", "build_dependencies", "dependencies"})
    if unknown:
        raise ProjectError(
            f"{path.name} has {', '.join(unknown)}: it may have python, build_dependencies, dependencies."
        )
    lists = [tree.get(name) or [] for name in ("build_dependencies", "dependencies")]
    if not all(isinstance(each, list) for each in lists):
        raise ProjectError(f"build_dependencies and dependencies in {path.name} have to be lists.")
    return Specification(
        folder, _version(tree.get("python")), tuple(str(line).strip() for each in lists for line in each)
    )


def _version(python: Any) -> str:
    """A version as it was meant: YAML reads 3.11 as a number, and 3.10 as 3.1."""
    if isinstance(python, float) and python == 3.1:
        return "3.10"
    return str(python or "").strip()


def _of_conda(tree: Mapping[str, Any], folder: Path, path: Path) -> Specification:
    """Its Python, and what pip is to install, as MLflow reads it for environments without conda."""
    python, build, lines, left_out = "", [], [], []
    for each in tree.get("dependencies") or []:
        if isinstance(each, dict) and isinstance(each.get("pip"), list):
            lines = [str(line).strip() for line in each["pip"]]
            continue
        match = _CONDA.match(str(each).strip())
        if not isinstance(each, str) or not match:
            left_out.append(str(each))
        elif match["name"] == "python":
            python = python or _conda_python(each, match, path)
        else:
            operator = "==" if match["operator"] == "=" else match["operator"] or ""
            build.append(f"{match['name']}{operator}{match['version'] or ''}")
    return Specification(folder, python, (*build, *lines), None, tuple(left_out))


def _conda_python(text: str, match: "re.Match[str]", path: Path) -> str:
    if match["operator"] in ("<", ">", "!=") or not match["version"]:
        raise ProjectError(f"{path.name} names no version of Python in '{text}': write python=3.11.")
    return match["version"]


def _lines(path: Path) -> tuple[str, ...]:
    """The requirements of a file, each in one line."""
    text = re.sub(r"\\\r?\n", " ", _content(path).decode("utf-8-sig", "replace"))
    lines = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def _requires(path: Path) -> str:
    found = _REQUIRES.search(_content(path).decode("utf-8", "replace"))
    return found["python"] if found else ""


def _referenced(lines: tuple[str, ...], folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files that lines name by -r and -c, and those that these name."""
    wanted = [(folder, line) for line in lines]
    seen: set[Path] = set()
    while wanted and len(seen) < _MOST_REFERENCES:
        place, line = wanted.pop(0)
        match = _REFERENCE.match(line)
        path = place / match["path"].strip() if match else None
        if path is None or path in seen or "://" in line:
            continue
        seen.add(path)
        yield str(path.relative_to(folder) if path.is_relative_to(folder) else path), _content(path)
        wanted += [(path.parent, each) for each in _lines(path)]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProjectError(f"'{path}' cannot be read: {error.strerror or error}.") from error


def this_python() -> str:
    return ".".join(map(str, sys.version_info[:3]))
