"""What permissions ask of tracking's requests: which experiments they are about. Runs and logged models inherit.

Whose a run is never changes, so it is looked up once. The grants of an experiment are remembered with its mark.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chalicelib import errors
from chalicelib.access import identity
from chalicelib.access.identity import Thing
from chalicelib.access.levels import EXPERIMENT as KIND
from chalicelib.access.levels import READ
from chalicelib.access.requires import Held, Resource, demand
from chalicelib.storage.items import ExperimentItem
from chalicelib.tracking import experiment_marks, experiments, logged_models, runs

_MOST = 10_000

_of_run: dict[str, str] = {}
_of_model: dict[str, str] = {}


def thing(item: ExperimentItem) -> Thing:
    """An experiment as permissions see it."""
    return Thing(KIND, item.experiment_id, item.grants)


def is_readable(item: ExperimentItem) -> bool:
    """Whether whoever asks may read an experiment."""
    return identity.may(READ, thing(item))


def readable(experiment_ids: Iterable[str]) -> list[str]:
    """Those of the experiments that whoever asks may read, as far as they exist, in their order."""
    wanted = list(experiment_ids)
    if identity.current().may_all:
        return wanted
    allowed = {item.experiment_id for item in experiments.load_several(wanted) if is_readable(item)}
    return [each for each in wanted if str(int(each)) in allowed]


def experiment(experiment_id: str, fresh: bool, missing: errors.CumulogError | None = None) -> Held:
    """An experiment; `missing` says what is missing if it is not that. Raises ResourceDoesNotExist."""
    grants = experiment_marks.grants(experiment_id, fresh)
    return Held(Thing(KIND, experiment_id, grants), missing or experiments.missing(experiment_id))


def run(run_id: str, fresh: bool) -> Held:
    """The experiment of a run. Raises ResourceDoesNotExist."""
    experiment_id = _looked_up(_of_run, run_id, lambda: runs.load(run_id).experiment_id)
    return experiment(experiment_id, fresh, runs.missing(run_id))


def logged_model(model_id: str, fresh: bool) -> Held:
    """The experiment of a logged model, deleted or not. Raises ResourceDoesNotExist."""
    load = lambda: logged_models.load(model_id, allow_deleted=True).experiment_id  # noqa: E731
    return experiment(_looked_up(_of_model, model_id, load), fresh, logged_models.missing(model_id))


def check_run_is_readable(run_id: str) -> None:
    """For what a request refers to on its way. Raises ResourceDoesNotExist."""
    if not identity.current().may_all:
        demand(READ, run(run_id, fresh=True))


def check_model_is_readable(model_id: str) -> None:
    """As `check_run_is_readable`, for a logged model."""
    if not identity.current().may_all:
        demand(READ, logged_model(model_id, fresh=True))


def forget() -> None:
    """For a test that starts with empty tables."""
    _of_run.clear()
    _of_model.clear()


def _by_name(request: Any, _fresh: bool) -> Iterator[Held]:
    item = experiments.load_by_name(request.experiment_name)
    yield Held(thing(item), experiments.missing_name(request.experiment_name))


def _measured_models(request: Any, fresh: bool) -> Iterator[Held]:
    points = getattr(request, "metrics", None) or [request]
    for model_id in dict.fromkeys(getattr(point, "model_id", None) for point in points):
        if model_id:
            yield logged_model(model_id, fresh)


def _looked_up(known: dict[str, str], its_id: str, load: Callable[[], str]) -> str:
    if its_id not in known:
        if len(known) >= _MOST:
            known.clear()
        known[its_id] = load()
    return known[its_id]


EXPERIMENT = Resource("experiment", lambda request, fresh: [experiment(request.experiment_id, fresh)])
EXPERIMENT_BY_NAME = Resource("experiment by name", _by_name)
RUN = Resource("run", lambda request, fresh: [run(request.run_id, fresh)])
# `run_id` is repeated in the one, `run_ids` a list in the other.
EACH_RUN = Resource("each run", lambda request, fresh: [run(each, fresh) for each in request.run_id])
ALL_RUNS = Resource("all runs", lambda request, fresh: [run(each, fresh) for each in request.run_ids])
SOURCE_RUN = Resource(
    "source run", lambda request, fresh: [run(request.source_run_id, fresh)] if request.source_run_id else []
)
LOGGED_MODEL = Resource("logged model", lambda request, fresh: [logged_model(request.model_id, fresh)])
NAMED_MODELS = Resource(
    "logged models", lambda request, fresh: [logged_model(each.model_id, fresh) for each in request.models or ()]
)
MEASURED_MODELS = Resource("measured logged models", _measured_models)
