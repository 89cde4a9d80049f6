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

# Reading INFO costs one unit per 4 KB; ordinary runs have 1 to 4 KB of params and tags.
_INFO_BYTES = 64_000


def outgrows(info: RunInfo, params: Mapping[str, str], tags: Mapping[str, str]) -> bool:
    """Whether INFO would exceed its limit with these params and tags added."""
    return sum(map(_size, (info.params, info.tags, params, tags))) > _INFO_BYTES


def freeze(info: RunInfo) -> None:
    """Set the flag. It stays set, so setting it twice is no error."""
    with suppress(ConditionFailed):
        tables.update(info, [RunInfo.overflow.set(True), RunInfo.more.set(True)], RunInfo.run_id.exists())


def tags_out_of(info: RunInfo) -> list[MoreTag]:
    """Move the tags of a run not stored yet into items of their own if they are too many for INFO; return the items."""
    if not outgrows(info, {}, {}):
        return []
    items = [MoreTag(info.pk, keys.tag(key), value=value) for key, value in info.tags.items()]
    info.tags, info.overflow, info.more = {}, True, True
    return items


def _size(pairs: Mapping[str, str]) -> int:
    return sum(len(key.encode()) + len(value.encode()) for key, value in pairs.items())
