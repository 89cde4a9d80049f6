"""The wire form of registered models and their versions: MLflow's JSON, unset and empty fields left out."""

from collections.abc import Iterable, Sequence

from chalicelib.edge import cutting
from chalicelib.edge.replies import MOST_BYTES, Json, bytes_in_reply, filled, key_values
from chalicelib.registry import files, versions
from chalicelib.registry.versions import Found
from chalicelib.storage.registry_items import ModelVersion, RegisteredModel

# The only status: a version is made from files that exist. Without the field, clients would read PENDING_REGISTRATION.
_READY = "READY"


def registered_model(model: RegisteredModel, latest: Sequence[ModelVersion]) -> Json:
    """The RegisteredModel message, with the latest version of each stage."""
    return filled(
        name=model.name,
        creation_timestamp=int(model.created),
        last_updated_timestamp=int(model.updated),
        # MLflow leaves out an empty description here, and shows it in a version.
        description=model.description or None,
        latest_versions=[listed(Found(model, each)) for each in latest],
        tags=key_values(model.tags),
        aliases=[{"alias": alias, "version": str(number)} for alias, number in sorted(model.aliases.items())],
    )


def shortened(message: Json) -> Json:
    """The RegisteredModel message, without the texts of its versions if a reply cannot carry them."""
    if bytes_in_reply(message) <= MOST_BYTES:
        return message
    return {**message, **filled(latest_versions=[_brief(each) for each in message.get("latest_versions", ())])}


def few(model: RegisteredModel, found: Iterable[ModelVersion]) -> list[Json]:
    """ModelVersion messages of one model, with their aliases; without their texts if a reply cannot carry them."""
    messages = [version(Found(model, each)) for each in found]
    return messages if bytes_in_reply(messages) <= MOST_BYTES else [_brief(each) for each in messages]


def _brief(message: Json) -> Json:
    """A version without its tags and description, which `model-versions/get` has."""
    names = [name for name in ("description", "tags") if name in message]
    note = {"key": cutting.TAG, "value": "Too large for this reply. Not shown: tags, description."}
    return {**message, "description": "", "tags": [note], "cut": names} if names else message


def version(found: Found) -> Json:
    """The ModelVersion message, with its aliases."""
    return {**listed(found), **filled(aliases=versions.aliases_of(found))}


def listed(found: Found) -> Json:
    """The ModelVersion message in searches and registered models: without its aliases."""
    item = found.version
    return filled(
        name=found.model.name,
        version=str(int(item.version)),
        creation_timestamp=int(item.created),
        last_updated_timestamp=versions.updated_at(found),
        description=item.description,
        current_stage=item.stage,
        source=item.source,
        run_id=item.run_id or "",
        run_link=item.run_link or "",
        status=_READY,
        tags=key_values(item.tags),
        # Ours, not MLflow's.
        external=files.is_external(item) or None,
    )
