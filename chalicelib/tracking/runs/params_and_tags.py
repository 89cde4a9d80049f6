"""Params and tags of a run. Params are written once; for tags the last write wins.

Both usually live in INFO, so a batch of them is one conditional update: new params must still not exist. If the
condition fails, the call reads again and decides again. This also handles a reply lost after the write: the second read
finds the params with our values and has nothing left to write. Beyond INFO's limit see `overflow.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from chalicelib import errors
from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import MoreParam, MoreTag, RunInfo
from chalicelib.storage.tables import Action
from chalicelib.tracking.feed import writing
from chalicelib.tracking.key_rules import MOST_CHARACTERS
from chalicelib.tracking.runs import overflow, runs, sizes
from chalicelib.tracking.runs.rules import RUN_NAME_TAG


def log(run_id: str, params: Mapping[str, str], tags: Mapping[str, str]) -> None:
    """Log an active run's params and tags, all or none. Raises as `store` does."""
    writing.tell(store(run_id, params, tags))


def store(
    run_id: str, params: Mapping[str, str], tags: Mapping[str, str], check: Callable[[RunInfo], None] | None = None
) -> RunInfo:
    """Store an active run's params and tags, all or none, if the run passes the check. The caller tells of it.

    Raises InvalidParameterValue if a param has another value, or if the run would hold too much.
    """
    if not tags.get(RUN_NAME_TAG, "a name"):
        # MLflow ignores an empty name.
        tags = {key: value for key, value in tags.items() if key != RUN_NAME_TAG}

    def attempt() -> RunInfo | None:
        info = runs.load_for_writing(run_id)
        if check is not None:
            check(info)
        return _logged(info, params, tags)

    return tables.decided(attempt)


def new_params(run_id: str, stored: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the params that are not stored yet. Raises InvalidParameterValue if a stored param has another value."""
    for key, value in wanted.items():
        if stored.get(key, value) != value:
            raise errors.InvalidParameterValue(
                f"Changing param values is not allowed. Param with key='{key}' was already logged with "
                f"value='{stored[key]}' for run ID='{run_id}'. Attempted logging new value '{value}'."
            )
    return {key: value for key, value in wanted.items() if key not in stored}


def delete_tag(run_id: str, key: str) -> None:
    """Delete a tag of an active run. Raises ResourceDoesNotExist if it has no such tag."""
    writing.tell(_without_tag(run_id, key))


def _without_tag(run_id: str, key: str) -> RunInfo:
    for attempt in tables.attempts():
        info = runs.load_for_writing(run_id)
        # No tag has a longer key, and DynamoDB refuses to look one up.
        may_be_outside = info.overflow and len(key) <= MOST_CHARACTERS
        outside = tables.get(MoreTag, info.pk, keys.tag(key)) if may_be_outside else None
        value = outside.value if outside else info.tags.get(key)
        if value is None and attempt:
            # It existed a moment ago: our own write deleted it and the reply was lost, or another caller deleted it.
            return info
        if value is None:
            raise errors.ResourceDoesNotExist(f"No tag with name: {key} in run with id {run_id}")
        if _tag_deleted(info, key):
            return info
    raise AssertionError("the attempts end by an error of their own")


def _logged(info: RunInfo, params: Mapping[str, str], tags: Mapping[str, str]) -> RunInfo | None:
    new = new_params(info.run_id, info.params, params)
    if info.overflow:
        return _log_outside(info, new, tags)
    changed = {key: value for key, value in tags.items() if info.tags.get(key) != value}
    if not new and not changed:
        return info
    if overflow.outgrows(info, new, changed):
        overflow.freeze(info)
        return None
    return _log_inside(info, new, changed)


def _log_inside(info: RunInfo, new: Mapping[str, str], tags: Mapping[str, str]) -> RunInfo | None:
    actions: list[Action] = [RunInfo.params[key].set(value) for key, value in new.items()]
    actions += [RunInfo.tags[key].set(value) for key, value in tags.items()]
    if RUN_NAME_TAG in tags:
        actions.append(RunInfo.run_name.set(tags[RUN_NAME_TAG]))
    still_new = [RunInfo.params[key].does_not_exist() for key in new]
    return runs.apply(info, actions, *still_new)


def _log_outside(info: RunInfo, new: Mapping[str, str], tags: Mapping[str, str]) -> RunInfo:
    """Log to a run whose INFO is frozen: check all params first, then put each as its own item.

    When two writers race for one param, this is not all or none: the loser's other params may be stored although its
    call is refused.
    """
    params, known = _outside(info, new, tags)
    new = new_params(info.run_id, params, new)
    changed = {key: value for key, value in tags.items() if known.get(key) != value}
    with sizes.claimed(info, sizes.of_pairs(new) + _growth(known, changed)), _told_if_refused(info):
        parallel.each(lambda param: _put_param(info, *param), new.items())
        tables.put_all(MoreTag(info.pk, keys.tag(key), value=value) for key, value in changed.items())
    if RUN_NAME_TAG in tags:
        return runs.renamed(info.run_id, tags[RUN_NAME_TAG])
    return info


@contextmanager
def _told_if_refused(info: RunInfo) -> Iterator[None]:
    try:
        yield
    except errors.CumulogError:
        writing.tell(info)
        raise


def _put_param(info: RunInfo, key: str, value: str) -> None:
    item = MoreParam(info.pk, keys.param(key), value=value)
    # Also holds when the SDK repeats our own write because its reply was lost.
    absent_or_same = MoreParam.value.does_not_exist() | (MoreParam.value == value)
    try:
        tables.put(item, absent_or_same)
    except ConditionFailed:
        winner = tables.get(MoreParam, item.pk, item.sk)
        new_params(info.run_id, {key: winner.value} if winner else {}, {key: value})


def _outside(info: RunInfo, params: Iterable[str], tags: Iterable[str]) -> tuple[dict[str, str], dict[str, str | None]]:
    """Those of the params and tags that have items of their own. A tag without a value is deleted."""
    wanted = [*map(keys.param, params), *map(keys.tag, tags)]
    found = tables.get_run_rows([(info.pk, sort_key) for sort_key in wanted]).values()
    return (
        {row.sk[len(keys.PARAM) :]: row.value for row in found if isinstance(row, MoreParam)},
        {row.sk[len(keys.TAG) :]: row.value for row in found if isinstance(row, MoreTag)},
    )


def _growth(known: Mapping[str, str | None], changed: Mapping[str, str]) -> int:
    """How many bytes tags grow by. What others shrink by is not taken off: two calls may overwrite the same one."""
    before = {key: value for key in changed if (value := known.get(key)) is not None}
    pairs = ((sizes.of_pairs({key: changed[key]}), {key: before[key]} if key in before else {}) for key in changed)
    return sum(max(0, after - sizes.of_pairs(former)) for after, former in pairs)


def _tag_deleted(info: RunInfo, key: str) -> bool:
    if info.overflow:
        # A tag without a value hides the tag that is frozen in INFO.
        tables.put(MoreTag(info.pk, keys.tag(key)))
        return True
    if "[" not in key:
        return runs.apply(info, [RunInfo.tags[key].remove()]) is not None
    # An expression cannot name a key with brackets (only a run's first tags can have them): replace the map.
    remaining = {name: value for name, value in info.tags.items() if name != key}
    return runs.apply(info, [RunInfo.tags.set(remaining)], RunInfo.tags == info.tags) is not None
