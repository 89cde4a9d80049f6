"""The wire form of a run."""

from collections.abc import Mapping

from chalicelib.edge.replies import Json, filled, key_values
from chalicelib.storage.items import DatasetItem, InputEdge, RunInfo
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.series.replies import metric


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
            dataset_inputs=[_dataset_input(edge, datasets) for edge in each.inputs if edge.dataset in datasets],
            model_inputs=[{"model_id": edge.model_id} for edge in each.model_inputs],
        ),
        "outputs": filled(
            model_outputs=[{"model_id": edge.model_id, "step": int(edge.step or 0)} for edge in each.outputs]
        ),
    }


def new_run(info: RunInfo) -> Json:
    """The Run message of a run that was just created. It has no `outputs` field, not even an empty one."""
    message = run(Run(info, tags=dict(info.tags)), {})
    del message["outputs"]
    return message


def _dataset_input(edge: InputEdge, datasets: Mapping[str, DatasetItem]) -> Json:
    dataset = datasets[edge.dataset]
    described = {
        "name": dataset.name,
        "digest": dataset.digest,
        "source_type": dataset.source_type,
        "source": dataset.source,
        **{name: text for name, text in (("schema", dataset.schema), ("profile", dataset.profile)) if text},
    }
    return filled(tags=[{"key": key, "value": value} for key, value in edge.tags], dataset=described)
