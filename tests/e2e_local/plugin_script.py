"""A user's script, which knows of MLflow only: it logs a folder, lists it, and downloads it again.

Usage: python plugin_script.py TRACKING_URI FOLDER TARGET. It prints, as JSON, what it saw.
"""

import json
import sys
from pathlib import Path

import mlflow
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.tracking.request_header.registry import _request_header_provider_registry


def main(tracking_uri: str, folder: Path, target: Path) -> None:
    mlflow.set_tracking_uri(tracking_uri)
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(folder), "logged")
    client = mlflow.MlflowClient()
    downloaded = client.download_artifacts(run.info.run_id, "logged", str(target))
    one = client.download_artifacts(run.info.run_id, "logged/one/a b", str(target))
    seen = {
        "providers": [type(each).__name__ for each in _request_header_provider_registry],
        "repository": type(get_artifact_repository(run.info.artifact_uri)).__name__,
        "listed": {info.path: info.file_size for info in client.list_artifacts(run.info.run_id, "logged/one")},
        "of a file": client.list_artifacts(run.info.run_id, "logged/one/a b"),
        "downloaded": downloaded,
        "one": one,
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
