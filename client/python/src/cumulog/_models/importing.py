"""Code that comes with a model, importable under the names that the model knows."""

import sys
from pathlib import Path
from types import ModuleType

# The folders of code of the models that were loaded.
_places: set[Path] = set()


def first(place: Path) -> None:
    """Look in a folder of code before all others.

    Another model, as an older version of the same one, may have brought a module of the same name. It keeps what it has
    imported; from now on the name means the new one.
    """
    for name, module in list(sys.modules.items()):
        origin = _origin(module)
        if origin and any(origin.is_relative_to(each) for each in _places - {place}) and _holds(place, name):
            del sys.modules[name]
    _places.add(place)
    # Folders of models that are gone are of no use.
    sys.path[:] = [str(place), *(each for each in sys.path if each != str(place) and not _is_gone(each))]


def _origin(module: ModuleType) -> Path | None:
    file = getattr(module, "__file__", None)
    return Path(file) if isinstance(file, str) else None


def _holds(place: Path, name: str) -> bool:
    top = name.partition(".")[0]
    return (place / top).is_dir() or (place / f"{top}.py").is_file()


def _is_gone(path: str) -> bool:
    return Path(path) in _places and not Path(path).is_dir()
