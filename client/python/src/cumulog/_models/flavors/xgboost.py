"""XGBoost: boosters and its estimators in scikit-learn's manner, in XGBoost's own format."""

import inspect
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from cumulog._http.errors import CumulogError
from cumulog._models.flavors.kinds import Entries, Saved, Wish, library, one_of, within

NAME = "xgboost"
# Those that have models for a single machine.
_MODULES = ("xgboost", "xgboost.core", "xgboost.sklearn")


def is_of(model: Any) -> bool:
    found = sys.modules.get("xgboost")
    return found is not None and isinstance(model, found.Booster | found.XGBModel)


def save(model: Any, folder: Path, wish: Wish) -> Saved:
    form = one_of(wish.serialization_format, "ubj", "json")
    name = f"model.{form}"
    model.save_model(folder / name)
    kind = _class_of(model)
    own = {
        "data": name,
        "model_class": f"{kind.__module__}.{kind.__qualname__}",
        "model_format": form,
        "xgb_version": library("xgboost").__version__,
    }
    # XGBoost needs them as well.
    return Saved({"data": name, "loader_module": "mlflow.xgboost"}, own, {"xgboost", "numpy", "scipy", *_base(model)})


def load(folder: Path, entries: Entries, _function: Entries, _trust: bool) -> Any:
    kind = _class_named(str(entries.get("model_class", "xgboost.core.Booster")))
    model = kind()
    model.load_model(within(folder, entries.get("data")))
    return model


def predict(model: Any, data: Any, params: Mapping[str, Any]) -> Any:
    xgboost = library("xgboost")
    if isinstance(model, xgboost.Booster):
        return model.predict(data if isinstance(data, xgboost.DMatrix) else xgboost.DMatrix(data), **params)
    known = inspect.signature(model.predict).parameters
    return model.predict(data, **{name: value for name, value in params.items() if name in known})


def _class_of(model: Any) -> type:
    """The class of XGBoost's that a model is of: a script's own class would be missing where the model is loaded."""
    return next(each for each in type(model).__mro__ if each.__module__.partition(".")[0] == "xgboost")


def _class_named(text: str) -> Any:
    """A class of models. Raises CumulogError for what else XGBoost's modules hold: nothing of it is called."""
    xgboost = library("xgboost")
    module, _, name = text.rpartition(".")
    kind = getattr(import_module(module), name, None) if module in _MODULES else None
    if not (isinstance(kind, type) and issubclass(kind, xgboost.Booster | xgboost.XGBModel)):
        raise CumulogError(f"The model's class, {text[:100]!r}, is none of XGBoost's.")
    return kind


def _base(model: Any) -> set[str]:
    """What the model's class builds on."""
    return {each.__module__.partition(".")[0] for each in type(model).__mro__} - {"builtins", "__main__"}
