"""Experiments: small, transactional, listed in one partition. An item per name keeps names unique."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from chalicelib import clock, errors
from chalicelib.access import filled, granted, identity
from chalicelib.access.identity import Thing
from chalicelib.access.levels import EXPERIMENT, READ
from chalicelib.edge import repeats
from chalicelib.edge.repeats import Once
from chalicelib.remembered import Remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.connection import connection
from chalicelib.storage.failures import ItemTooLarge
from chalicelib.storage.items import Counter, ExperimentItem, ExperimentName
from chalicelib.storage.transactions import Refused, Transaction
from chalicelib.tracking.experiments import rules, slices
from chalicelib.tracking.experiments.lifecycle import ACTIVE
from chalicelib.tracking.experiments.schemas import CreateExperiment

DEFAULT_ID = "0"
DEFAULT_NAME = "Default"
_ABOUT_DEFAULT = (
    " for you. MLflow's client uses it when no experiment is set, or when the name that is set belongs to an "
    "experiment that you may not read: set another name, or ask for EDIT on that experiment."
)
# So many experiments are read one by one, in one call.
_FEW = 100

# Keyed by connection: another connection may lead to another, empty store.
_default_exists: Remembered[object, bool] = Remembered(most=1)


def create(request: CreateExperiment) -> str:
    """Create an experiment and return its id, or that of the one which this request has created before.

    Deleted experiments keep their names.

    Raises ResourceAlreadyExists, and InvalidParameterValue for a location in our bucket that belongs to another one.
    """
    ensure_default()
    once = repeats.of("experiment", request)
    return tables.decided(lambda: (once and once.created()) or _created(request, once))


def _created(request: CreateExperiment, once: Once | None) -> str | None:
    """The id of a new experiment; None if the next id, or the request's key, was used in the meantime."""
    counter = tables.get(Counter, keys.EXPERIMENT_COUNTER, keys.COUNTER)
    last = int(counter.last) if counter else 0
    tags = {tag.key: tag.value or "" for tag in request.tags or ()}
    item = _new(str(last + 1), request.name, request.artifact_location, tags)
    return item.experiment_id if _stored(item, last, once) else None


def load(experiment_id: str) -> ExperimentItem:
    """Load an experiment, deleted or not. Raises ResourceDoesNotExist."""
    item = _find(experiment_id)
    if item is None and int(experiment_id) == int(DEFAULT_ID):
        ensure_default()
        item = _find(experiment_id)
    if item is None:
        raise missing(experiment_id)
    return item


def missing(experiment_id: str) -> errors.ResourceDoesNotExist:
    """The not-found error for an experiment."""
    message = f"No Experiment with id={int(experiment_id)} exists"
    # Experiment 0 always exists, so this caller may not read it. MLflow's client does not say why it asked for it.
    is_default = int(experiment_id) == int(DEFAULT_ID)
    return errors.ResourceDoesNotExist(message + _ABOUT_DEFAULT if is_default else message)


def load_by_name(name: str) -> ExperimentItem:
    """Load the experiment that has a name, deleted or not. Raises ResourceDoesNotExist."""
    if name == DEFAULT_NAME:
        ensure_default()
    holder = tables.get(ExperimentName, keys.experiment_name(name), keys.NAME)
    if holder is None:
        raise missing_name(name)
    return load(holder.experiment_id)


def missing_name(name: str) -> errors.ResourceDoesNotExist:
    """The not-found error for an experiment's name."""
    return errors.ResourceDoesNotExist(f"Could not find experiment with name '{name}'")


def how_to_restore(name: str) -> str:
    """What to add to the news that a name is taken: nothing, unless the caller may read that it is a deleted one's."""
    holder = tables.get(ExperimentName, keys.experiment_name(name), keys.NAME)
    item = _find(holder.experiment_id) if holder else None
    if item is None or item.stage == ACTIVE or not identity.may(READ, thing(item)):
        return ""
    return (
        f" It is deleted: restore it with `mlflow experiments restore --experiment-id {item.experiment_id}` "
        "(experiments/restore, which takes MANAGE on it), or choose another name."
    )


def thing(item: ExperimentItem) -> Thing:
    """An experiment as a resource with permissions."""
    return Thing(EXPERIMENT, item.experiment_id, item.grants)


def load_all() -> Iterable[ExperimentItem]:
    """Load all experiments, in the order of their ids."""
    ensure_default()
    return tables.query(ExperimentItem, keys.EXPERIMENTS)


def load_among(experiment_ids: Iterable[str] | None) -> Iterable[ExperimentItem]:
    """Load these experiments, or with None all of them."""
    return load_all() if experiment_ids is None else load_several(experiment_ids)


def load_several(experiment_ids: Iterable[str]) -> list[ExperimentItem]:
    """Load the experiments, leaving out ids that do not exist."""
    sort_keys = sorted({keys.experiment(each) for each in experiment_ids})
    if keys.experiment(DEFAULT_ID) in sort_keys:
        ensure_default()
    if not _are_dense(sort_keys):
        return tables.get_many(ExperimentItem, keys.EXPERIMENTS, sort_keys)
    wanted = set(sort_keys)
    between = ExperimentItem.sk.between(sort_keys[0], sort_keys[-1])
    return [item for item in tables.query(ExperimentItem, keys.EXPERIMENTS, between) if item.sk in wanted]


def _are_dense(sort_keys: Sequence[str]) -> bool:
    """Whether reading all experiments from the first to the last of these is cheaper than reading each by itself."""
    # A get costs a unit at least, in a query some eight experiments share one.
    return len(sort_keys) > _FEW and int(sort_keys[-1]) - int(sort_keys[0]) < 8 * len(sort_keys)


def require_active(item: ExperimentItem) -> None:
    """Raise InvalidParameterValue, as MLflow does, if the experiment is deleted."""
    if item.stage != ACTIVE:
        raise errors.ExperimentDeleted(item.experiment_id)


def ensure_default() -> None:
    """Create experiment 0 if it is missing, once per process: MLflow's clients use it without creating it."""
    _default_exists.read(connection(), _default_ensured)


def _find(experiment_id: str) -> ExperimentItem | None:
    return tables.get(ExperimentItem, keys.EXPERIMENTS, keys.experiment(experiment_id))


def _default_ensured() -> bool:
    if _find(DEFAULT_ID) is None:
        # Refused if another process was faster, or if another experiment has taken the name in the meantime.
        with suppress(Refused):
            item = _new(DEFAULT_ID, DEFAULT_NAME, None, {})
            transaction = Transaction()
            transaction.put(_name_of(item), ExperimentName.experiment_id.does_not_exist())
            transaction.put(item, ExperimentItem.experiment_id.does_not_exist())
            transaction.commit()
    return True


def _new(experiment_id: str, name: str, artifact_location: str | None, tags: dict[str, str]) -> ExperimentItem:
    now = clock.now_ms()
    # While an earlier version may be at work, which knows of no feed, an experiment has none.
    feed = slices.FIRST if filled.has_feeds_only() else None
    return ExperimentItem(
        keys.EXPERIMENTS,
        keys.experiment(experiment_id),
        experiment_id=experiment_id,
        name=name,
        artifact_location=rules.location_of(experiment_id, artifact_location),
        stage=ACTIVE,
        epoch=0,
        change=clock.unique_id(),
        creation_time=now,
        last_update_time=now,
        tags=tags,
        # The creator of an experiment manages it; nobody creates the default experiment, so it has no manager.
        grants={} if experiment_id == DEFAULT_ID else identity.creator_grants(),
        slice=feed and feed.current,
        moved=feed and feed.moved,
    )


def _name_of(item: ExperimentItem) -> ExperimentName:
    return ExperimentName(keys.experiment_name(item.name), keys.NAME, experiment_id=item.experiment_id)


def _stored(item: ExperimentItem, last: int, once: Once | None) -> bool:
    """Store the experiment under the id after `last` and return True; False if that id or the key is taken by now."""
    name = _name_of(item)
    counter = Counter(keys.EXPERIMENT_COUNTER, keys.COUNTER)
    unchanged = Counter.last == last if last else Counter.last.does_not_exist()
    transaction = Transaction()
    transaction.put(name, ExperimentName.experiment_id.does_not_exist())
    transaction.put(item, ExperimentItem.experiment_id.does_not_exist())
    transaction.update(counter, [Counter.last.set(last + 1)], unchanged)
    for user in item.grants:
        transaction.put(granted.row(user, EXPERIMENT, item.experiment_id))
    note = once.note(item.experiment_id) if once else None
    if note:
        transaction.put(*note)
    try:
        transaction.commit()
    except ItemTooLarge as error:
        raise too_many_tags() from error
    except Refused as refusal:
        if name in refusal.items and not (note and note[0] in refusal.items):
            message = f"Experiment '{item.name}' already exists.{how_to_restore(item.name)}"
            raise errors.ResourceAlreadyExists(message) from refusal
        return False
    return True


def too_many_tags() -> errors.InvalidParameterValue:
    """The error for an experiment whose tags outgrow its item."""
    return errors.InvalidParameterValue("The tags of one experiment may take about 380 KB together.")
