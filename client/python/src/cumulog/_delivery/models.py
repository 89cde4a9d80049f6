"""Logged models of a run as calls to the server: each may be made again, and then changes nothing."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from cumulog._delivery.outcomes import sentence
from cumulog._http.errors import ApiError
from cumulog._http.wire import Json, double
from cumulog._transfer.api import Entry

_READY, _FAILED = "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"
_MOST_METRICS = 1000


class Call(Protocol):
    """One call to the server; raises ApiError."""

    def __call__(
        self, method: str, path: str, body: Json | None = None, query: dict[str, str] | None = None
    ) -> Json: ...


def owner(model_id: str) -> str:
    """The folder of a model among those of its experiment."""
    return f"models/{model_id}"


def create(call: Call, run: Json, fields: Json) -> None:
    """Create a logged model with what its run has: its params, and its metrics of the model's step, as in MLflow."""
    info, data, model_id = run["info"], run.get("data", {}), fields["model_id"]
    named = {name: fields[name] for name in ("name", "model_type", "params", "tags")}
    wish = {"experiment_id": info["experiment_id"], "model_id": model_id, "source_run_id": info["run_id"], **named}
    model = call("POST", "/logged-models", wish)["model"]
    known = {param["key"] for param in model.get("data", {}).get("params", ())}
    missing = [param for param in data.get("params", ()) if param["key"] not in known]
    if missing:
        call("POST", f"/logged-models/{model_id}/params", {"model_id": model_id, "params": missing})
    output = {"model_id": model_id, "step": fields["step"]}
    call("POST", "/runs/outputs", {"run_id": info["run_id"], "models": [output]})
    points = [{**each, "model_id": model_id} for each in _of_step(data, fields["step"])][:_MOST_METRICS]
    if points:
        call("POST", "/runs/log-batch", {"run_id": info["run_id"], "metrics": points})


def finish(call: Call, run_id: str, stored: Iterable[Entry], fields: Json) -> str:
    """Say that a model's files have arrived, and register it if it is to be. What did not succeed; empty if all did.

    `stored` are the entries of the model's folder.
    """
    model_id = fields["model_id"]
    arrived = {each.path: each.size for each in stored}
    missing = [path for path, size in fields["files"].items() if arrived.get(path) != size]
    status = _FAILED if missing else _READY
    call("PATCH", f"/logged-models/{model_id}", {"model_id": model_id, "status": status})
    if missing:
        return f"The logged model {model_id} is not complete: {', '.join(missing[:5])} did not arrive."
    try:
        if fields["registered"]:
            _register(call, fields["registered"], model_id, run_id)
    except ApiError as error:
        if error.status not in (400, 403, 404):
            raise
        return f"The model {model_id} was not registered as '{fields['registered']}': {sentence(error.message)}"
    return ""


def _of_step(data: Json, step: int) -> Iterator[Json]:
    for each in data.get("metrics", ()):
        if int(each.get("step", 0)) == step:
            yield {**each, "value": double(float(each["value"])), "step": step}


def _register(call: Call, name: str, model_id: str, run_id: str) -> None:
    """Make the model a version, unless it is one: an earlier attempt may have got as far as that."""
    try:
        call("POST", "/registered-models/create", {"name": name})
    except ApiError as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    source = f"models:/{model_id}"
    query = {"filter": f"run_id = '{run_id}'", "max_results": "10000"}
    known = call("GET", "/model-versions/search", query=query).get("model_versions", ())
    if (name, source) not in {(each["name"], each.get("source")) for each in known}:
        body = {"name": name, "source": source, "model_id": model_id, "run_id": run_id}
        call("POST", "/model-versions/create", body)
