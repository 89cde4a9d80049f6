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


def is_of(model: Any) -> bool:
    found = sys.modules.get("xgboost")
    return found is not None and isinstance(model, found.Booster | found.XGBModel)


def save(model: Any, folder: Path, wish: Wish) -> Saved:
    form = one_of(wish.serialization_format, "ubj", "json")
    name = f"model.{form}"
    model.save_model(folder / name)
    kind = type(model)
    own = {
        "data": name,
        "model_class": f"{kind.__module__}.{kind.__qualname__}",
        "model_format": form,
        "xgb_version": library("xgboost").__version__,
    }
    # XGBoost needs them as well.
    return Saved({"data": name, "loader_module": "mlflow.xgboost"}, own, {"xgboost", "numpy", "scipy", *_base(model)})


def load(folder: Path, entries: Entries, _function: Entries, _trust: bool) -> Any:
    library("xgboost")
    module, _, name = str(entries.get("model_class", "xgboost.core.Booster")).rpartition(".")
    if module.partition(".")[0] != "xgboost":
        raise CumulogError(f"The model's class, {f'{module}.{name}'[:100]!r}, is none of XGBoost's.")
    model = getattr(import_module(module), name)()
    model.load_model(within(folder, entries.get("data")))
    return model


def predict(model: Any, data: Any, params: Mapping[str, Any]) -> Any:
    xgboost = library("xgboost")
    if isinstance(model, xgboost.Booster):
        return model.predict(data if isinstance(data, xgboost.DMatrix) else xgboost.DMatrix(data), **params)
    known = inspect.signature(model.predict).parameters
    return model.predict(data, **{name: value for name, value in params.items() if name in known})


def _base(model: Any) -> set[str]:
    """What the model's class builds on."""
    return {each.__module__.partition(".")[0] for each in type(model).__mro__} - {"builtins", "__main__"}
