"""What MLflow loads by its entry points."""

from cumulog._mlflow.artifacts import CumulogArtifactRepository

__all__ = ["CumulogArtifactRepository"]
