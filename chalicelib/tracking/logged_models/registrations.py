"""The tag of a logged model that lists, as JSON, the versions which were made from it: [{"name", "version"}, …].

MLflow's server writes it when a version is made, and its client writes it again. It names registered models, and not
everybody who may read the logged model may read those. So callers see the entries of models that they may read, and
what they write keeps the other entries.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from chalicelib.access import identity, registered_models
from chalicelib.storage.items import LoggedModel

TAG = "mlflow.modelVersions"


def entries(tags: Mapping[str, str]) -> list[Any]:
    """What the tag lists. Any client may set the tag; a text that is no list counts as an empty one."""
    try:
        found = json.loads(tags.get(TAG, "[]"))
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def added(tags: Mapping[str, str], name: str, version: int) -> dict[str, str]:
    """The tags with one more version in the list."""
    made, known = {"name": name, "version": version}, entries(tags)
    return dict(tags) if made in known else {**tags, TAG: json.dumps([*known, made])}


def readable_names(items: Iterable[LoggedModel]) -> set[str] | None:
    """The names of registered models in these logged models' lists that the caller may read; None for all of them."""
    if identity.current().may_all:
        return None
    return registered_models.readable(_name(each) for item in items if TAG in item.tags for each in entries(item.tags))


def shown(tags: Mapping[str, str], names: Collection[str] | None) -> dict[str, str]:
    """The tags with those entries of the list whose models are among `names`."""
    if names is None or TAG not in tags:
        return dict(tags)
    listed = entries(tags)
    kept = [each for each in listed if _name(each) in names]
    others = {key: value for key, value in tags.items() if key != TAG}
    if len(kept) == len(listed):
        return dict(tags)
    return {**others, TAG: json.dumps(kept)} if kept else others


def rewritten(item: LoggedModel, wanted: Mapping[str, str]) -> dict[str, str]:
    """The tags to write, with the entries of the list before that the writer could not see."""
    names = readable_names([item]) if TAG in wanted else None
    if names is None:
        return dict(wanted)
    given = entries(wanted)
    unseen = [each for each in entries(item.tags) if _name(each) not in names and each not in given]
    return {**wanted, TAG: json.dumps([*unseen, *given])} if unseen else dict(wanted)


def _name(entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else ""
