"""The registered model of the demo: a version for each kept trial, with stages, aliases and tags."""

import warnings

import mlflow
from mlflow import MlflowClient

from infra.demo.sweep import Sweep

_NAME = "digits"


def register(found: Sweep) -> str:
    """Register the kept trials, the best last; the name of the registered model."""
    client = MlflowClient()
    kept = [trial for trial in found.trials if trial.model_uri]
    print("\nRegistering the best models ...", flush=True)
    for trial in reversed(kept):
        version = mlflow.register_model(trial.model_uri, _NAME, tags={"test_accuracy": f"{trial.accuracy:.4f}"}).version
        # MLflow calls stages deprecated; its users still have them.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            best = trial is kept[0]
            stage = "Production" if best else "Staging"
            client.transition_model_version_stage(_NAME, version, stage, archive_existing_versions=True)
        client.set_registered_model_alias(_NAME, "champion" if best else "challenger", version)
    client.update_registered_model(_NAME, "Recognizes handwritten digits. Made by `make demo`.")
    return _NAME
