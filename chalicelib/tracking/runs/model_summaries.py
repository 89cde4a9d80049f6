"""`runs/log-model`, which MLflow 2 clients call: it appends each model's summary to a tag of the run."""

import json
from typing import Any

from chalicelib import errors
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import MoreTag, RunInfo
from chalicelib.tracking.feed import writing
from chalicelib.tracking.runs import overflow, runs, sizes

TAG = "mlflow.log-model.history"

_SUMMARY = ("run_id", "artifact_path", "utc_time_created", "model_uuid")
_MOST_BYTES = 300_000


def append(run_id: str, model: dict[str, Any]) -> None:
    """Append a model's summary to an active run's history tag. Concurrent calls keep both summaries."""
    added = summary(model)
    for _ in tables.attempts():
        info = runs.load_for_writing(run_id)
        outside = tables.get(MoreTag, info.pk, keys.tag(TAG)) if info.overflow else None
        before = outside.value if outside else info.tags.get(TAG)
        if added in json.loads(before or "[]"):
            # This is our own write, whose reply was lost, or the client sent it again.
            break
        if _replaced(info, before, json.dumps([*json.loads(before or "[]"), added])):
            break
    writing.tell(info)


def summary(model: dict[str, Any]) -> dict[str, Any]:
    """Return what MLflow keeps of a model in this tag: its origin, and its flavors without their `config`."""
    kept = {name: model.get(name) for name in _SUMMARY}
    kept["utc_time_created"] = str(kept["utc_time_created"])
    flavors = model.get("flavors") or {}
    kept["flavors"] = {name: _without_config(flavor) for name, flavor in flavors.items()}
    return kept


def _without_config(flavor: Any) -> Any:
    return {name: value for name, value in flavor.items() if name != "config"} if isinstance(flavor, dict) else flavor


def _replaced(info: RunInfo, before: str | None, after: str) -> bool:
    """Write the tag and return True; False if the tag or its home changed since it was read."""
    if len(after.encode()) > _MOST_BYTES:
        raise errors.InvalidParameterValue(f"The tag '{TAG}' would outgrow {_MOST_BYTES} bytes.")
    if not info.overflow and overflow.outgrows(info, {}, {TAG: after}):
        overflow.freeze(info)
        return False
    if not info.overflow:
        tag = RunInfo.tags[TAG]
        unchanged = tag.does_not_exist() if before is None else tag == before
        return runs.apply(info, [tag.set(after)], unchanged) is not None
    unchanged = MoreTag.value.does_not_exist() if before is None else MoreTag.value == before
    try:
        with sizes.claimed(info, sizes.of_pairs({TAG: after}) - sizes.of_pairs({TAG: before or ""})):
            tables.put(MoreTag(info.pk, keys.tag(TAG), value=after), unchanged)
    except ConditionFailed:
        return False
    return True
