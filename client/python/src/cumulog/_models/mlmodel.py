"""The files of a model's folder that say what it is: MLmodel, and those of its environment, in MLflow's forms."""

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._http.errors import CumulogError
from cumulog._models import plain_yaml, requirements, types
from cumulog._models.flavors.kinds import library
from cumulog._models.signature import Signature

NAME = "MLmodel"
# The version of MLflow whose forms these are.
MLFLOW = "3.17.2"
_PYTHON, _CONDA, _PIP = "python_env.yaml", "conda.yaml", "requirements.txt"
ENVIRONMENT = {"conda": _CONDA, "virtualenv": _PYTHON}
# An MLmodel of more is none that a person or a tool made.
_MOST_BYTES = 4 << 20


class Identity(NamedTuple):
    """Of which logged model and run it is; empty for a model that is only saved."""

    model_id: str = ""
    run_id: str = ""


def write(folder: Path, tree: Mapping[str, Any]) -> None:
    """Write an MLmodel."""
    _write_yaml(folder / NAME, tree)


def read(folder: Path) -> dict[str, Any]:
    """What the MLmodel of a folder says. Raises CumulogError if it has none that can be read."""
    path = folder / NAME
    if not path.is_file():
        raise CumulogError(f"'{folder}' is no model: it has no file {NAME}.")
    yaml = library("yaml", "PyYAML")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("it is too long.")
        tree = yaml.load(path.read_text(encoding="utf-8"), Loader=plain_yaml.loader(yaml))
    except (yaml.YAMLError, ValueError, OSError, RecursionError) as error:
        raise CumulogError(f"The {NAME} of '{folder}' cannot be read: {error}") from error
    if not isinstance(tree, dict) or not _are_flavors(tree.get("flavors")):
        raise CumulogError(f"The {NAME} of '{folder}' names no flavors.")
    return tree


def _are_flavors(found: Any) -> bool:
    return isinstance(found, dict) and all(
        isinstance(name, str) and isinstance(entries, dict) for name, entries in found.items()
    )


def write_environment(folder: Path, needed: Sequence[str]) -> None:
    """Write what has to be installed, for pip, for virtual environments and for conda."""
    version, tools = platform.python_version(), requirements.build_tools()
    (folder / _PIP).write_text("".join(f"{line}\n" for line in needed), encoding="utf-8")
    python = {"python": version, "build_dependencies": tools, "dependencies": ["-r requirements.txt"]}
    _write_yaml(folder / _PYTHON, python)
    pip = [each.replace("==", "<=") for each in tools if each.startswith("pip==")] or ["pip"]
    packages = [f"python={version}", *pip, {"pip": list(needed)}]
    _write_yaml(folder / _CONDA, {"channels": ["conda-forge"], "dependencies": packages, "name": "mlflow-env"})


def size(folder: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def signature(tree: Mapping[str, Any]) -> Signature | None:
    """The signature that an MLmodel has."""
    fields = tree.get("signature")
    return Signature.from_dict(fields) if isinstance(fields, dict) else None


def _write_yaml(path: Path, tree: Mapping[str, Any]) -> None:
    yaml = library("yaml", "PyYAML")
    try:
        text = yaml.safe_dump(_plain(tree), default_flow_style=False, allow_unicode=True)
    except (yaml.YAMLError, RecursionError) as error:
        kinds = "texts, numbers, lists and dictionaries"
        raise CumulogError(
            f"The file {path.name} takes {kinds}, as metadata and model_config may have: {error}."
        ) from error
    path.write_text(text, encoding="utf-8")


def _plain(value: Any) -> Any:
    """A value with numpy's numbers and arrays as Python's."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.tolist() if types.is_numpys(value) else value
