"""The application as a client sees it: requests through the gateway, without a socket."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from app import app
from infra.local import gateway

PREFIX = "/api/2.0/mlflow"
TWIN_PREFIX = "/ajax-api/2.0/mlflow"

JSON = "application/json"


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]
    headers: dict[str, str]


def post(path: str, /, **fields: Any) -> Answer:
    """POST the fields as JSON to a path of the protocol, escaped to ASCII as MLflow's client does."""
    return send("POST", PREFIX + path, json.dumps(fields).encode())


def post_with_key(key: str, path: str, /, **fields: Any) -> Answer:
    """POST the fields with an Idempotency-Key."""
    return send("POST", PREFIX + path, json.dumps(fields).encode(), headers={"Idempotency-Key": key})


def get(path: str, /, **query: Any) -> Answer:
    """GET a path of the protocol."""
    return send("GET", PREFIX + path, query=query)


def send(
    method: str,
    path: str,
    body: bytes | None = None,
    content_type: str | None = JSON,
    query: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """A request as it stands: the path whole and encoded, the body as bytes; what answers in JSON."""
    typed = {"content-type": content_type} if body is not None and content_type is not None else {}
    status, answered, content = gateway.call(app, method, path, query, {**typed, **(headers or {})}, body)
    return Answer(status, json.loads(content), answered)


def done(path: str, /, **fields: Any) -> dict[str, Any]:
    """POST what has to work, and the reply."""
    answer = post(path, **fields)
    assert answer.status == 200, answer.body
    return answer.body


def create_experiment(name: str = "experiment", **fields: Any) -> str:
    return str(post("/experiments/create", name=name, **fields).body["experiment_id"])


def create_run(experiment_id: str, **fields: Any) -> str:
    reply = post("/runs/create", **{"experiment_id": experiment_id, "start_time": 1, **fields})
    return str(reply.body["run"]["info"]["run_id"])


def create_model(experiment_id: str, **fields: Any) -> str:
    """A new logged model's id."""
    return str(done("/logged-models", experiment_id=experiment_id, **fields)["model"]["info"]["model_id"])


def change_model(method: str, path: str, **fields: Any) -> Answer:
    """PATCH or DELETE what is behind a logged model's id, or POST params to it; the fields go as JSON."""
    return send(method, f"{PREFIX}/logged-models/{path}", json.dumps(fields).encode())


def read_model(model_id: str, **query: Any) -> dict[str, Any]:
    """A logged model as get has it."""
    answer = get(f"/logged-models/{model_id}", **query)
    assert answer.status == 200, answer.body
    return dict(answer.body["model"])


def run_data(run_id: str) -> dict[str, Any]:
    """A run's params, tags and latest metrics by key."""
    data = get("/runs/get", run_id=run_id).body["run"].get("data", {})
    return {kind: {each["key"]: each["value"] for each in data.get(kind, ())} for kind in ("params", "tags", "metrics")}


def history(run_id: str, key: str) -> list[dict[str, Any]]:
    return list(get("/metrics/get-history", run_id=run_id, metric_key=key).body.get("metrics", []))


def lease(run_id: str, holder: str, seconds: int = 540) -> Answer:
    """Take the lease of a run, or renew it."""
    body = json.dumps({"run_id": run_id, "holder": holder, "seconds": seconds}).encode()
    return send("POST", "/api/2.0/cumulog/runs/lease", body)


def found_ids(experiment_id: str, **fields: Any) -> list[str]:
    """The ids of the runs that a search of one experiment answers, in its order."""
    reply = done("/runs/search", experiment_ids=[experiment_id], **fields)
    return [run["info"]["run_id"] for run in reply.get("runs", [])]
