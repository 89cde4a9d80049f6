"""The wire form of an experiment."""

from chalicelib.edge.replies import Json, filled, key_values
from chalicelib.storage.items import ExperimentItem


def experiment(item: ExperimentItem) -> Json:
    """The Experiment message."""
    return filled(
        experiment_id=item.experiment_id,
        name=item.name,
        artifact_location=item.artifact_location,
        lifecycle_stage=item.stage,
        creation_time=int(item.creation_time),
        last_update_time=int(item.last_update_time),
        workspace="default",
        tags=key_values(item.tags),
    )
