"""Saved views: each has a row in its experiment's list, and its state beside, so that a list costs little.

The experiment's item counts them. Every write takes part in a transaction with it: a deleted experiment's views stay as
they are, and there are never too many.
"""

from collections.abc import Iterable
from typing import NamedTuple, NoReturn

from chalicelib import clock, errors
from chalicelib.access import identity
from chalicelib.edge import repeats
from chalicelib.edge.repeats import Once
from chalicelib.edge.wire import shown
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ItemTooLarge
from chalicelib.storage.items import ExperimentItem, SavedView, ViewState
from chalicelib.storage.transactions import Refused, Transaction
from chalicelib.tracking.experiments import experiments
from chalicelib.tracking.experiments.lifecycle import ACTIVE
from chalicelib.views import rules
from chalicelib.views.schemas import SaveView


class Whole(NamedTuple):
    """A view with its state."""

    view: SavedView
    state: str


def save(request: SaveView) -> SavedView:
    """Save a new view, or a new version of one; sent again after a lost reply, it saves nothing twice.

    Raises ResourceDoesNotExist, ResourceConflict if somebody was faster, InvalidParameterValue if the experiment is
    deleted or has too many views.
    """
    if request.view_id is None:
        once = repeats.of("view", request)
        return tables.decided(lambda: _created(request, once))
    view_id = request.view_id
    return tables.decided(lambda: _saved_anew(request, view_id))


def all_of(experiment_id: str) -> Iterable[SavedView]:
    """All views of an experiment, at most 200."""
    return tables.query(SavedView, keys.views(experiment_id))


def load(experiment_id: str, view_id: str) -> Whole:
    """A view with its state. Raises ResourceDoesNotExist."""
    return tables.decided(lambda: _whole(experiment_id, view_id))


def delete(experiment_id: str, view_id: str) -> None:
    """Delete a view. Raises ResourceDoesNotExist, also when it is already deleted."""
    for _ in tables.attempts():
        experiment = _active(experiment_id)
        view = _row(experiment_id, view_id)
        transaction = Transaction()
        transaction.delete(view, SavedView.pk.exists())
        transaction.delete(ViewState(keys.view(view_id), keys.STATE))
        transaction.update(experiment, [ExperimentItem.views.add(-1)], ExperimentItem.stage == ACTIVE)
        if _committed(transaction):
            return


def _created(request: SaveView, once: Once | None) -> SavedView | None:
    """A new view; None if the experiment, or what the request's key is used for, changed in the meantime."""
    before = once.created() if once else None
    if before is not None:
        return _row(request.experiment_id, before)
    experiment = _active(request.experiment_id)
    if (experiment.views or 0) >= rules.VIEWS:
        raise errors.InvalidParameterValue(
            f"The experiment has {rules.VIEWS} saved views, the most that one may have. Delete one that nobody needs."
        )
    view = _new(request)
    transaction = Transaction()
    transaction.put(view, SavedView.pk.does_not_exist())
    transaction.put(ViewState(keys.view(view.sk), keys.STATE, state=request.state, version=1))
    has_room = ExperimentItem.views.does_not_exist() | (ExperimentItem.views < rules.VIEWS)
    transaction.update(experiment, [ExperimentItem.views.add(1)], (ExperimentItem.stage == ACTIVE) & has_room)
    if once:
        transaction.put(*once.note(view.sk))
    return view if _committed(transaction) else None


def _new(request: SaveView) -> SavedView:
    now = clock.now_ms()
    return SavedView(
        keys.views(request.experiment_id),
        clock.unique_id(),
        experiment_id=request.experiment_id,
        name=request.name,
        format=request.format,
        version=1,
        created=now,
        updated=now,
        updated_by=identity.current().name,
    )


def _saved_anew(request: SaveView, view_id: str) -> SavedView | None:
    """The view in its new version; None if it or its experiment changed in the meantime."""
    experiment = _active(request.experiment_id)
    view = _row(request.experiment_id, view_id)
    if view.version != request.version:
        return _is_so_already(request, view) or _refused(request, view)
    changed = _new(request)
    changed.sk, changed.created, changed.version = view_id, view.created, view.version + 1
    transaction = Transaction()
    transaction.put(changed, SavedView.version == view.version)
    transaction.put(ViewState(keys.view(view_id), keys.STATE, state=request.state, version=changed.version))
    transaction.check(experiment, ExperimentItem.stage == ACTIVE)
    return changed if _committed(transaction) else None


def _is_so_already(request: SaveView, view: SavedView) -> SavedView | None:
    """The view, if the very same save has made its version: its reply was lost."""
    mine = (request.name, request.format, (request.version or 0) + 1, identity.current().name)
    if mine != (view.name, int(view.format), int(view.version), view.updated_by):
        return None
    state = tables.get(ViewState, keys.view(view.sk), keys.STATE)
    return view if state and (state.version, state.state) == (view.version, request.state) else None


def _refused(request: SaveView, view: SavedView) -> NoReturn:
    """Raises ResourceConflict."""
    by = f", saved by '{view.updated_by}'" if view.updated_by else ""
    raise errors.ResourceConflict(
        f"The view {shown(view.name)} has version {int(view.version)} by now{by}; this save is on top of version "
        f"{request.version}. Get the newer one, and save on top of it; or save yours as a new view."
    )


def _whole(experiment_id: str, view_id: str) -> Whole | None:
    """A view with its state; None if it was saved between the two reads."""
    where = (keys.views(experiment_id), view_id), (keys.view(view_id), keys.STATE)
    view, state = tables.get_two(SavedView, where[0], ViewState, where[1])
    if view is None:
        raise _missing(view_id)
    return Whole(view, state.state) if state and state.version == view.version else None


def _row(experiment_id: str, view_id: str) -> SavedView:
    view = tables.get(SavedView, keys.views(experiment_id), view_id)
    if view is None:
        raise _missing(view_id)
    return view


def _missing(view_id: str) -> errors.ResourceDoesNotExist:
    return errors.ResourceDoesNotExist(f"The experiment has no saved view with id={view_id}.")


def _active(experiment_id: str) -> ExperimentItem:
    item = experiments.load(experiment_id)
    experiments.require_active(item)
    return item


def _committed(transaction: Transaction) -> bool:
    """Carry out the writes and return True; False if one was refused."""
    try:
        transaction.commit()
    except ItemTooLarge as error:
        raise experiments.too_many_tags() from error
    except Refused:
        return False
    return True
