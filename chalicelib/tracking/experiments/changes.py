"""Changing an experiment: its name, its lifecycle stage, its tags."""

from collections.abc import Callable

from chalicelib import clock, errors
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed, ItemTooLarge
from chalicelib.storage.items import ExperimentItem, ExperimentName
from chalicelib.storage.tables import Action
from chalicelib.storage.transactions import Refused, Transaction
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.experiments.experiments import (
    how_to_restore,
    load,
    missing,
    require_active,
    too_many_tags,
)
from chalicelib.tracking.experiments.lifecycle import ACTIVE, DELETED


def rename(experiment_id: str, new_name: str) -> None:
    """Rename an active experiment. Raises BadRequest, as MLflow does, when another experiment has the name."""
    for _ in tables.attempts():
        item = load(experiment_id)
        if item.stage != ACTIVE:
            raise errors.InvalidState("Cannot rename a non-active experiment.")
        if _renamed(item, new_name):
            return


def delete(experiment_id: str) -> None:
    """Delete an active experiment and all its runs. Raises ResourceDoesNotExist, also when it is already deleted."""
    _change_stage(experiment_id, ACTIVE, DELETED)


def restore(experiment_id: str) -> None:
    """Restore a deleted experiment and all its runs. Raises ResourceDoesNotExist, also when it is active."""
    _change_stage(experiment_id, DELETED, ACTIVE)


def set_tag(experiment_id: str, key: str, value: str | None) -> None:
    """Set a tag of an active experiment; the last write wins. Raises InvalidParameterValue if it is deleted."""
    _change_tag(experiment_id, lambda _: ExperimentItem.tags[key].set(value or ""))


def delete_tag(experiment_id: str, key: str) -> None:
    """Delete a tag of an active experiment. Raises ResourceDoesNotExist if it has no such tag."""

    def removal(item: ExperimentItem) -> Action:
        if key not in item.tags:
            raise errors.ResourceDoesNotExist(f"No tag with name: {key} in experiment with id {experiment_id}")
        return ExperimentItem.tags[key].remove()

    _change_tag(experiment_id, removal)


def _renamed(item: ExperimentItem, new_name: str) -> bool:
    """Rename and return True; False if the experiment changed in the meantime."""
    changes = [ExperimentItem.name.set(new_name), ExperimentItem.last_update_time.set(clock.now_ms())]
    still_so = (ExperimentItem.name == item.name) & (ExperimentItem.stage == ACTIVE)
    held = ExperimentName(keys.experiment_name(new_name), keys.NAME, experiment_id=item.experiment_id)
    transaction = Transaction()
    transaction.update(item, changes, still_so)
    if new_name != item.name:
        transaction.put(held, ExperimentName.experiment_id.does_not_exist())
        transaction.delete(ExperimentName(keys.experiment_name(item.name), keys.NAME))
    try:
        transaction.commit()
    except Refused as refusal:
        if held in refusal.items:
            message = f"Experiment(name={new_name}) already exists.{how_to_restore(new_name)}"
            raise errors.BadRequest(message) from refusal
        return False
    return True


def _change_stage(experiment_id: str, before: str, after: str) -> None:
    change = clock.unique_id()
    for _ in tables.attempts():
        item = load(experiment_id)
        if item.change == change:
            # This is our own write; its reply was lost.
            break
        if item.stage != before:
            raise missing(experiment_id)
        if _updated(
            item,
            [
                ExperimentItem.stage.set(after),
                ExperimentItem.epoch.set(item.epoch + 1),
                ExperimentItem.change.set(change),
                ExperimentItem.last_update_time.set(clock.now_ms()),
            ],
        ):
            break
    recent_experiments.forget(experiment_id)


def _change_tag(experiment_id: str, action: Callable[[ExperimentItem], Action]) -> None:
    for _ in tables.attempts():
        item = load(experiment_id)
        require_active(item)
        if _updated(item, [action(item)]):
            return


def _updated(item: ExperimentItem, actions: list[Action]) -> bool:
    """Update the experiment and return True; False if its lifecycle stage changed since it was read."""
    same_stage = ExperimentItem.change == item.change
    try:
        tables.update(item, actions, same_stage)
    except ItemTooLarge as error:
        raise too_many_tags() from error
    except ConditionFailed:
        return False
    return True
