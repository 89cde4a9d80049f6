"""What led to a version: who made it, from which logged model and run, from what these were made, who approved it.

Parts may be missing: a run or logged model may have been deleted, or a run may name an input that was never stored
here. `missing` lists them, and the reply has the rest.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.approvals import replies as approvals
from chalicelib.edge import cutting
from chalicelib.edge.replies import Json
from chalicelib.registry import replies, versions
from chalicelib.registry.versions import Found
from chalicelib.storage import keys, tables
from chalicelib.storage.items import LoggedModel
from chalicelib.storage.registry_items import AuditEntry, ModelVersion, RegisteredModel, TransitionRequest
from chalicelib.tracking.experiments import recent_experiments, resources
from chalicelib.tracking.experiments.lifecycle import ACTIVE
from chalicelib.tracking.logged_models import logged_models, model_metrics
from chalicelib.tracking.logged_models import replies as model_replies
from chalicelib.tracking.runs import datasets, reading
from chalicelib.tracking.runs import replies as run_replies
from chalicelib.tracking.runs.reading import Run

_LISTS = (
    ("requests",),
    ("missing",),
    ("logged_model", "data", "metrics"),
    ("logged_model", "data", "params"),
    ("run", "inputs", "dataset_inputs"),
    ("run", "inputs", "model_inputs"),
    ("run", "outputs", "model_outputs"),
)


def of(name: str, version: int) -> Json:
    """The lineage of a version. Raises ResourceDoesNotExist."""
    found = versions.load(name, version)
    item = found.version
    run = _run(item.run_id)
    models = {each.model_id: each for each in _models(_model_ids(item, run))}
    shown: Json = {
        "model_version": replies.version(found),
        "model_id": found.model.model_id,
        "created": _creation(found),
        "requests": [approvals.request(each) for each in _requests(found.model, version)],
        "missing": [*_missing(item, run, models)],
    }
    if item.digest:
        shown["files"] = {"digest": item.digest}
    if item.logged_model_id in models:
        shown["logged_model"] = _logged_model(models[item.logged_model_id])
    if run is not None:
        shown["run"] = _shown_run(run, models)
    return cutting.cut(shown, _LISTS, ("model_version", "tags"))


def _run(run_id: str | None) -> Run | None:
    found = reading.read_several([run_id]) if run_id else []
    return found[0] if found and resources.readable([found[0].info.experiment_id]) else None


def _models(model_ids: Iterable[str]) -> list[LoggedModel]:
    """The logged models that exist and that the caller may read; an unreadable one counts as missing."""
    found = logged_models.load_several(model_ids)
    allowed = set(resources.readable({item.experiment_id for item in found}))
    return [item for item in found if item.experiment_id in allowed]


def _model_ids(item: ModelVersion, run: Run | None) -> list[str]:
    edges = [*run.model_inputs, *run.outputs] if run else []
    own = [item.logged_model_id] if item.logged_model_id else []
    return [*own, *(edge.model_id for edge in edges)]


def _creation(found: Found) -> Json:
    """The audit chain's record of the version's creation."""
    entry = tables.get(AuditEntry, keys.audit(found.model.model_id), keys.audit_entry(int(found.version.link)))
    shown = {"sequence": int(found.version.link), "at": int(found.version.created)}
    return {**shown, "who": entry.who, "digest": entry.digest} if entry else shown


def _requests(model: RegisteredModel, version: int) -> Iterable[TransitionRequest]:
    """The transition requests for a version, oldest first; they name its approvers."""
    every = tables.query(TransitionRequest, keys.requests(model.model_id))
    return sorted((each for each in every if each.version == version), key=lambda each: int(each.created))


def _logged_model(item: LoggedModel) -> Json:
    return model_replies.logged_model(item, model_metrics.read(item))


def _shown_run(run: Run, models: dict[str, LoggedModel]) -> Json:
    """A run without its params, tags and metrics, which get-run returns; its models with their names."""
    message = run_replies.run(run, datasets.of(run.info.experiment_id, run.inputs))
    took = {
        **message["inputs"],
        "model_inputs": [_named(each, models) for each in message["inputs"].get("model_inputs", ())],
    }
    made = [_named(each, models) for each in message["outputs"].get("model_outputs", ())]
    return {"info": message["info"], "inputs": took, "outputs": {"model_outputs": made}}


def _named(edge: Json, models: dict[str, LoggedModel]) -> Json:
    item = models.get(edge["model_id"])
    return {**edge, "name": item.name, "source_run_id": item.source_run_id} if item else edge


def _missing(item: ModelVersion, run: Run | None, models: dict[str, LoggedModel]) -> Iterator[Json]:
    if item.run_id and run is None:
        yield _gone("run", item.run_id, "not found")
    if run is not None and recent_experiments.run_stage(run.info) != ACTIVE:
        yield _gone("run", run.info.run_id, "deleted")
    for model_id in dict.fromkeys(_model_ids(item, run)):
        found = models.get(model_id)
        if found is None or found.deleted:
            yield _gone("logged_model", model_id, "deleted" if found else "not found")


def _gone(what: str, its_id: str, why: str) -> dict[str, Any]:
    return {"what": what, "id": its_id, "why": why}
