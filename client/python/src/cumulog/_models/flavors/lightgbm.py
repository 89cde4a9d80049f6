"""LightGBM: boosters in its own format, and its estimators in scikit-learn's manner by skops."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cumulog._models.flavors import pickled
from cumulog._models.flavors.kinds import Entries, Saved, Wish, library, one_of, within

NAME = "lightgbm"
# LightGBM's estimators hold these; loading one runs no code but LightGBM's. The names are those that MLflow writes.
_KNOWN = (
    "lightgbm.sklearn.LGBMClassifier",
    "collections.OrderedDict",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMRegressor",
)


def is_of(model: Any) -> bool:
    found = sys.modules.get("lightgbm")
    return found is not None and isinstance(model, found.Booster | found.LGBMModel)


def save(model: Any, folder: Path, wish: Wish) -> Saved:
    lightgbm = library("lightgbm")
    by = one_of(wish.serialization_format, "skops", "cloudpickle")
    trusted = [*_KNOWN, *(each for each in wish.trusted_types if each not in _KNOWN)]
    if isinstance(model, lightgbm.Booster):
        name, modules = "model.lgb", {"numpy", "scipy"}
        model.save_model(folder / name)
    elif by == "skops":
        name = "model.skops"
        trusted, modules = pickled.dump_skops(model, folder / name, trusted)
    else:
        name = "model.pkl"
        modules = pickled.dump(model, folder / name, by)
    kind = type(model)
    own = {
        "data": name,
        "lgb_version": lightgbm.__version__,
        "model_class": f"{kind.__module__}.{kind.__qualname__}",
        "serialization_format": by,
        "skops_trusted_types": trusted,
    }
    return Saved({"data": name, "loader_module": "mlflow.lightgbm"}, own, {"lightgbm", *modules})


def load(folder: Path, entries: Entries, _function: Entries, trust: bool) -> Any:
    lightgbm = library("lightgbm")
    path = within(folder, entries.get("data"))
    if entries.get("model_class", "lightgbm.basic.Booster") == "lightgbm.basic.Booster":
        return lightgbm.Booster(model_file=path)
    if entries.get("serialization_format") == "skops":
        return pickled.load_skops(path, _KNOWN, entries.get("skops_trusted_types") or (), trust)
    return pickled.load(path, trust)


def predict(model: Any, data: Any, _params: Mapping[str, Any]) -> Any:
    return model.predict(data)
