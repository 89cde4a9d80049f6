"""What a test has logged through the API, remembered as records: nothing here is read back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from chalicelib.edge.wire import double
from chalicelib.search.record import DatasetRecord, Record
from chalicelib.tracking.experiments import lifecycle
from chalicelib.tracking.experiments.lifecycle import ACTIVE, DELETED, Mark
from tests import client as api
from tests.unit.search.any_search import CONTEXTS, EDGES, METRIC_KEYS, TEXT_KEYS, USERS
from tests.unit.search.any_world import TEXTS, TIMES, VALUES

_NAMES = [text for text in TEXTS if text]


@dataclass
class LoggedRun:
    """`own` is what was said of the run alone; `history` has all values of each metric by step."""

    experiment_id: str
    attributes: dict[str, Any]
    metrics: dict[str, float] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    datasets: list[DatasetRecord] = field(default_factory=list)
    own: Mark | None = None
    history: dict[str, dict[int, float]] = field(default_factory=dict)

    def record(self) -> Record:
        attributes = {**self.attributes, "run_name": self.tags.get("mlflow.runName")}
        tables = dict(self.metrics), dict(self.params), dict(self.tags), list(self.datasets)
        return Record(str(attributes["run_id"]), attributes, *tables)


class Logged:
    """Random changes to a few experiments, made and remembered."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._step = 0
        self.experiments = {api.create_experiment(f"searched {number}"): Mark(ACTIVE, 0) for number in range(2)}
        self.runs: dict[str, LoggedRun] = {}

    def records(self, experiment_ids: list[str], stages: set[str]) -> list[Record]:
        """The runs of these experiments and lifecycle stages."""
        return [
            run.record()
            for run in self.runs.values()
            if run.experiment_id in experiment_ids and self._stage(run) in stages
        ]

    def changes(self) -> list[Callable[[], None]]:
        """What can be done, the usual more often than the rest."""
        usual = [self.log_metrics, self.log_param, self.set_tag, self.update_run]
        rare = [self.delete_tag, self.rename, self.log_inputs, self.create_run, self.delete_run, self.restore_run]
        return [*usual * 2, *rare, self.turn_experiment]

    def create_run(self) -> None:
        experiment_id = self._pick([each for each, mark in self.experiments.items() if mark.stage == ACTIVE])
        if experiment_id is None:
            return
        name, user, start = self._rng.choice(_NAMES), self._rng.choice(USERS), self._rng.choice(TIMES)
        asked = {"experiment_id": experiment_id, "run_name": name, "user_id": user, "start_time": start}
        info = api.done("/runs/create", **asked)["run"]["info"]
        told = {key: info[key] for key in ("run_id", "artifact_uri")}
        attributes = {**told, "status": "RUNNING", "user_id": user, "start_time": start, "end_time": None}
        self.runs[told["run_id"]] = LoggedRun(experiment_id, attributes, tags={"mlflow.runName": name})
        for _ in range(3):
            self._log(told["run_id"])

    def log_metrics(self) -> None:
        self._on_active(self._log_metrics)

    def log_param(self) -> None:
        self._on_active(self._log_param)

    def set_tag(self) -> None:
        self._on_active(self._set_tag)

    def delete_tag(self) -> None:
        run_id = self._pick([each for each in self._of_stage(ACTIVE) if len(self.runs[each].tags) > 1])
        if run_id is not None:
            key = self._rng.choice([key for key in self.runs[run_id].tags if key != "mlflow.runName"])
            api.done("/runs/delete-tag", run_id=run_id, key=key)
            del self.runs[run_id].tags[key]

    def rename(self) -> None:
        run_id = self._pick(self._of_stage(ACTIVE))
        if run_id is not None:
            name = self._rng.choice(_NAMES)
            api.done("/runs/update", run_id=run_id, run_name=name)
            self.runs[run_id].tags["mlflow.runName"] = name

    def update_run(self) -> None:
        run_id = self._pick(self._of_stage(ACTIVE))
        if run_id is not None:
            status, end = (
                self._rng.choice(["FINISHED", "FAILED", "KILLED"]),
                self._rng.choice([1, 1000, 2000, 2**63 - 1]),
            )
            api.done("/runs/update", run_id=run_id, status=status, end_time=end)
            self.runs[run_id].attributes |= {"status": status, "end_time": end}

    def log_inputs(self) -> None:
        run_id = self._pick([each for each in self._of_stage(ACTIVE) if not self.runs[each].datasets])
        if run_id is not None:
            edges = [DatasetRecord(*edge, self._rng.choice([None, *CONTEXTS])) for edge in self._rng.sample(EDGES, 2)]
            api.done("/runs/log-inputs", run_id=run_id, datasets=[_dataset_input(edge) for edge in edges])
            self.runs[run_id].datasets = edges

    def delete_run(self) -> None:
        self._turn_run(ACTIVE, DELETED, "/runs/delete")

    def restore_run(self) -> None:
        self._turn_run(DELETED, ACTIVE, "/runs/restore")

    def turn_experiment(self) -> None:
        """Delete an active experiment, or restore a deleted one."""
        experiment_id = self._rng.choice(list(self.experiments))
        mark = self.experiments[experiment_id]
        deleting = mark.stage == ACTIVE
        api.done(f"/experiments/{'delete' if deleting else 'restore'}", experiment_id=experiment_id)
        self.experiments[experiment_id] = Mark(DELETED if deleting else ACTIVE, mark.epoch + 1)

    def _on_active(self, change: Callable[[str], None]) -> None:
        run_id = self._pick(self._of_stage(ACTIVE))
        if run_id is not None:
            change(run_id)

    def _log(self, run_id: str) -> None:
        self._rng.choice([self._log_metrics, self._log_param, self._set_tag])(run_id)

    def _log_metrics(self, run_id: str) -> None:
        self._step += 1
        values = {key: self._rng.choice(VALUES) for key in self._rng.sample(METRIC_KEYS, 3)}
        points = [
            {"key": key, "value": double(value), "timestamp": 1, "step": self._step} for key, value in values.items()
        ]
        api.done("/runs/log-batch", run_id=run_id, metrics=points)
        self.runs[run_id].metrics |= values
        for key, value in values.items():
            self.runs[run_id].history.setdefault(key, {})[self._step] = value

    def _log_param(self, run_id: str) -> None:
        run = self.runs[run_id]
        key = self._pick([key for key in TEXT_KEYS if key not in run.params])
        if key is not None:
            run.params[key] = self._rng.choice(TEXTS)
            api.done("/runs/log-parameter", run_id=run_id, key=key, value=run.params[key])

    def _set_tag(self, run_id: str) -> None:
        key, value = self._rng.choice(TEXT_KEYS), self._rng.choice(TEXTS)
        api.done("/runs/set-tag", run_id=run_id, key=key, value=value)
        self.runs[run_id].tags[key] = value

    def _turn_run(self, before: str, after: str, path: str) -> None:
        run_id = self._pick(self._of_stage(before))
        if run_id is not None:
            run = self.runs[run_id]
            api.done(path, run_id=run_id)
            run.own = Mark(after, self.experiments[run.experiment_id].epoch)

    def _stage(self, run: LoggedRun) -> str:
        return lifecycle.stage(self.experiments[run.experiment_id], run.own)

    def _of_stage(self, stage: str) -> list[str]:
        """The runs of this lifecycle stage; the active ones can be written."""
        return [run_id for run_id, run in self.runs.items() if self._stage(run) == stage]

    def _pick(self, choices: list[str]) -> str | None:
        return self._rng.choice(choices) if choices else None


def _dataset_input(edge: DatasetRecord) -> dict[str, Any]:
    tags = [] if edge.context is None else [{"key": "mlflow.data.context", "value": edge.context}]
    dataset = {"name": edge.name, "digest": edge.digest, "source_type": "local", "source": "x"}
    return {"dataset": dataset, "tags": tags}
