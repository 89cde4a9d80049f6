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
    is_deleted: bool = False


@dataclass
class Tracking:
    runs: dict[str, Run] = field(default_factory=dict)
    experiments: dict[str, str] = field(default_factory=dict)
    # How many entries each log-batch had.
    batches: list[dict[str, int]] = field(default_factory=list)

    def create_run(self, body: Any) -> Any:
        run = self.runs.setdefault(body["run_id"], Run(body))
        if run.body != body:
            raise Refused(400, "RESOURCE_ALREADY_EXISTS", "")
        if not run.tags:
            run.tags = {tag["key"]: tag["value"] for tag in body["tags"]}
        return {"run": {"info": {"run_id": body["run_id"], "experiment_id": body["experiment_id"]}}}

    def get_run(self, fields: Any) -> Any:
        run = self._found(fields)
        return {"run": {"info": {"run_id": fields["run_id"], "experiment_id": run.body["experiment_id"]}}}

    def update(self, fields: Any) -> Any:
        self._found(fields).status = fields["status"]
        return {}

    def delete_tag(self, fields: Any) -> Any:
        self._found(fields).tags.pop(fields["key"], None)
        return {}

    def log_inputs(self, fields: Any) -> Any:
        self._found(fields).inputs += fields["datasets"]
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
        if any("!" in each["key"] for each in (*params, *metrics, *tags)):
            raise Refused(400, "INVALID_PARAMETER_VALUE", "")
        self.batches.append({"params": len(params), "metrics": len(metrics), "tags": len(tags)})
        run.params |= {each["key"]: each["value"] for each in params}
        run.points |= {(each["key"], each["value"], each["timestamp"], each["step"]) for each in metrics}
        run.tags |= {each["key"]: each["value"] for each in tags}
        return {}

    def experiment_named(self, fields: Any) -> Any:
        name = fields["experiment_name"]
        if name not in self.experiments:
            raise Refused(404, "RESOURCE_DOES_NOT_EXIST", "")
        return {"experiment": {"experiment_id": self.experiments[name], "lifecycle_stage": "active"}}

    def create_experiment(self, fields: Any) -> Any:
        return {"experiment_id": self.experiments.setdefault(fields["name"], str(len(self.experiments) + 1))}

    def endpoints(self) -> dict[str, Any]:
        return {
            f"POST {API}/runs/create": self.create_run,
            f"GET {API}/runs/get": self.get_run,
            f"POST {API}/runs/update": self.update,
            f"POST {API}/runs/delete-tag": self.delete_tag,
            f"POST {API}/runs/log-inputs": self.log_inputs,
            f"POST {API}/runs/log-batch": self.log_batch,
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
