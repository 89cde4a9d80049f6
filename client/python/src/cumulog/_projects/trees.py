"""YAML files of projects, as plain data."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from cumulog._models import plain_yaml
from cumulog._projects.errors import ProjectError

_MOST_BYTES = 1 << 20


def read(path: Path) -> Mapping[str, Any]:
    """The map that a file holds; an empty one holds an empty map. Raises ProjectError."""
    try:
        yaml = import_module("yaml")
    except ImportError as error:
        what = "pip install PyYAML, or the client with its extra `projects`"
        raise ProjectError(f"PyYAML is needed to read {path.name}: {what}.") from error
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ProjectError(f"{path.name} is longer than {_MOST_BYTES >> 20} MB.")
        tree = yaml.load(path.read_bytes(), Loader=plain_yaml.loader(yaml))
    except OSError as error:
        raise ProjectError(f"'{path}' cannot be read: {error.strerror or error}.") from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise ProjectError(f"{path.name} is no YAML: {error}") from error
    if tree is not None and not isinstance(tree, dict):
        raise ProjectError(f"{path.name} has to be a map of names and values, as in `name: value`.")
    return tree or {}
