"""Experiments as resources: which experiment a request needs permission on, and which ones the caller may read.

Runs, logged models and files inherit their experiment's permissions.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib import errors
from chalicelib.access import granted, identity, scopes
from chalicelib.access.identity import Thing
from chalicelib.access.levels import EXPERIMENT as KIND
from chalicelib.access.levels import READ
from chalicelib.access.requires import Held, Resource
from chalicelib.storage.items import ExperimentItem
from chalicelib.tracking.experiments import experiments, recent_experiments

# A scope may name anything.
_ID = re.compile("[0-9]{1,19}")


def is_readable(item: ExperimentItem) -> bool:
    """Whether the caller may read an experiment."""
    return identity.may(READ, experiments.thing(item))


def readable(experiment_ids: Iterable[str]) -> list[str]:
    """The experiments that the caller may read, in the order given. With full access, missing ones stay in."""
    wanted = list(experiment_ids)
    if identity.current().may_all:
        return wanted
    allowed = {item.experiment_id for item in readable_items(wanted)}
    return [each for each in wanted if str(int(each)) in allowed]


def readable_items(experiment_ids: Iterable[str]) -> list[ExperimentItem]:
    """Those of the experiments that exist and that the caller may read, each once."""
    wanted = {str(int(each)) for each in experiment_ids}
    reach = _within_reach()
    return list(filter(is_readable, experiments.load_several(wanted if reach is None else wanted & reach)))


def all_readable() -> list[ExperimentItem]:
    """All experiments that the caller may read."""
    return list(filter(is_readable, experiments.load_among(_within_reach())))


def _within_reach() -> set[str] | None:
    """The ids of the experiments among which are all that the caller may read; None if any may be."""
    who = identity.current()
    # A token that is limited to named experiments reaches no others, whoever has it.
    named = scopes.names(who.scopes, KIND)
    listed = named if named is not None else granted.within_reach(KIND)
    return None if listed is None else {str(int(each)) for each in listed if _ID.fullmatch(each)}


def experiment(experiment_id: str, fresh: bool, missing: errors.CumulogError | None = None) -> Held:
    """An experiment. `missing` is the not-found error to use instead of its own. Raises ResourceDoesNotExist."""
    grants = recent_experiments.grants(experiment_id, fresh)
    return Held(Thing(KIND, experiment_id, grants), missing or experiments.missing(experiment_id))


def _by_name(request: Any, _fresh: bool) -> Iterator[Held]:
    item = experiments.load_by_name(request.experiment_name)
    yield Held(experiments.thing(item), experiments.missing_name(request.experiment_name))


EXPERIMENT = Resource("experiment", lambda request, fresh: [experiment(request.experiment_id, fresh)])
EXPERIMENT_BY_NAME = Resource("experiment by name", _by_name)
