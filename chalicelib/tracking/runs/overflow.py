"""Params and tags that outgrow INFO: beyond a limit, INFO's own are frozen and further ones get items of their own.

The limit keeps log calls cheap, because each reads INFO. The flag `overflow` is set once and never cleared, and writes
to INFO's params and tags require that it is not set. So a reader who sees the flag sees INFO's params in their final
state, and a param has one home: INFO if INFO has it, otherwise its own item.
"""

from collections.abc import Mapping
from contextlib import suppress

from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import MoreTag, RunInfo
from chalicelib.storage.models import RunsItem
from chalicelib.tracking.runs import sizes

# Reading INFO costs one unit per 4 KB; ordinary runs have 1 to 4 KB of params and tags.
_INFO_BYTES = 64_000


def outgrows(info: RunInfo, params: Mapping[str, str], tags: Mapping[str, str]) -> bool:
    """Whether INFO would exceed its limits with these params and tags added."""
    every = ({**info.params, **params}, {**info.tags, **tags})
    return sum(map(_size, every)) > _INFO_BYTES or sizes.of_pairs(*every) > sizes.MOST_IN_INFO


def freeze(info: RunInfo) -> None:
    """Set the flag. It stays set, so setting it twice is no error."""
    with suppress(ConditionFailed):
        tables.update(info, [RunInfo.overflow.set(True), RunInfo.more.set(True)], RunInfo.run_id.exists())


def tags_out_of(info: RunInfo) -> list[RunsItem]:
    """Move the tags of a run not stored yet into items of their own if they are too many for INFO; return the items.

    Raises InvalidParameterValue if they are too many for a run.
    """
    if not outgrows(info, {}, {}):
        return []
    items = [MoreTag(info.pk, keys.tag(key), value=value) for key, value in info.tags.items()]
    size = sizes.of_new(info, info.tags)
    info.tags, info.overflow, info.more = {}, True, True
    return [size, *items]


def _size(pairs: Mapping[str, str]) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in pairs.items())
