"""The tracking endpoints of the server for tests: runs with ids that clients choose, params, points and tags.

As the real one: the same body creates the same run again, identical points are one, a refused entry refuses its call.
"""

from dataclasses import dataclass, field
from typing import Any

API = "/api/2.0/mlflow"


class Refused(Exception):
    """The endpoints' error reply: (status, error_code, cumulog_error)."""


@dataclass
class Run:
    body: Any
    status: str = "RUNNING"
    params: dict[str, str] = field(default_factory=dict)
    points: set[tuple[Any, ...]] = field(default_factory=set)
    tags: dict[str, str] = field(default_factory=dict)
    inputs: list[Any] = field(default_factory=list)
    # Points of logged models and on datasets, as they were sent.
    measured: list[Any] = field(default_factory=list)
    is_deleted: bool = False
    # Of the process that ended it.
    lease_holder: str = ""


@dataclass
class Tracking:
    runs: dict[str, Run] = field(default_factory=dict)
    experiments: dict[str, str] = field(default_factory=dict)
    # How many entries each log-batch had.
    batches: list[dict[str, int]] = field(default_factory=list)
    # The requests for leases, and what they are answered.
    leases: list[Any] = field(default_factory=list)
    lease: dict[str, Any] = field(default_factory=lambda: {"expires": 1})

    def create_run(self, body: Any) -> Any:
        run = self.runs.setdefault(body["run_id"], Run(body))
        if run.body != body:
            raise Refused(400, "RESOURCE_ALREADY_EXISTS", "")
        if not run.tags:
            run.tags = {tag["key"]: tag["value"] for tag in body["tags"]}
        return {"run": {"info": {"run_id": body["run_id"], "experiment_id": body["experiment_id"]}}}

    def get_run(self, fields: Any) -> Any:
        return {"run": self._shown(fields["run_id"], self._found(fields))}

    def search_runs(self, fields: Any) -> Any:
        """Two runs a page."""
        found = [
            self._shown(*each)
            for each in self.runs.items()
            if each[1].body["experiment_id"] in fields["experiment_ids"]
        ]
        start = int(fields.get("page_token", 0))
        more = {"next_page_token": str(start + 2)} if start + 2 < len(found) else {}
        return {"runs": found[start : start + 2], **more}

    def set_tag(self, fields: Any) -> Any:
        self._found(fields).tags[fields["key"]] = fields["value"]
        return {}

    def update(self, fields: Any) -> Any:
        run = self._found(fields)
        run.status, run.lease_holder = fields["status"], fields.get("lease_holder", "")
        return {}

    def renew(self, fields: Any) -> Any:
        self._found(fields)
        self.leases.append(fields)
        return self.lease

    def delete_tag(self, fields: Any) -> Any:
        self._found(fields).tags.pop(fields["key"], None)
        return {}

    def log_inputs(self, fields: Any) -> Any:
        run = self._found(fields)
        _require_known(fields.get("models", ()))
        run.inputs += [*fields.get("datasets", ()), *fields.get("models", ())]
        return {}

    def log_batch(self, fields: Any) -> Any:
        run = self._found(fields)
        params, metrics, tags = (fields.get(name, []) for name in ("params", "metrics", "tags"))
        assert len(metrics) <= 1000
        assert max(len(params), len(tags)) <= 100
        if len({each["key"] for each in params}) < len(params):
            raise Refused(400, "INVALID_PARAMETER_VALUE", "")
        if any(run.params.get(each["key"], each["value"]) != each["value"] for each in params):
            raise Refused(400, "INVALID_PARAMETER_VALUE", "")
        if any(each["key"].startswith("refused") for each in (*params, *metrics, *tags)):
            raise Refused(400, "INVALID_PARAMETER_VALUE", "")
        _require_known(metrics)
        run.measured += [each for each in metrics if {"model_id", "dataset_name"} & set(each)]
        self.batches.append({"params": len(params), "metrics": len(metrics), "tags": len(tags)})
        run.params |= {each["key"]: each["value"] for each in params}
        run.points |= {(each["key"], each["value"], each["timestamp"], each["step"]) for each in metrics}
        run.tags |= {each["key"]: each["value"] for each in tags}
        return {}

    def experiment_named(self, fields: Any) -> Any:
        name = fields["experiment_name"]
        if name not in self.experiments:
            raise Refused(404, "RESOURCE_DOES_NOT_EXIST", "")
        named = {"experiment_id": self.experiments[name], "name": name}
        return {"experiment": {**named, "lifecycle_stage": "active"}}

    def experiment(self, fields: Any) -> Any:
        names = {experiment_id: name for name, experiment_id in self.experiments.items()} | {"0": "Default"}
        named = {"experiment_id": fields["experiment_id"], "name": names[fields["experiment_id"]]}
        return {"experiment": {**named, "lifecycle_stage": "active"}}

    def create_experiment(self, fields: Any) -> Any:
        return {"experiment_id": self.experiments.setdefault(fields["name"], str(len(self.experiments) + 1))}

    def _shown(self, run_id: str, run: Run) -> Any:
        info = {"run_id": run_id, "experiment_id": run.body["experiment_id"], "lifecycle_stage": "active"}
        info["status"] = run.status
        tags = [{"key": key, "value": value} for key, value in run.tags.items()]
        params = [{"key": key, "value": value} for key, value in run.params.items()]
        metrics = [{"key": point[0], "value": point[1]} for point in run.points]
        datasets = [each for each in run.inputs if "dataset" in each]
        shown = {"info": info, "data": {"tags": tags, "params": params, "metrics": metrics}}
        return {**shown, "inputs": {"dataset_inputs": datasets}}

    def history(self, fields: Any) -> Any:
        points = [each for each in self._found(fields).points if each[0] == fields["metric_key"]]
        named = ("key", "value", "timestamp", "step")
        return {"metrics": [dict(zip(named, each, strict=True)) for each in points]}

    def endpoints(self) -> dict[str, Any]:
        return {
            f"POST {API}/runs/create": self.create_run,
            f"GET {API}/runs/get": self.get_run,
            f"GET {API}/metrics/get-history": self.history,
            f"POST {API}/runs/search": self.search_runs,
            f"POST {API}/runs/update": self.update,
            "POST /api/2.0/cumulog/runs/lease": self.renew,
            f"POST {API}/runs/delete-tag": self.delete_tag,
            f"POST {API}/runs/set-tag": self.set_tag,
            f"POST {API}/runs/log-inputs": self.log_inputs,
            f"POST {API}/runs/log-batch": self.log_batch,
            f"GET {API}/experiments/get": self.experiment,
            f"GET {API}/experiments/get-by-name": self.experiment_named,
            f"POST {API}/experiments/create": self.create_experiment,
        }

    def _found(self, fields: Any) -> Run:
        if fields["run_id"] not in self.runs:
            raise Refused(404, "RESOURCE_DOES_NOT_EXIST", "")
        run = self.runs[fields["run_id"]]
        if run.is_deleted:
            raise Refused(400, "INVALID_PARAMETER_VALUE", "RUN_DELETED")
        return run


def _require_known(entries: Any) -> None:
    if any(each.get("model_id") == "m-missing" for each in entries):
        raise Refused(404, "RESOURCE_DOES_NOT_EXIST", "")
