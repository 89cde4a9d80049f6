"""What the module of a framework has, and what saving and loading have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cumulog._http.errors import CumulogError

Entries = Mapping[str, Any]
"""What an MLmodel file says of a flavor."""


@dataclass(frozen=True)
class Wish:
    """How a model is to be saved. `example` is input of the model's, for frameworks that trace it."""

    serialization_format: str = ""
    trusted_types: Sequence[str] = ()
    artifacts: Mapping[str, str] = field(default_factory=dict)
    model_config: Mapping[str, Any] = field(default_factory=dict)
    example: Any = None


class Saved(NamedTuple):
    """What a framework's module wrote.

    `function` are the entries of `python_function`, which MLflow loads every model by, and `own` those of the flavor.
    `modules` are those that have to be importable when the model is loaded.
    """

    function: dict[str, Any]
    own: dict[str, Any]
    modules: set[str]


class Flavor(Protocol):
    """A framework; the modules of this folder are such."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of a module
        """As in an MLmodel file."""

    def is_of(self, model: Any) -> bool:
        """Whether a model is one of this framework."""

    def save(self, model: Any, folder: Path, wish: Wish) -> Saved:
        """Write a model to a folder. Raises CumulogError."""

    def load(self, folder: Path, entries: Entries, function: Entries, trust: bool) -> Any:
        """Read a model. Raises CumulogError if that would run code of the model's own, and it is not trusted."""

    def predict(self, model: Any, data: Any, params: Mapping[str, Any]) -> Any:
        """What a model that was loaded, or is to be saved, makes of some data."""


def library(module: str, distribution: str = "") -> Any:
    """A module of a library that may be missing. Raises CumulogError, which says what to install."""
    try:
        return import_module(module)
    except ImportError as error:
        name = distribution or module.partition(".")[0]
        raise CumulogError(f"The package {name} is needed for this model: pip install {name} ({error}).") from error


def one_of(wanted: str, *known: str) -> str:
    """The serialization format that is wanted, the first one if none is. Raises CumulogError for another."""
    if wanted and wanted not in known:
        raise CumulogError(f"{wanted!r} is no serialization format of this kind of model: use {' or '.join(known)}.")
    return wanted or known[0]


def require_trust(trust: bool, what: str) -> None:
    """Raises CumulogError if a model that runs code of its own is not trusted."""
    if not trust:
        raise CumulogError(
            f"The model was not loaded: {what}, which may run code of its own. If you know where the model comes from, "
            "pass trust=True."
        )


def within(folder: Path, name: Any) -> Path:
    """A file that an MLmodel names. Raises CumulogError if it lies outside of the model's folder, or is missing."""
    try:
        path = (folder / str(name)).resolve()
        if path.is_relative_to(folder.resolve()) and (path.is_file() or path.is_dir()):
            return path
    except (OSError, ValueError, RuntimeError):
        # Names with a null, of thousands of characters, links in a circle.
        pass
    raise CumulogError(f"The model's folder has no {str(name)[:200]!r}, which its MLmodel names.")
