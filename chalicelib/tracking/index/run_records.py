"""A run as filters and order_by see it."""

from collections.abc import Iterable, Mapping, Set

from chalicelib.search.record import DatasetRecord, Record
from chalicelib.storage.items import ExperimentItem, RunInfo
from chalicelib.tracking.experiments import lifecycle
from chalicelib.tracking.experiments.lifecycle import Mark
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.runs.rules import RUN_NAME_TAG

_CONTEXT_TAG = "mlflow.data.context"

# What JSON adds around them in a reply, in characters.
_AROUND_RUN = 700
_AROUND_TEXT = 24
_AROUND_METRIC = 100


def record(run: Run) -> Record:
    """A run as filters and order_by see it. Its name comes from its tag, because MLflow searches the tag."""
    info = run.info
    metrics = {key: point.value for key, point in run.metrics.items()}
    return Record(
        id=info.run_id,
        attributes={
            "run_id": info.run_id,
            "run_name": run.tags.get(RUN_NAME_TAG),
            "status": info.status,
            "user_id": info.user_id,
            "artifact_uri": info.artifact_uri,
            "start_time": None if info.start_time is None else int(info.start_time),
            "end_time": None if info.end_time is None else int(info.end_time),
        },
        metrics=metrics,
        params=run.params,
        tags=run.tags,
        datasets=[DatasetRecord(edge.name, edge.digest, dict(edge.tags).get(_CONTEXT_TAG)) for edge in run.inputs],
        size=_size_in_reply(run),
    )


def with_values(before: Record, run: Run) -> Record:
    """The record of a run of which nothing but its metrics has changed since."""
    return Record(
        before.id,
        before.attributes,
        {key: point.value for key, point in run.metrics.items()},
        before.params,
        before.tags,
        before.datasets,
        size=before.size if len(run.metrics) == len(before.metrics) else _size_in_reply(run),
    )


class Stages:
    """Selects the runs of these experiments that are in one of the wanted lifecycle stages."""

    def __init__(self, experiments: Iterable[ExperimentItem], wanted: Set[str]) -> None:
        self._wanted = wanted
        self._marks = {item.experiment_id: Mark(item.stage, int(item.epoch)) for item in experiments}

    def include(self, info: RunInfo) -> bool:
        """Whether this run is in a wanted stage."""
        return self.include_marked(info.experiment_id, own_mark(info))

    def include_marked(self, experiment_id: str, own: Mark | None) -> bool:
        """Whether a run of the experiment with this mark of its own is in a wanted stage."""
        mark = self._marks.get(experiment_id)
        return mark is not None and lifecycle.stage(mark, own) in self._wanted

    def groups(self, item: ExperimentItem) -> list[str]:
        """The groups of an experiment's index rows that hold such runs."""
        return lifecycle.groups(self._marks[item.experiment_id], int(item.settled), self._wanted)


def own_mark(info: RunInfo) -> Mark | None:
    """The mark that was set on the run itself."""
    return Mark(info.mark, int(info.mark_epoch)) if info.mark else None


def _size_in_reply(run: Run) -> int:
    """The size of a run in a reply, in characters, without datasets and models."""
    texts = (run.params, run.tags)
    info = len(run.info.artifact_uri) + len(run.info.run_name) + len(run.info.user_id or "")
    around = _AROUND_RUN + _AROUND_TEXT * sum(map(len, texts)) + _AROUND_METRIC * len(run.metrics)
    return info + around + sum(map(_length, texts)) + sum(map(len, run.metrics))


def _length(texts: Mapping[str, str]) -> int:
    return sum(map(len, texts)) + sum(map(len, texts.values()))
