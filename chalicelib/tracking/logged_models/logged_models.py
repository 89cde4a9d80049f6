"""MLflow 3 logged models: one item each, and a row in the listing of their experiment.

A model has no lifecycle like a run's: a mark of its own deletes it permanently, and a deleted model can still be
finalized, tagged and measured, as in MLflow. Its params are written once; for tags the last write wins. Every change
reads the item, decides, and puts the whole item if nobody else did in the meantime. So if a reply is lost after the
write, the next read finds the change already stored. `model_metrics.py` has the points.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count

from chalicelib import clock, errors
from chalicelib.edge import repeats
from chalicelib.edge.checks import SHOWN
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import LoggedModel, LoggedModelRow
from chalicelib.storage.parallel import Deadline
from chalicelib.tracking.experiments import populated, recent_experiments
from chalicelib.tracking.ids import MODEL_ID
from chalicelib.tracking.logged_models import registrations
from chalicelib.tracking.logged_models.schemas import CreateLoggedModel, Pair
from chalicelib.tracking.runs.generated_names import random_run_name

PENDING = "LOGGED_MODEL_PENDING"

# An item holds 400,000 bytes, including the keys' own overhead; every read and write of a model costs by its size.
_MOST_BYTES = 300_000
_BYTES_PER_ENTRY = 4

# Models that one call loads.
_AT_ONCE = 100

Change = Callable[[LoggedModel, bool], bool]
"""Changes a model and returns whether there was anything to change; the flag is true from the second attempt on."""


def create(request: CreateLoggedModel) -> LoggedModel:
    """Create a pending model, or return the one that this request, with its `model_id`, has created before.

    Raises ResourceDoesNotExist, InvalidParameterValue if the experiment is deleted, and ResourceAlreadyExists.
    """
    item = _new(request, recent_experiments.artifact_location_for_run(request.experiment_id))
    _check_size(item)
    row = LoggedModelRow(keys.logged_models(item.experiment_id), item.model_id)
    if not request.model_id:
        # One batch, which a crash may leave half-written; but nobody knows the id of a model that was not acknowledged,
        # and readers skip a row without a model.
        populated.put_with_model(item.experiment_id, [row, item])
        return item
    # The row last, as it must not list a model of another experiment. A repetition completes what a crash has left.
    stored = _put_once(item)
    populated.put_with_model(item.experiment_id, [row])
    return stored


def load(model_id: str, allow_deleted: bool = False) -> LoggedModel:
    """Load a model. Raises ResourceDoesNotExist, also for a deleted model unless `allow_deleted`."""
    found = load_several([model_id])
    if not found or (found[0].deleted and not allow_deleted):
        raise missing(model_id)
    return found[0]


def missing(model_id: str) -> errors.ResourceDoesNotExist:
    """The not-found error for a model."""
    return errors.ResourceDoesNotExist(f"Logged model with ID '{model_id[:SHOWN]}' not found.")


def load_several(model_ids: Iterable[str]) -> list[LoggedModel]:
    """Load the models that exist, deleted or not, in no particular order."""
    # No model has a longer id, and DynamoDB refuses to look one up.
    wanted = [(keys.logged_model(each), keys.INFO) for each in dict.fromkeys(model_ids) if len(each) <= MODEL_ID]
    return tables.get_each(LoggedModel, wanted)


def load_all_of(experiment_ids: Sequence[str], until: Deadline) -> list[LoggedModel]:
    """Load the experiments' models that are not deleted. Models of a deleted experiment stay, as in MLflow.

    Raises InvalidParameterValue if there are more than one request has time for.
    """
    partitions = [keys.logged_models(each) for each in populated.with_models(experiment_ids)]
    found = until.each(lambda pk: [row.sk for row in tables.query(LoggedModelRow, pk)], partitions)
    listed = [model_id for model_ids in found for model_id in model_ids]
    batches = [listed[at : at + _AT_ONCE] for at in range(0, len(listed), _AT_ONCE)]
    return [item for items in until.each(load_several, batches) for item in items if not item.deleted]


def finalize(model_id: str, status: str) -> LoggedModel:
    """Set a model's status; any status may follow any other. Raises ResourceDoesNotExist."""

    def change(item: LoggedModel, _again: bool) -> bool:
        item.status, item.updated = status, clock.now_ms()
        return True

    return _changed(model_id, change)


def delete(model_id: str) -> None:
    """Mark a model as deleted; deleting it twice is no error. Raises ResourceDoesNotExist."""

    def change(item: LoggedModel, _again: bool) -> bool:
        item.deleted, item.updated = True, clock.now_ms()
        return True

    _changed(model_id, change)


def log_params(model_id: str, params: Sequence[Pair]) -> None:
    """Add params, all or none. Raises BadRequest if the model already has one of them, even with the same value."""
    wanted = _mapping(params)

    def change(item: LoggedModel, again: bool) -> bool:
        if again and wanted.items() <= item.params.items():
            # Missing at the first read: our own write, whose reply was lost, or another caller's with the same values.
            return False
        item.params = {**item.params, **_new_params(item, wanted)}
        return bool(wanted)

    _changed(model_id, change)


def set_tags(model_id: str, tags: Sequence[Pair]) -> None:
    """Set tags; if a key comes twice, the last value counts. Raises ResourceDoesNotExist."""
    wanted = _mapping(tags)

    def change(item: LoggedModel, _again: bool) -> bool:
        written = registrations.rewritten(item, wanted)
        before, item.tags = item.tags, {**item.tags, **written}
        return bool(item.tags != before)

    _changed(model_id, change)


def delete_tag(model_id: str, key: str) -> None:
    """Delete a tag. Raises ResourceDoesNotExist if the model or its tag does not exist."""

    def change(item: LoggedModel, again: bool) -> bool:
        if key not in item.tags and not again:
            raise errors.ResourceDoesNotExist(f"No tag with key {key!r} found for model with ID {model_id!r}.")
        before, item.tags = item.tags, {name: value for name, value in item.tags.items() if name != key}
        return bool(item.tags != before)

    _changed(model_id, change)


def add_registration(model_id: str, name: str, version: int) -> None:
    """Add a model version to the tag that lists the versions made from this logged model."""

    def change(item: LoggedModel, _again: bool) -> bool:
        before, item.tags = item.tags, registrations.added(item.tags, name, version)
        return bool(item.tags != before)

    _changed(model_id, change)


def expect_points(model_id: str) -> None:
    """Make readers look for points of this model from now on. Raises ResourceDoesNotExist."""

    def change(item: LoggedModel, _again: bool) -> bool:
        before, item.measured = item.measured, True
        return not before

    _changed(model_id, change)


def _put_once(item: LoggedModel) -> LoggedModel:
    """Put a new model whose id was chosen, and return it, or what became of it since the same request put it."""
    try:
        tables.put(item, LoggedModel.model_id.does_not_exist())
    except ConditionFailed:
        stored = load(item.model_id, allow_deleted=True)
        if stored.request != item.request:
            # The same whoever it belongs to: the caller may not be allowed to read it.
            raise errors.ResourceAlreadyExists(
                f"Model id {item.model_id} is taken. Only a repetition of the request that created the logged model "
                "is answered with it. Choose another id for another one."
            ) from None
        return stored
    return item


def _new(request: CreateLoggedModel, artifact_location: str) -> LoggedModel:
    model_id = request.model_id or f"m-{clock.unique_id()}"
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
        request=repeats.digest("logged model", request) if request.model_id else None,
    )


def _mapping(pairs: Iterable[Pair]) -> dict[str, str]:
    return {pair.key: pair.value for pair in pairs}


def _new_params(item: LoggedModel, wanted: Mapping[str, str]) -> Mapping[str, str]:
    if taken := [key for key in wanted if key in item.params]:
        raise errors.BadRequest(f"The param '{taken[0]}' of logged model '{item.model_id}' was already logged.")
    return wanted


def _changed(model_id: str, change: Change) -> LoggedModel:
    """Change a model, deleted or not, and return it. The change is decided again whenever another writer was faster."""
    tries = count()

    def attempt() -> LoggedModel | None:
        item = load(model_id, allow_deleted=True)
        return item if not change(item, next(tries) > 0) or _stored(item) else None

    return tables.decided(attempt)


def _stored(item: LoggedModel) -> bool:
    """Put the changed item and return True; False if the stored item changed since it was read."""
    _check_size(item)
    read = int(item.revision)
    item.revision = read + 1
    try:
        # Two writers that read the same item must not both put theirs: the second would undo the first.
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
            f"The name, type, params and tags of one logged model may take about {_MOST_BYTES} bytes together."
        )
