"""A message that is too large for a reply is shown with what fits, and says what is missing.

What is written now fits (`tracking/runs/sizes.py` and its like); messages of earlier versions and unfolded metrics may
not. Whoever reads one with MLflow's client sees a tag that says so; the field `cut` has the numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.edge.replies import MOST_BYTES, Json, bytes_in_reply

TAG = "cumulog.cut"

_OWN = "mlflow."
# What the tag and the field may take.
_NOTE_BYTES = 2_000

Place = tuple[str, ...]
"""Where a list is in a message: `data`, `params`."""


def cut(message: Json, lists: Sequence[Place], tags: Place, most: int = MOST_BYTES) -> Json:
    """The message with as much of its lists as fits: short lists whole, MLflow's own tags before all others.

    `tags` is the place of the tags. A message that fits stays as it is.
    """
    if bytes_in_reply(message) <= most:
        return message
    entries = {place: _at(message, place) for place in dict.fromkeys([*lists, tags])}
    room = most - _NOTE_BYTES - bytes_in_reply(_with(message, {place: [] for place in entries}))
    kept = _kept(entries, tags, room)
    missing = {place: len(listed) - len(kept[place]) for place, listed in entries.items()}
    told = [f"{count} of {len(entries[place])} {place[-1]}" for place, count in missing.items() if count]
    note = f"Too large for one reply. Not shown: {', '.join(told).replace('_', ' ')}."
    kept[tags] = [*kept[tags], {"key": TAG, "value": note}]
    return {**_with(message, kept), "cut": {place[-1]: count for place, count in missing.items() if count}}


def _kept(entries: Mapping[Place, list[Json]], tags: Place, room: int) -> dict[Place, list[Json]]:
    """Of each list what there is room for. An entry that is too long does not keep out the shorter ones after it."""
    own = [each for each in entries[tags] if str(each["key"]).startswith(_OWN)]
    others = [each for each in entries[tags] if not str(each["key"]).startswith(_OWN)]
    lists = [_sized(listed) for listed in ({**entries, tags: others}).values()]
    chosen = set()
    for sized in [_sized(own), *sorted(lists, key=lambda each: sum(size for size, _ in each))]:
        for size, entry in sized:
            if size <= room:
                room -= size
                chosen.add(id(entry))
    return {place: [each for each in listed if id(each) in chosen] for place, listed in entries.items()}


def _sized(entries: Iterable[Json]) -> list[tuple[int, Json]]:
    return [(bytes_in_reply(each), each) for each in entries]


def _at(message: Json, place: Place) -> list[Json]:
    found: Any = message
    for name in place:
        found = found.get(name) or {}
    return list(found)


def _with(message: Json, lists: Mapping[Place, list[Json]]) -> Json:
    """The message with other lists at these places; an empty one is left out."""
    for (*outer, name), listed in lists.items():
        message = _set(message, outer, name, listed)
    return message


def _set(message: Json, outer: Sequence[str], name: str, listed: list[Json]) -> Json:
    if outer:
        inner = message.get(outer[0])
        return message if inner is None else {**message, outer[0]: _set(inner, outer[1:], name, listed)}
    others = {key: value for key, value in message.items() if key != name}
    return {**others, name: listed} if listed else others
