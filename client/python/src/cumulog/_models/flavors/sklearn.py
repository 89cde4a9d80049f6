"""scikit-learn: estimators and pipelines, by skops unless told otherwise, as in MLflow 3.17."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cumulog._models.flavors import pickled
from cumulog._models.flavors.kinds import Entries, Saved, Wish, library, one_of, within

NAME = "sklearn"


def is_of(model: Any) -> bool:
    base = sys.modules.get("sklearn.base")
    return base is not None and isinstance(model, base.BaseEstimator)


def save(model: Any, folder: Path, wish: Wish) -> Saved:
    by = one_of(wish.serialization_format, "skops", "cloudpickle", "pickle")
    name = "model.skops" if by == "skops" else "model.pkl"
    trusted: list[str] = []
    if by == "skops":
        trusted, modules = pickled.dump_skops(model, folder / name, wish.trusted_types)
    else:
        modules = pickled.dump(model, folder / name, by)
    own = {
        "pickled_model": name,
        "serialization_format": by,
        "skops_trusted_types": trusted or None,
        "sklearn_version": library("sklearn", "scikit-learn").__version__,
    }
    function = {"loader_module": "mlflow.sklearn", "model_path": name, "predict_fn": "predict"}
    return Saved(function, own, {"sklearn", *modules})


def load(folder: Path, entries: Entries, _function: Entries, trust: bool) -> Any:
    path = within(folder, entries.get("pickled_model"))
    if entries.get("serialization_format") == "skops":
        return pickled.load_skops(path, (), entries.get("skops_trusted_types") or (), trust)
    return pickled.load(path, trust)


def predict(model: Any, data: Any, _params: Mapping[str, Any]) -> Any:
    return model.predict(data)
