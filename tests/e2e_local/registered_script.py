"""A model from fit to Production with the stock client. Usage: registered_script.py URL RESULT.

Nothing in it knows Cumulog. It writes what it saw as JSON: {"version", "stage", "predictions", "inputs"}.
"""

import json
import sys
from pathlib import Path

import mlflow
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression


def main(url: str, result: str) -> None:
    mlflow.set_tracking_uri(url)
    mlflow.set_experiment("registered")
    features, labels = load_wine(return_X_y=True)
    model = LogisticRegression(max_iter=5000).fit(features, labels)
    with mlflow.start_run():
        # Without its requirements MLflow would infer them, in a process that imports everything.
        known = {"input_example": features[:2], "pip_requirements": ["scikit-learn"]}
        mlflow.sklearn.log_model(model, name="wine", registered_model_name="wine", **known)
    client = mlflow.MlflowClient()
    version = client.get_latest_versions("wine")[0].version
    moved = client.transition_model_version_stage("wine", version, "production", archive_existing_versions=True)
    seen = {
        "version": moved.version,
        "stage": moved.current_stage,
        "inputs": features[::20].tolist(),
        "predictions": model.predict(features[::20]).tolist(),
    }
    Path(result).write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
