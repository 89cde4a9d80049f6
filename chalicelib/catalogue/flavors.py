"""The framework version that a flavor records."""

from collections.abc import Mapping
from typing import Any

# Flavors that do not record their version as `<flavor>_version` (mlflow/<flavor>/__init__.py of 3.17.2).
_VERSION_KEYS = {
    "python_function": "python_version",
    "xgboost": "xgb_version",
    "lightgbm": "lgb_version",
    "spark": "pyspark_version",
    "keras": "keras_version",
}


def version(name: str, config: Mapping[str, Any]) -> str:
    """Return the framework's version that the flavor records; empty if it records none."""
    named = (_VERSION_KEYS.get(name, ""), f"{name}_version")
    # R's flavors have a plain `version` (mlflow/R/mlflow/R/model-*.R).
    others = ("version", *(key for key in config if key.endswith("_version")))
    found = (config.get(key) for key in (*named, *others))
    return next((value for value in found if isinstance(value, str)), "")
