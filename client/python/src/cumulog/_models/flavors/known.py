"""The frameworks, and which of them a model is of."""

from typing import Any

from cumulog._http.errors import CumulogError
from cumulog._models.flavors import lightgbm, onnx, python, pytorch, sklearn, xgboost
from cumulog._models.flavors.kinds import Flavor

# LightGBM's and XGBoost's estimators are scikit-learn's too; what has `predict` is Python at last.
FLAVORS: tuple[Flavor, ...] = (xgboost, lightgbm, onnx, pytorch, sklearn, python)

# Their formats hold nothing but their own models.
_WITH_FORMATS = (xgboost, lightgbm, onnx, pytorch)


def of(model: Any, name: str = "") -> Flavor:
    """The framework of a model, or the one of that name. Raises CumulogError."""
    if name:
        flavor = named(name)
        if flavor in _WITH_FORMATS and not flavor.is_of(model):
            raise CumulogError(f"A {type(model).__name__} is no model of {flavor.NAME}'s: use cumulog.log_model.")
        return flavor
    for flavor in FLAVORS:
        if flavor.is_of(model):
            return flavor
    raise CumulogError(
        f"A {type(model).__name__} is no model that can be saved: pass one of scikit-learn, XGBoost, LightGBM, ONNX or "
        "PyTorch, a function, an object with the method predict, or the path of a .py file that defines one."
    )


def named(name: str) -> Flavor:
    """The framework of this name. Raises CumulogError."""
    for flavor in FLAVORS:
        if name == flavor.NAME or (name, flavor.NAME) == ("python", python.NAME):
            return flavor
    raise CumulogError(f"{name!r} is no flavor: use one of {', '.join(flavor.NAME for flavor in FLAVORS)}.")
