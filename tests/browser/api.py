"""What a test wants to be there before it looks: calls of the API of a running stack."""

import json
import urllib.error
import urllib.request
from typing import Any, NamedTuple

PREFIX = "/api/2.0/mlflow"
TOKENS = "/api/2.0/cumulog/access/tokens"


class Api(NamedTuple):
    """The API of a stack, asked with a token or without."""

    url: str
    token: str = ""

    def post(self, path: str, /, **fields: Any) -> Any:
        """POST what has to work, and the reply; a path that does not say otherwise is MLflow's."""
        return self._asked(path, json.dumps(fields).encode())

    def experiment(self, name: str) -> str:
        return str(self.post("/experiments/create", name=name)["experiment_id"])

    def run(self, experiment_id: str, **fields: Any) -> str:
        made = self.post("/runs/create", **{"experiment_id": experiment_id, "start_time": 1, **fields})
        return str(made["run"]["info"]["run_id"])

    def another_token(self, seconds: int = 3600) -> str:
        return str(self.post(f"{TOKENS}/create", expires_in_seconds=seconds)["text"])

    def _asked(self, path: str, body: bytes) -> Any:
        whole = path if path.startswith("/api/") else PREFIX + path
        sent = {"Content-Type": "application/json"}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        with urllib.request.urlopen(urllib.request.Request(self.url + whole, body, sent), timeout=20) as reply:
            return json.loads(reply.read())
