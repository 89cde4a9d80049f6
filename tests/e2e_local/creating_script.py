"""A user's script, which knows of MLflow only: it creates one thing of each kind, and prints what there is then.

Usage: python creating_script.py TRACKING_URI.
"""

import json
import sys

from mlflow import MlflowClient


def main(tracking_uri: str) -> None:
    client = MlflowClient(tracking_uri)
    experiment_id = client.create_experiment("created once")
    run = client.create_run(experiment_id, run_name="created once").info
    client.create_registered_model("created once")
    client.create_model_version("created once", f"{run.artifact_uri}/model", run_id=run.run_id)
    seen = {
        "runs": [each.info.run_id == run.run_id for each in client.search_runs([experiment_id])],
        "versions": [each.version for each in client.search_model_versions("name = 'created once'")],
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1])
