"""Merging templates as `chalice package --merge-template` does, but from many files and without overwriting."""

from collections.abc import Iterable, Mapping
from functools import reduce
from pathlib import Path
from typing import Any

import yaml

Template = dict[str, Any]


def fragments(folder: Path) -> list[Template]:
    """The fragments in a folder of YAML files, in the order of their names."""
    return [yaml.safe_load(path.read_text()) for path in sorted(folder.glob("*.yaml"))]


def merged(templates: Iterable[Mapping[str, Any]]) -> Template:
    """One template from several. Raises ValueError if two of them contradict each other."""
    return reduce(_merged, templates, {})


def _merged(one: Mapping[str, Any], other: Mapping[str, Any], path: str = "") -> Template:
    both = {name: _either(one[name], other[name], f"{path}/{name}") for name in one.keys() & other.keys()}
    return {**one, **other, **both}


def _either(one: Any, other: Any, path: str) -> Any:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return _merged(one, other, path)
    if one != other:
        raise ValueError(f"Two fragments differ about {path}: {one!r} and {other!r}.")
    return one
