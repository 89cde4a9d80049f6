"""Who calls: the credentials that the variables of MLflow's client name, as a header.

MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME with MLFLOW_TRACKING_PASSWORD, which win if both are set.
"""

import base64
import os


def authorization() -> dict[str, str]:
    """The header that goes to the tracking server; empty without credentials."""
    env = os.environ.get
    user, password = env("MLFLOW_TRACKING_USERNAME"), env("MLFLOW_TRACKING_PASSWORD")
    if user and password:
        return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
    token = env("MLFLOW_TRACKING_TOKEN")
    return {"Authorization": f"Bearer {token}"} if token else {}
