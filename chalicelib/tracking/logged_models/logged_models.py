"""MLflow 3 logged models: an item each, and a row in the listing of their experiment.

A model has no stages of life like a run's: it is deleted by a mark of its own, for good, and a deleted one is still
finalized, tagged and measured, as in MLflow. Its params are written once; of tags the last write wins. Every change
reads the item, decides, and puts it whole if nobody else has meanwhile, so that a reply that was lost after the write
is found out by the next reading: what was wanted is there. `model_metrics.py` has the points.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from chalicelib import clock, errors
from chalicelib.edge.checks import SHOWN
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import LoggedModel, LoggedModelRow
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.ids import MODEL_ID
from chalicelib.tracking.logged_models.schemas import CreateLoggedModel, Pair
from chalicelib.tracking.runs.generated_names import random_run_name

PENDING = "LOGGED_MODEL_PENDING"
REGISTRATIONS_TAG = "mlflow.modelVersions"

# An item holds 400,000 bytes, with the keys' own overhead; every read and write of a model costs by its size.
_MOST_BYTES = 300_000
_BYTES_PER_ENTRY = 4

Change = Callable[[LoggedModel, bool], bool]
"""Changes a model and says whether there was anything to change; the flag says that it was tried before."""


def create(request: CreateLoggedModel) -> LoggedModel:
    """Create a pending model. Raises ResourceDoesNotExist, InvalidParameterValue when the experiment is deleted.

    One batch, which a crash may carry out in part; but nobody knows the id of a model that was not acknowledged, and
    readers pass over a row without a model.
    """
    item = _new(request, recent_experiments.artifact_location_for_run(request.experiment_id))
    _check_size(item)
    tables.put_all([LoggedModelRow(keys.logged_models(item.experiment_id), item.model_id), item])
    return item


def load(model_id: str, allow_deleted: bool = False) -> LoggedModel:
    """The model. Raises ResourceDoesNotExist, also for a deleted one unless it is allowed."""
    found = load_several([model_id])
    if not found or (found[0].deleted and not allow_deleted):
        raise missing(model_id)
    return found[0]


def missing(model_id: str) -> errors.ResourceDoesNotExist:
    """What is said of a model that is not there."""
    return errors.ResourceDoesNotExist(f"Logged model with ID '{model_id[:SHOWN]}' not found.")


def load_several(model_ids: Iterable[str]) -> list[LoggedModel]:
    """Those of the models that exist, deleted or not, in no order."""
    # No model has a longer id, and DynamoDB refuses to look for one.
    wanted = [(keys.logged_model(each), keys.INFO) for each in dict.fromkeys(model_ids) if len(each) <= MODEL_ID]
    return tables.get_each(LoggedModel, wanted)


def load_all_of(experiment_ids: Iterable[str]) -> list[LoggedModel]:
    """The models of the experiments that are not deleted; those of a deleted experiment live on, as in MLflow."""
    listed = [
        row.sk for each in sorted(set(experiment_ids)) for row in tables.query(LoggedModelRow, keys.logged_models(each))
    ]
    return [item for item in load_several(listed) if not item.deleted]


def finalize(model_id: str, status: str) -> LoggedModel:
    """Give a model this status; any may follow any. Raises ResourceDoesNotExist."""

    def change(item: LoggedModel, _again: bool) -> bool:
        item.status, item.updated = status, clock.now_ms()
        return True

    return _changed(model_id, change)


def delete(model_id: str) -> None:
    """Mark a model as deleted; once more is no error. Raises ResourceDoesNotExist."""

    def change(item: LoggedModel, _again: bool) -> bool:
        item.deleted, item.updated = True, clock.now_ms()
        return True

    _changed(model_id, change)


def log_params(model_id: str, params: Sequence[Pair]) -> None:
    """Add params, all or none. Raises BadRequest when the model has one of them, whatever its value."""
    wanted = _mapping(params)

    def change(item: LoggedModel, again: bool) -> bool:
        if again and wanted.items() <= item.params.items():
            # Not there when we first looked: our own write, whose reply was lost, or somebody's who wrote the same.
            return False
        item.params = {**item.params, **_new_params(item, wanted)}
        return bool(wanted)

    _changed(model_id, change)


def set_tags(model_id: str, tags: Sequence[Pair]) -> None:
    """Set tags; of one key that comes twice the last counts. Raises ResourceDoesNotExist."""
    wanted = _mapping(tags)

    def change(item: LoggedModel, _again: bool) -> bool:
        before, item.tags = item.tags, {**item.tags, **wanted}
        return bool(item.tags != before)

    _changed(model_id, change)


def delete_tag(model_id: str, key: str) -> None:
    """Delete a tag. Raises ResourceDoesNotExist when there is no such model or it has no such tag."""

    def change(item: LoggedModel, again: bool) -> bool:
        if key not in item.tags and not again:
            raise errors.ResourceDoesNotExist(f"No tag with key {key!r} found for model with ID {model_id!r}.")
        before, item.tags = item.tags, {name: value for name, value in item.tags.items() if name != key}
        return bool(item.tags != before)

    _changed(model_id, change)


def add_registration(model_id: str, name: str, version: int) -> None:
    """Add a version of a registered model to the tag that lists those made from this logged model, as JSON."""
    made = {"name": name, "version": version}

    def change(item: LoggedModel, _again: bool) -> bool:
        known = _registrations(item)
        item.tags = {**item.tags, REGISTRATIONS_TAG: json.dumps([*known, made])}
        return made not in known

    _changed(model_id, change)


def expect_points(model_id: str) -> None:
    """Have readers look for points of this model from now on. Raises ResourceDoesNotExist."""

    def change(item: LoggedModel, _again: bool) -> bool:
        before, item.measured = item.measured, True
        return not before

    _changed(model_id, change)


def _registrations(item: LoggedModel) -> list[Any]:
    try:
        found = json.loads(item.tags.get(REGISTRATIONS_TAG, "[]"))
    except ValueError:
        # Anybody may set the tag. What is no list of ours is replaced.
        return []
    return found if isinstance(found, list) else []


def _new(request: CreateLoggedModel, artifact_location: str) -> LoggedModel:
    model_id = f"m-{clock.unique_id()}"
    now = clock.now_ms()
    return LoggedModel(
        keys.logged_model(model_id),
        keys.INFO,
        model_id=model_id,
        experiment_id=request.experiment_id,
        name=request.name or random_run_name(),
        model_type=request.model_type,
        source_run_id=request.source_run_id,
        artifact_uri=f"{artifact_location.rstrip('/')}/models/{model_id}/artifacts",
        status=PENDING,
        params=_mapping(request.params),
        tags=_mapping(request.tags),
        created=now,
        updated=now,
        revision=0,
    )


def _mapping(pairs: Iterable[Pair]) -> dict[str, str]:
    return {pair.key: pair.value for pair in pairs}


def _new_params(item: LoggedModel, wanted: Mapping[str, str]) -> Mapping[str, str]:
    if taken := [key for key in wanted if key in item.params]:
        raise errors.BadRequest(f"The param '{taken[0]}' of logged model '{item.model_id}' was already logged.")
    return wanted


def _changed(model_id: str, change: Change) -> LoggedModel:
    """The model, deleted or not, as it is after the change, which is decided anew whenever somebody was faster."""
    tries = count()

    def attempt() -> LoggedModel | None:
        item = load(model_id, allow_deleted=True)
        return item if not change(item, next(tries) > 0) or _stored(item) else None

    return tables.decided(attempt)


def _stored(item: LoggedModel) -> bool:
    """Whether the changed item could be put in the place of the one that was read."""
    _check_size(item)
    read = int(item.revision)
    item.revision = read + 1
    try:
        # Two writers must not each put what they made of the same reading: one would undo the other.
        tables.put(item, LoggedModel.revision == read)
    except ConditionFailed:
        return False
    return True


def _check_size(item: LoggedModel) -> None:
    entries = [*item.params.items(), *item.tags.items()]
    info = (item.name, item.model_type, item.source_run_id)
    size = sum(len(text.encode()) for text in (*info, *(text for entry in entries for text in entry)))
    if size + _BYTES_PER_ENTRY * len(entries) > _MOST_BYTES:
        raise errors.InvalidParameterValue(
            f"The name, type, params and tags of one logged model may have about {_MOST_BYTES} bytes together."
        )
