"""Searching logged models. This reads every model of the experiments; `search/` does the matching and paging.

A clause about a metric tests every value that was logged, not only the latest, and `datasets` limits which points it
tests. An entry of `order_by` uses the latest point on its own dataset. The points of all models are read only if the
search depends on them; otherwise only those of the models on the page.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.access import identity
from chalicelib.edge.checks import check_length
from chalicelib.edge.replies import page as page_of
from chalicelib.errors import InvalidParameterValue
from chalicelib.search.field import Entity, Field, Kind
from chalicelib.search.order import Term
from chalicelib.search.record import Record
from chalicelib.search.resolve import MAX_ORDER_ENTRIES
from chalicelib.search.search import Query, Search, parse
from chalicelib.storage import page_secret, parallel
from chalicelib.storage.items import LoggedModel
from chalicelib.storage.parallel import Deadline
from chalicelib.tracking.experiments import resources
from chalicelib.tracking.experiments.lifecycle import ACTIVE
from chalicelib.tracking.key_rules import MOST_CHARACTERS
from chalicelib.tracking.logged_models import logged_models, model_metrics, registrations, replies
from chalicelib.tracking.logged_models.model_metrics import Measured
from chalicelib.tracking.logged_models.schemas import OrderBy, SearchLoggedModels
from chalicelib.tracking.logged_models.vocabulary import LOGGED_MODELS

# Models whose points are read together.
_SHOWN_AT_ONCE = 100
# The number of each status in the protocol. MLflow's store compares and orders by it.
_STATUS_NUMBERS = {
    "LOGGED_MODEL_STATUS_UNSPECIFIED": "0",
    "LOGGED_MODEL_PENDING": "1",
    "LOGGED_MODEL_READY": "2",
    "LOGGED_MODEL_UPLOAD_FAILED": "3",
}

_REGISTRATIONS = Field(Entity.TAG, registrations.TAG, Kind.TEXT)


def search(request: SearchLoggedModels) -> dict[str, Any]:
    """Return one page of the experiments' matching models. Raises InvalidParameterValue before it reads anything."""
    question = _parsed(request)
    until = parallel.deadline()
    experiment_ids = [str(item.experiment_id) for item in resources.readable_items(request.experiment_ids)]
    found = {item.model_id: item for item in logged_models.load_all_of(experiment_ids, until)}
    points = _points_of(found.values(), until) if _is_about_points(request, question) else {}
    if any(each.field == _REGISTRATIONS for each in question.comparisons):
        _cut_to_what_is_shown(found.values())
    records = (record(item, points.get(item.model_id, ()), request) for item in found.values())
    page = question.page(each for each in records if not request.datasets or each.logged)
    messages = _messages([found[each.id] for each in page.records], points, until)
    return page_of("models", question, page, messages, replies.shortened)


def record(item: LoggedModel, points: Sequence[Measured], request: SearchLoggedModels) -> Record:
    """A model as this request's filter and order_by see it. `logged` has the values measured on its datasets."""
    logged: dict[str, list[float]] = {}
    for each in points:
        if _is_on_one_of(each, request):
            logged.setdefault(each.point.key, []).append(each.point.value)
    return Record(
        id=item.model_id,
        attributes={
            "model_id": item.model_id,
            "experiment_id": item.experiment_id,
            "name": item.name,
            "model_type": item.model_type,
            "source_run_id": item.source_run_id,
            "status": _STATUS_NUMBERS[item.status],
            "artifact_location": item.artifact_uri,
            "lifecycle_stage": ACTIVE,
            "creation_timestamp_ms": int(item.created),
            "last_updated_timestamp_ms": int(item.updated),
        },
        metrics=_ordering_metrics(request.order_by, points),
        params=item.params,
        tags=item.tags,
        logged=logged,
    )


def _parsed(request: SearchLoggedModels) -> Search:
    if len(request.order_by) > MAX_ORDER_ENTRIES:
        raise InvalidParameterValue(f"Invalid order_by: more than {MAX_ORDER_ENTRIES} entries.")
    datasets = [each.model_dump() for each in request.datasets]
    order = [each.model_dump() for each in request.order_by]
    return parse(
        Query(
            vocabulary=LOGGED_MODELS,
            filter=request.filter,
            max_results=request.max_results,
            page_token=request.page_token,
            scope=json.dumps([sorted(request.experiment_ids), datasets, order]),
            terms=[_term(entry) for entry in request.order_by],
            principal=identity.current().name,
            secret=page_secret.current,
        )
    )


def _term(entry: OrderBy) -> Term:
    entity, dot, key = entry.field_name.partition(".")
    if dot and entity == "metrics":
        check_length("field_name", key, MOST_CHARACTERS)
        return Term(Field(Entity.METRIC, _metric_name(entry), Kind.FLOAT), entry.ascending)
    name = LOGGED_MODELS.order_aliases.get(entry.field_name, entry.field_name)
    if name not in LOGGED_MODELS.attributes:
        raise InvalidParameterValue(
            f"Invalid order by field name: {entry.field_name[:100]}. Only metrics and attributes are supported."
        )
    return Term(Field(Entity.ATTRIBUTE, name, LOGGED_MODELS.attributes[name].kind), entry.ascending)


def _metric_name(entry: OrderBy) -> str:
    """The name of an entry's metric in a record. Each dataset has its own."""
    return json.dumps([entry.field_name, entry.dataset_name, entry.dataset_digest])


def _ordering_metrics(order_by: Iterable[OrderBy], points: Sequence[Measured]) -> dict[str, float]:
    found = {}
    for entry in order_by:
        latest = model_metrics.latest(each for each in points if _is_meant(each, entry))
        if latest is not None:
            found[_metric_name(entry)] = latest.point.value
    return found


def _is_meant(each: Measured, entry: OrderBy) -> bool:
    return f"metrics.{each.point.key}" == entry.field_name and _is_on(each, entry.dataset_name, entry.dataset_digest)


def _is_on_one_of(each: Measured, request: SearchLoggedModels) -> bool:
    wanted = request.datasets
    return not wanted or any(_is_on(each, dataset.dataset_name, dataset.dataset_digest) for dataset in wanted)


def _is_on(each: Measured, name: str, digest: str) -> bool:
    return name in ("", each.origin.dataset_name) and digest in ("", each.origin.dataset_digest)


def _cut_to_what_is_shown(models: Collection[LoggedModel]) -> None:
    """Leave in the list of versions only those that the caller may read: a filter must not find the others."""
    names = registrations.readable_names(models)
    for item in models:
        item.tags = registrations.shown(item.tags, names)


def _is_about_points(request: SearchLoggedModels, question: Search) -> bool:
    """Whether a model's points can decide if it matches or where it is ordered."""
    asked = any(comparison.field.entity is Entity.LOGGED_METRIC for comparison in question.comparisons)
    return asked or bool(request.datasets) or any("." in entry.field_name for entry in request.order_by)


def _messages(
    shown: Sequence[LoggedModel], points: Mapping[str, Sequence[Measured]], until: Deadline
) -> Iterator[dict[str, Any]]:
    """The messages. Points that are not known are read for some models at a time, as a full reply needs no others."""
    for at in range(0, len(shown), _SHOWN_AT_ONCE):
        together = shown[at : at + _SHOWN_AT_ONCE]
        known = points or _points_of(together, until)
        yield from replies.logged_models(together, known)


def _points_of(models: Iterable[LoggedModel], until: Deadline) -> Mapping[str, Sequence[Measured]]:
    several = list(models)
    return dict(zip([item.model_id for item in several], until.each(model_metrics.read, several), strict=True))
