"""Searching registered models: all that the caller may read are read; latest versions only for the models shown."""

from collections.abc import Iterator, Sequence

from chalicelib.access import identity
from chalicelib.edge.replies import Json, page
from chalicelib.registry import prompts, replies, resources, versions
from chalicelib.registry.schemas import SearchModels
from chalicelib.registry.vocabulary import REGISTERED_MODELS
from chalicelib.search.record import Record
from chalicelib.search.search import Query, parse
from chalicelib.storage import page_secret
from chalicelib.storage.registry_items import RegisteredModel

# Models whose versions are read together: a full reply does not need the versions of the models after its last one.
_SHOWN_AT_ONCE = 100


def search(request: SearchModels) -> Json:
    """One page of the registered models that match. Raises InvalidParameterValue before anything is read."""
    question = prompts.without(
        parse(
            Query(
                vocabulary=REGISTERED_MODELS,
                filter=request.filter,
                order_by=request.order_by,
                max_results=request.max_results,
                page_token=request.page_token,
                principal=identity.current().name,
                secret=page_secret.current,
            )
        )
    )
    found = {model.model_id: model for model in resources.all_readable()}
    wanted = question.page(map(record, found.values()))
    messages = _messages([found[each.id] for each in wanted.records])
    return page("registered_models", question, wanted, messages, replies.shortened)


def record(model: RegisteredModel) -> Record:
    """A registered model as filters and order_by see it."""
    return Record(
        id=model.model_id,
        attributes={"name": model.name, "last_updated_timestamp": int(model.updated)},
        tags=model.tags,
    )


def _messages(shown: Sequence[RegisteredModel]) -> Iterator[Json]:
    for at in range(0, len(shown), _SHOWN_AT_ONCE):
        together = shown[at : at + _SHOWN_AT_ONCE]
        latest = versions.latest_of_each(together)
        yield from (replies.registered_model(model, latest[model.model_id]) for model in together)
