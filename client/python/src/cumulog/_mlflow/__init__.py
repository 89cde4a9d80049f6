"""What MLflow loads by its entry points.

MLflow loads them while it is imported itself. So it comes first: the plugin is a subclass of MLflow's, and one that
MLflow asks for while the plugin's own imports wait for MLflow would be only half there.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cumulog._mlflow.artifacts import CumulogArtifactRepository as CumulogArtifactRepository

__all__ = ["CumulogArtifactRepository"]


def __getattr__(name: str) -> object:
    """The plugin, also for MLflow while it is imported by the line below."""
    if name not in __all__:
        raise AttributeError(f"module 'cumulog._mlflow' has no attribute {name!r}")
    return getattr(import_module("cumulog._mlflow.artifacts"), name)


import_module("mlflow")
