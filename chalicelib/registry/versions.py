"""Versions of a registered model: numbered from 1 without gaps, no number used twice."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from chalicelib import clock, errors
from chalicelib.edge.repeats import Once
from chalicelib.registry import stages
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage import keys, tables
from chalicelib.storage.registry_items import ModelVersion, RegisteredModel, RunVersion

# The numbers that fit into the digits of a sort key.
_NUMBERS = range(1, 10**10)


class NewVersion(NamedTuple):
    """What a version is made from: `source` as it was given, `location` where its files are (`sources.py`).

    `download_uri` is set if neither of them is where clients download the files: a copy has that of its original.
    """

    source: str
    location: str
    download_uri: str | None = None
    run_id: str | None = None
    run_link: str | None = None
    logged_model_id: str | None = None
    description: str | None = None
    tags: Mapping[str, str] = MappingProxyType({})
    digest: str | None = None


class Found(NamedTuple):
    """A version and its registered model."""

    model: RegisteredModel
    version: ModelVersion


def create(name: str, new: NewVersion, once: Once | None = None) -> Found:
    """Create the next version of a registered model, in stage None, or return what this request has created before.

    Raises ResourceDoesNotExist, also if that is deleted since.
    """

    def decide(model: RegisteredModel) -> tuple[ModelVersion, Change | None]:
        if once and (before := once.created()):
            return _created_before(model, before), None
        item = _new(model, new)
        number = int(item.version)
        model.last_version, model.updated = number, item.created
        model.stages = stages.after(model.stages, {number: stages.NONE})
        details = {**new._asdict(), "tags": dict(new.tags)}
        listed = (
            [RunVersion(keys.run_versions(new.run_id), keys.run_version(model.model_id, number))] if new.run_id else []
        )
        note = once.note(keys.run_version(model.model_id, number)) if once else None
        return item, Change("version:create", details, number, puts=[item, *listed], note=note)

    created = changes.outcome(name, decide)
    return Found(created.model, created.answer)


def _created_before(model: RegisteredModel, created: str) -> ModelVersion:
    model_id, number = keys.split_run_version(created)
    if model_id != model.model_id:
        raise errors.ResourceDoesNotExist(
            "The version that this request created was deleted with its registered model."
        )
    return of(model, number)


def load(name: str, version: int) -> Found:
    """The version of a registered model. Raises ResourceDoesNotExist."""
    model = changes.load(name)
    return Found(model, of(model, version))


def of(model: RegisteredModel, version: int) -> ModelVersion:
    """The version of a model that was read just before. Raises ResourceDoesNotExist."""
    item = (
        tables.get(ModelVersion, keys.versions(model.model_id), keys.version(version)) if version in _NUMBERS else None
    )
    if item is None:
        raise errors.ResourceDoesNotExist(f"Model Version (name={model.name}, version={version}) not found")
    return item


def several(model: RegisteredModel, numbers: Iterable[int]) -> list[ModelVersion]:
    """The versions with these numbers that exist, in the order of the numbers."""
    wanted = list(numbers)
    found = tables.get_many(ModelVersion, keys.versions(model.model_id), [keys.version(number) for number in wanted])
    by_number = {int(item.version): item for item in found}
    return [by_number[number] for number in wanted if number in by_number]


def all_of(model_id: str) -> Iterator[ModelVersion]:
    """Every version of a model, in the order of their numbers."""
    return tables.query(ModelVersion, keys.versions(model_id))


def made_from(run_ids: Iterable[str]) -> list[Found]:
    """The versions made from these runs, of models that are not deleted."""
    rows = [
        keys.split_run_version(row.sk) for each in run_ids for row in tables.query(RunVersion, keys.run_versions(each))
    ]
    wanted = sorted({model_id for model_id, _ in rows})
    models = {model.model_id: model for model in tables.get_many(RegisteredModel, keys.REGISTERED_MODELS, wanted)}
    items = [(keys.versions(each), keys.version(number)) for each, number in rows if each in models]
    return [Found(models[keys.model_of_versions(item.pk)], item) for item in tables.get_each(ModelVersion, items)]


def latest_of_each(models: Sequence[RegisteredModel]) -> dict[str, list[ModelVersion]]:
    """The highest version of each non-empty stage, by model id. In a search, stages are in the order of their names."""
    wanted = [(model, number) for model in models for number in stages.latest_by_name(model.stages)]
    places = [(keys.versions(model.model_id), keys.version(number)) for model, number in wanted]
    found = {(item.pk, item.sk): item for item in tables.get_each(ModelVersion, places)}
    latest: dict[str, list[ModelVersion]] = {model.model_id: [] for model in models}
    for (model, _), place in zip(wanted, places, strict=True):
        latest[model.model_id] += [found[place]] if place in found else []
    return latest


def latest(model: RegisteredModel, wanted: Sequence[str] = stages.ALL) -> list[ModelVersion]:
    """The highest version of each of these stages that is not empty."""
    return several(model, stages.latest({stage: text for stage, text in model.stages.items() if stage in wanted}))


def update(name: str, version: int, description: str | None) -> Found:
    """Set the description of a version. Raises ResourceDoesNotExist."""

    def decide(item: ModelVersion) -> Change:
        details = {"from": item.description, "to": description}
        item.description, item.updated = description, clock.now_ms()
        return Change("version:description:set", details, version, puts=[item])

    return _changed(name, version, decide)


def delete(name: str, version: int) -> None:
    """Delete a version and its aliases. Its number is not used again. Raises ResourceDoesNotExist."""

    def decide(model: RegisteredModel) -> Change:
        item = of(model, version)
        aliases = sorted(alias for alias, number in model.aliases.items() if number == version)
        model.aliases = {alias: number for alias, number in model.aliases.items() if number != version}
        model.stages = stages.after(model.stages, {version: None})
        model.updated = clock.now_ms()
        listed = (
            [RunVersion(keys.run_versions(item.run_id), keys.run_version(model.model_id, version))]
            if item.run_id
            else []
        )
        details = {"stage": item.stage, "aliases": aliases}
        return Change("version:delete", details, version, deletes=[item, *listed])

    changes.change(name, decide)


def set_tag(name: str, version: int, key: str, value: str) -> None:
    """Set a tag of a version; the last write wins. Raises ResourceDoesNotExist."""

    def decide(item: ModelVersion) -> Change | None:
        before = item.tags.get(key)
        item.tags = {**item.tags, key: value}
        details = {"key": key, "from": before, "to": value}
        return Change("version:tag:set", details, version, puts=[item]) if before != value else None

    _changed(name, version, decide)


def delete_tag(name: str, version: int, key: str) -> None:
    """Delete a tag of a version; a missing tag is no error. Raises ResourceDoesNotExist."""

    def decide(item: ModelVersion) -> Change | None:
        if key not in item.tags:
            return None
        before = item.tags[key]
        item.tags = {other: value for other, value in item.tags.items() if other != key}
        return Change("version:tag:delete", {"key": key, "from": before}, version, puts=[item])

    _changed(name, version, decide)


def updated_at(found: Found) -> int:
    """When a version last changed, ms. Renaming a model changes all its versions, as in MLflow."""
    return int(max(found.version.updated, found.model.renamed))


def aliases_of(found: Found) -> list[str]:
    """The aliases that point to a version, sorted."""
    return sorted(alias for alias, number in found.model.aliases.items() if number == found.version.version)


def _changed(name: str, version: int, decide_on: Callable[[ModelVersion], Change | None]) -> Found:
    def decide(model: RegisteredModel) -> tuple[ModelVersion, Change | None]:
        item = of(model, version)
        return item, decide_on(item)

    changed = changes.outcome(name, decide)
    return Found(changed.model, changed.answer)


def _new(model: RegisteredModel, new: NewVersion) -> ModelVersion:
    number, now = int(model.last_version) + 1, clock.now_ms()
    return ModelVersion(
        keys.versions(model.model_id),
        keys.version(number),
        version=number,
        stage=stages.NONE,
        source=new.source,
        location=new.location,
        download_uri=new.download_uri,
        run_id=new.run_id,
        run_link=new.run_link,
        logged_model_id=new.logged_model_id,
        description=new.description,
        tags=dict(new.tags),
        created=now,
        updated=now,
        digest=new.digest,
        link=int(model.sequence) + 1,
    )
