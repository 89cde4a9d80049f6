"""The wire form of a run."""

from collections.abc import Mapping

from chalicelib.edge import cutting
from chalicelib.edge.replies import Json, filled, key_values
from chalicelib.storage.items import DatasetItem, RunInfo
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.runs import datasets, edges
from chalicelib.tracking.runs.leases import Granted
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.series.replies import metric

_LISTS = (
    ("data", "metrics"),
    ("data", "params"),
    ("data", "tags"),
    ("inputs", "dataset_inputs"),
    ("inputs", "model_inputs"),
    ("outputs", "model_outputs"),
)


def run_info(info: RunInfo) -> Json:
    """The RunInfo message. The lifecycle stage combines the run's and its experiment's."""
    return filled(
        run_uuid=info.run_id,
        run_id=info.run_id,
        run_name=info.run_name,
        experiment_id=info.experiment_id,
        user_id=info.user_id or "",
        status=info.status,
        start_time=None if info.start_time is None else int(info.start_time),
        # MLflow takes an end time of 0 as no end time, but a start time of 0 as a start time.
        end_time=int(info.end_time) if info.end_time else None,
        artifact_uri=info.artifact_uri,
        lifecycle_stage=recent_experiments.run_stage(info),
    )


def run(each: Run, datasets: Mapping[str, DatasetItem]) -> Json:
    """The Run message, with the datasets of its inputs."""
    return {
        "info": run_info(each.info),
        "data": filled(
            metrics=[metric(point) for point in each.metrics.values()],
            params=key_values(each.params),
            tags=key_values(each.tags),
        ),
        "inputs": filled(
            dataset_inputs=[
                edges.dataset_input(edge, datasets[edge.dataset]) for edge in each.inputs if edge.dataset in datasets
            ],
            model_inputs=list(map(edges.model_input, each.model_inputs)),
        ),
        "outputs": filled(model_outputs=list(map(edges.model_output, each.outputs))),
    }


def lease(granted: Granted) -> Json:
    """When a lease runs out and who else holds it; or that the run has ended."""
    held = granted.lease
    if held is None:
        return {"ended": True}
    other = {"holder": held.holder, "since": held.since, "until": held.held_until}
    return filled(expires=held.expires, other_holder=other if granted.is_of_another else None)


def shortened(message: Json) -> Json:
    """The Run message with as much as one reply can carry."""
    return cutting.cut(message, _LISTS, ("data", "tags"))


def whole(each: Run) -> Json:
    """The Run message with the datasets of its inputs, or as much of it as one reply can carry."""
    return shortened(run(each, datasets.of(each.info.experiment_id, each.inputs)))


def created(each: Run) -> Json:
    """The Run message as runs/create answers it. A new run has no `outputs` field, not even an empty one."""
    message = whole(each)
    if not message["outputs"]:
        del message["outputs"]
    return message
