"""Plain Python: a function, an object with `predict`, or a file that defines one.

The model's folder has a loader of its own (a copy of `python_loader.py`), so neither cumulog nor mlflow is needed where
it is loaded. MLflow finds it as it finds any `loader_module`.
"""

import inspect
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cumulog._http.errors import CumulogError
from cumulog._models.flavors import pickled
from cumulog._models.flavors.kinds import Entries, Saved, Wish, one_of, require_trust, within
from cumulog._models.flavors.python_loader import FORMAT, Context, loaded, predicted

NAME = "python_function"
LOADER = f"cumulog_python_model_{FORMAT}"
_FOLDER, _CODE = "model", "code"


def is_of(model: Any) -> bool:
    return is_file(model) or callable(model) or callable(getattr(model, "predict", None))


def is_file(model: Any) -> bool:
    return isinstance(model, str | os.PathLike) and str(model).endswith(".py")


def save(model: Any, folder: Path, wish: Wish) -> Saved:
    place = folder / _FOLDER
    place.mkdir()
    if is_file(model):
        one_of(wish.serialization_format, "source")
        shutil.copyfile(model, place / "model.py")
        modules: set[str] = set()
    else:
        by = one_of(wish.serialization_format, "cloudpickle", "pickle")
        _require_predict(model)
        modules = pickled.dump(model, place / "model.pkl", by)
    facts = {
        "format": FORMAT,
        "model": "model.py" if is_file(model) else "model.pkl",
        "artifacts": _copied(place, wish),
    }
    (place / "model.json").write_text(json.dumps(facts, indent=2))
    (folder / _CODE).mkdir(exist_ok=True)
    source = Path(inspect.getfile(Context))
    shutil.copyfile(source, folder / _CODE / f"{LOADER}.py")
    config = {"config": dict(wish.model_config)} if wish.model_config else {}
    return Saved({"loader_module": LOADER, "data": _FOLDER, "code": _CODE, **config}, {}, modules)


def load(folder: Path, _entries: Entries, function: Entries, trust: bool) -> Any:
    require_trust(trust, "it is Python code")
    return loaded(within(folder, function.get("data")), function.get("config") or {})


def predict(model: Any, data: Any, params: Mapping[str, Any]) -> Any:
    if hasattr(model, "_context"):
        return model.predict(data, params)
    return predicted(model, Context({}, {}), data, dict(params))


def _require_predict(model: Any) -> None:
    if inspect.isclass(model):
        raise CumulogError(f"Pass an object of the class {model.__name__}, not the class itself.")


def _copied(place: Path, wish: Wish) -> dict[str, str]:
    """Copy the files that the model needs beside it; their places by name."""
    found: dict[str, str] = {}
    for name, local in wish.artifacts.items():
        source = Path(local)
        if not source.exists():
            raise CumulogError(f"The artifact {name!r} is not there: '{source}'.")
        target = place / "artifacts" / str(len(found)) / source.name
        target.parent.mkdir(parents=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)
        found[name] = target.relative_to(place).as_posix()
    return found
