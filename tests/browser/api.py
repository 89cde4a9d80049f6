"""What a test wants to be there before it looks: calls of the API of a running stack."""

import json
import urllib.request
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

PREFIX = "/api/2.0/mlflow"
TOKENS = "/api/2.0/cumulog/access/tokens"


class Api(NamedTuple):
    """The API of a stack, asked with a token or without."""

    url: str
    token: str = ""

    def post(self, path: str, /, **fields: Any) -> Any:
        """POST what has to work, and the reply; a path that does not say otherwise is MLflow's."""
        whole = path if path.startswith("/api/") else PREFIX + path
        return self._asked("POST", whole, json.dumps(fields).encode(), "application/json")

    def get(self, path: str, /, **query: Any) -> Any:
        """GET what has to be there."""
        return self._asked("GET", f"{PREFIX}{path}?{urlencode(query)}", None, "application/json")

    def put(self, path: str, content: bytes) -> None:
        """PUT the content of a file."""
        self._asked("PUT", quote(path), content, "application/octet-stream")

    def experiment(self, name: str) -> str:
        return str(self.post("/experiments/create", name=name)["experiment_id"])

    def run(self, experiment_id: str, **fields: Any) -> str:
        made = self.post("/runs/create", **{"experiment_id": experiment_id, "start_time": 1, **fields})
        return str(made["run"]["info"]["run_id"])

    def another_token(self, seconds: int = 3600) -> str:
        return str(self.post(f"{TOKENS}/create", expires_in_seconds=seconds)["text"])

    def _asked(self, method: str, path: str, body: bytes | None, kind: str) -> Any:
        sent = {"Content-Type": kind, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        request = urllib.request.Request(self.url + path, body, sent, method=method)
        with urllib.request.urlopen(request, timeout=20) as reply:
            return json.loads(reply.read())
