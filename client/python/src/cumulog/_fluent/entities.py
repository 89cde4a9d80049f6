"""What the server says of runs and experiments, in MLflow's names."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._client.generated.replies import experiments, runs, shared

DATASET_FIELDS = ("name", "digest", "source_type", "source", "schema", "profile")


@dataclass(frozen=True)
class StoredInfo:
    """Times are in ms since 1970; `end_time` is None while the run goes on."""

    run_id: str
    experiment_id: str
    run_name: str
    user_id: str
    status: str
    start_time: int
    end_time: int | None
    artifact_uri: str
    lifecycle_stage: str

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """For `dict(run.info)`, as in MLflow."""
        return iter(self.to_dictionary().items())

    def to_dictionary(self) -> dict[str, Any]:
        """The fields by their names."""
        return asdict(self)


@dataclass(frozen=True)
class StoredData:
    """The latest value of each metric, the params, the tags."""

    metrics: dict[str, float]
    params: dict[str, str]
    tags: dict[str, str]

    def to_dictionary(self) -> dict[str, dict[str, Any]]:
        """Metrics, params and tags by these names."""
        return asdict(self)


@dataclass(frozen=True)
class StoredRun:
    """A run as the server has it. `inputs` and `outputs` are as on the wire."""

    info: StoredInfo
    data: StoredData
    inputs: "runs.RunInputs"
    outputs: "runs.RunOutputs"

    def to_dictionary(self) -> dict[str, dict[str, Any]]:
        """The run as plain data, with the content of MLflow's: `info`, `data`, `inputs` and `outputs`."""
        return {
            "info": self.info.to_dictionary(),
            "data": self.data.to_dictionary(),
            "inputs": {
                "model_inputs": [dict(each) for each in self.inputs.get("model_inputs", ())],
                "dataset_inputs": [_dataset_input(each) for each in self.inputs.get("dataset_inputs", ())],
            },
            "outputs": {"model_outputs": [dict(each) for each in self.outputs.get("model_outputs", ())]},
        }


@dataclass(frozen=True)
class Experiment:
    """An experiment as the server has it. Times are in ms since 1970."""

    experiment_id: str
    name: str
    artifact_location: str
    lifecycle_stage: str
    creation_time: int
    last_update_time: int
    tags: dict[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """For `dict(experiment)`, as in MLflow."""
        return iter(self.to_dictionary().items())

    def to_dictionary(self) -> dict[str, Any]:
        """The fields by their names."""
        return asdict(self)


def run_of(message: "runs.Run") -> StoredRun:
    """A run of a reply."""
    info, data = message["info"], message["data"]
    # JSON has no word for what is not finite, so it may come as text.
    metrics = {each["key"]: float(each["value"]) for each in data.get("metrics", ())}
    return StoredRun(
        info=_info(info),
        data=StoredData(metrics, _texts(data.get("params", ())), _texts(data.get("tags", ()))),
        inputs=message.get("inputs", {}),
        outputs=message.get("outputs", {}),
    )


def experiment_of(message: "experiments.Experiment") -> Experiment:
    """An experiment of a reply."""
    return Experiment(
        experiment_id=message["experiment_id"],
        name=message["name"],
        artifact_location=message.get("artifact_location", ""),
        lifecycle_stage=message["lifecycle_stage"],
        creation_time=int(message.get("creation_time", 0)),
        last_update_time=int(message.get("last_update_time", 0)),
        tags=_texts(message.get("tags", ())),
    )


def _info(info: "runs.RunInfo") -> StoredInfo:
    return StoredInfo(
        run_id=info["run_id"],
        experiment_id=info["experiment_id"],
        run_name=info.get("run_name", ""),
        user_id=info.get("user_id", ""),
        status=info.get("status", ""),
        start_time=int(info.get("start_time", 0)),
        end_time=int(info["end_time"]) if "end_time" in info else None,
        artifact_uri=info.get("artifact_uri", ""),
        lifecycle_stage=info.get("lifecycle_stage", ""),
    )


def _dataset_input(message: "runs.DatasetInput") -> dict[str, Any]:
    return {
        "dataset": {name: message["dataset"].get(name) for name in DATASET_FIELDS},
        "tags": _texts(message.get("tags", ())),
    }


def _texts(entries: "Iterable[shared.KeyValue]") -> dict[str, str]:
    return {each["key"]: each.get("value", "") for each in entries}
