"""The registered model of the demo: a version for each kept trial, with stages, aliases, tags and descriptions."""

import io
from collections.abc import Sequence
from contextlib import redirect_stderr

import mlflow
from mlflow import MlflowClient

from infra.demo.sweep import Trial

# Not a name that somebody's own model may have: the demo moves stages and aliases.
NAME = "demo-digits"


def register(trials: Sequence[Trial]) -> dict[str, str]:
    """Register the trials that have a model, the best last; the versions now in Staging and Production."""
    print("Registering the best models ...", flush=True)
    kept = [trial for trial in trials if trial.model_uri]
    stages = {}
    for trial in reversed(kept):
        stage = "Production" if trial is kept[0] else "Staging"
        stages[stage] = _registered(trial, stage)
    client = MlflowClient()
    client.update_registered_model(NAME, "Recognizes handwritten digits. Made by `make demo`.")
    client.set_registered_model_tag(NAME, "data", "digits of scikit-learn")
    return stages


def _registered(trial: Trial, stage: str) -> str:
    client = MlflowClient()
    tags = {"test_accuracy": f"{trial.accuracy:.4f}"}
    # MLflow prints two lines for each.
    with redirect_stderr(io.StringIO()):
        version = str(mlflow.register_model(trial.model_uri, NAME, tags=tags).version)
    client.transition_model_version_stage(NAME, version, stage, archive_existing_versions=True)
    client.update_model_version(NAME, version, f"From the run {trial.name}.")
    client.set_registered_model_alias(NAME, "champion" if stage == "Production" else "challenger", version)
    return version
