"""The application as a client sees it: requests through the gateway, without a socket."""

import json
from typing import Any, NamedTuple

from app import app
from infra.local import gateway

PREFIX = "/api/2.0/mlflow"


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]
    headers: dict[str, str]


def post(path: str, **fields: Any) -> Answer:
    """POST the fields as JSON to a path of the protocol."""
    headers = {"content-type": "application/json"}
    return _answer(*gateway.call(app, "POST", PREFIX + path, None, headers, json.dumps(fields).encode()))


def get(path: str, **query: Any) -> Answer:
    """GET a path of the protocol."""
    return _answer(*gateway.call(app, "GET", PREFIX + path, query, {}, None))


def create_experiment(name: str = "experiment") -> str:
    return str(post("/experiments/create", name=name).body["experiment_id"])


def create_run(experiment_id: str, **fields: Any) -> str:
    reply = post("/runs/create", experiment_id=experiment_id, start_time=1, **fields)
    return str(reply.body["run"]["info"]["run_id"])


def run_data(run_id: str) -> dict[str, Any]:
    """A run's params, tags and latest metrics by key."""
    data = get("/runs/get", run_id=run_id).body["run"].get("data", {})
    return {kind: {each["key"]: each["value"] for each in data.get(kind, ())} for kind in ("params", "tags", "metrics")}


def history(run_id: str, key: str) -> list[dict[str, Any]]:
    return list(get("/metrics/get-history", run_id=run_id, metric_key=key).body.get("metrics", []))


def _answer(status: int, headers: dict[str, str], body: bytes) -> Answer:
    return Answer(status, json.loads(body), headers)
