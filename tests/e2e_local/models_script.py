"""A model from fit to prediction with the stock client. Usage: models_script.py URL RESULT.

Nothing in it knows Cumulog. It writes what it saw as JSON: {"run_id", "model_id", "same_predictions", "found",
"artifacts", "metrics"}.
"""

import json
import sys
from pathlib import Path

import mlflow
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression


def main(url: str, result: str) -> None:
    mlflow.set_tracking_uri(url)
    mlflow.set_experiment("models")
    mlflow.sklearn.autolog()
    features, labels = load_wine(return_X_y=True)
    with mlflow.start_run() as run:
        model = LogisticRegression(max_iter=5000).fit(features, labels)
        # Autologging's model has its requirements inferred, in a process that imports everything; once is enough.
        logged = mlflow.sklearn.log_model(
            model, name="wine", input_example=features[:2], pip_requirements=["scikit-learn"]
        )
    loaded = mlflow.pyfunc.load_model(logged.model_uri)
    seen = {
        "run_id": run.info.run_id,
        "model_id": logged.model_id,
        "same_predictions": bool((loaded.predict(features) == model.predict(features)).all()),
        "found": sorted(mlflow.search_logged_models()["name"]),
        "artifacts": sorted(each.path for each in mlflow.MlflowClient().list_artifacts(run.info.run_id)),
        "metrics": sorted(mlflow.get_run(run.info.run_id).data.metrics),
    }
    Path(result).write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
