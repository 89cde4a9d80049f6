"""Searching versions: of the models or runs that the filter names, else of all models, read in parallel."""

from collections.abc import Iterable, Sequence

from chalicelib import errors
from chalicelib.access import identity, registered_models
from chalicelib.edge.replies import Json, page
from chalicelib.registry import models, prompts, replies, resources, versions
from chalicelib.registry.chain import changes
from chalicelib.registry.names import MODEL_NAME
from chalicelib.registry.schemas import SearchVersions
from chalicelib.registry.versions import Found
from chalicelib.registry.vocabulary import MODEL_VERSIONS
from chalicelib.search.field import Entity
from chalicelib.search.match import Comparison
from chalicelib.search.record import Record
from chalicelib.search.search import Query, parse
from chalicelib.storage import page_secret, parallel
from chalicelib.storage.registry_items import RegisteredModel
from chalicelib.tracking import ids

# Reading each name by itself is cheaper as long as they are few.
_MOST_NAMES = 8


def search(request: SearchVersions) -> Json:
    """One page of the versions that match. Raises InvalidParameterValue before anything is read."""
    question = prompts.without(
        parse(
            Query(
                vocabulary=MODEL_VERSIONS,
                filter=request.filter,
                order_by=request.order_by,
                max_results=request.max_results,
                page_token=request.page_token,
                principal=identity.current().name,
                secret=page_secret.current,
            )
        )
    )
    found = {_id(each): each for each in _candidates(question.comparisons)}
    wanted = question.page(map(record, found.values()))
    return page("model_versions", question, wanted, (replies.listed(found[each.id]) for each in wanted.records))


def record(found: Found) -> Record:
    """A version as filters and order_by see it; it has the prompt tag if its model has it."""
    model, item = found.model, found.version
    return Record(
        id=_id(found),
        attributes={
            "name": model.name,
            "run_id": item.run_id or "",
            "source_path": item.source,
            "version_number": int(item.version),
            "creation_timestamp": int(item.created),
            "last_updated_timestamp": versions.updated_at(found),
        },
        tags={models.IS_PROMPT_TAG: "true", **item.tags} if models.is_prompt(model.tags) else item.tags,
    )


def _id(found: Found) -> str:
    return f"{found.model.model_id}#{int(found.version.version)}"


def _candidates(comparisons: Sequence[Comparison]) -> Iterable[Found]:
    """Versions that the caller may read, among them all that match."""
    names, runs = _wanted("name", comparisons), _wanted("run_id", comparisons)
    # A version without a run is in no run's list.
    if runs is not None and "" not in runs:
        found = versions.made_from([each for each in runs if len(each) <= ids.RUN_ID])
        return [each for each in found if registered_models.is_readable(each.model)]
    if names is None:
        return _all_of(resources.all_readable())
    if len(names) > _MOST_NAMES:
        return _all_of(model for model in resources.all_readable() if model.name in names)
    return _all_of(model for name in sorted(names) if len(name) <= MODEL_NAME for model in _named(name))


def _wanted(key: str, comparisons: Sequence[Comparison]) -> set[str] | None:
    """The values that the filter allows for an attribute; None if it does not restrict it."""
    wanted: set[str] | None = None
    for each in comparisons:
        if each.field.entity is Entity.ATTRIBUTE and each.field.key == key and each.operator in ("=", "IN"):
            values = each.value if isinstance(each.value, tuple) else (each.value,)
            wanted = set(map(str, values)) & (set(map(str, values)) if wanted is None else wanted)
    return wanted


def _named(name: str) -> list[RegisteredModel]:
    try:
        return [changes.load(name)] if name else []
    except errors.ResourceDoesNotExist:
        return []


def _all_of(found: Iterable[RegisteredModel]) -> list[Found]:
    readable = filter(registered_models.is_readable, found)
    several = parallel.each(lambda model: [Found(model, item) for item in versions.all_of(model.model_id)], readable)
    return [each for of_one in several for each in of_one]
