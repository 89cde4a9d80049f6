"""Run in a process of its own, as the import of MLflow's server changes much: by which function it decides on requests.

Reads `[[method, path], …]` as JSON, with example values in the paths; writes a list of names, null for what MLflow does
not know or lets through unchecked.
"""

import json
import sys

from mlflow.server import auth


def validator(method: str, path: str) -> str | None:
    if auth._is_proxy_artifact_path(path):
        is_list = path.endswith("/artifacts")
        return auth._get_proxy_artifact_validator(method, None if is_list else {}).__name__
    several = [
        auth.BEFORE_REQUEST_VALIDATORS.get((path, method)),
        *(
            function
            for (pattern, of_method), function in auth.LOGGED_MODEL_BEFORE_REQUEST_VALIDATORS.items()
            if of_method == method and pattern.fullmatch(path)
        ),
        auth.AFTER_REQUEST_HANDLERS.get((path, method)),
    ]
    return next((function.__name__ for function in several if function), None)


if __name__ == "__main__":
    print(json.dumps([validator(*each) for each in json.load(sys.stdin)]))
