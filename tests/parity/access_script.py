"""What MLflow's own client of users and permissions gets from the server of MLFLOW_TRACKING_URI, as JSON.

The package that the client is in wants Flask-WTF, which only its server needs; so it is stood for by an empty one.
"""

import json
import os
import sys
import types
import warnings
from pathlib import Path

# SQLAlchemy's, about MLflow's own models.
warnings.simplefilter("ignore")

import mlflow.server  # noqa: E402
from mlflow.exceptions import RestException  # noqa: E402

_PACKAGE = types.ModuleType("mlflow.server.auth")
_PACKAGE.__path__ = [str(Path(mlflow.server.__file__).parent / "auth")]
sys.modules["mlflow.server.auth"] = _PACKAGE

from mlflow.server.auth.client import AuthServiceClient  # noqa: E402


def refusal(call):
    try:
        call()
    except RestException as error:
        return error.error_code
    return None


def main():
    client = AuthServiceClient(os.environ["MLFLOW_TRACKING_URI"])
    made = client.create_user("ada", "")
    experiment_id = mlflow.create_experiment("granted")
    client.grant_user_permission("ada", "experiment", experiment_id, "READ")
    told = client.get_user_permission("ada", "experiment", experiment_id)
    client.revoke_user_permission("ada", "experiment", experiment_id)
    after = client.get_user_permission("ada", "experiment", experiment_id)
    client.update_user_admin("ada", True)
    promoted = client.get_user("ada")
    client.delete_user("ada")
    seen = {
        "made": [made.username, made.is_admin],
        "granted": [told.permission, told.allowed],
        "revoked": [after.permission, after.allowed],
        "promoted": promoted.is_admin,
        "deleted": refusal(lambda: client.get_user("ada")),
        "again": refusal(lambda: client.create_user("ada", "")),
        "password": refusal(lambda: client.create_user("bea", "a long password")),
        "new password": refusal(lambda: client.update_user_password("admin", "a long password")),
        "oneself": refusal(lambda: client.delete_user("admin")),
        "role": refusal(lambda: client.create_role("default", "reviewers")),
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
