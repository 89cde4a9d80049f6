"""What two servers may say differently without differing: the ids, names and times that each invents for itself.

Everything else in a payload has to be equal, so a mask is as narrow as it can be.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

# A logged model's id has a prefix.
_RUN_ID = re.compile(r"(?:\bm-)?[0-9a-f]{32}")
_ARTIFACT_ROOT = re.compile(r"^(mlflow-artifacts:/)(\d+)")
_INVENTED_RUN_NAME = re.compile(r"[a-z]+-[a-z]+-\d+")
_RUN_NAME_LIMIT = 20
_CLOCK_TOLERANCE_MS = 600_000

Names = Mapping[str, str]


def masked(payload: Any, names: Names) -> Any:
    """The payload of a 200 with what this server invented replaced by the names under which the test knows it."""
    known = {value: name for name, value in names.items()}
    return _masked("", payload, known)


def masked_text(text: str | None, names: Names) -> str | None:
    """An error message with the run ids in it replaced."""
    return None if text is None else _run_ids(text, {value: name for name, value in names.items()})


def _masked(key: str, value: Any, known: Names) -> Any:
    if isinstance(value, dict):
        return _object({inner: _masked(inner, item, known) for inner, item in value.items()})
    if isinstance(value, list):
        return _ordered(key, [_masked(key, item, known) for item in value])
    mask = _BY_KEY.get(key)
    if mask is not None:
        return mask(value, known)
    return _run_ids(value, known) if isinstance(value, str) else value


def _object(value: dict[str, Any]) -> dict[str, Any]:
    # A field of ours: a version's files are in other storage.
    value = {key: inner for key, inner in value.items() if key != "external"}
    if value.get("key") == "mlflow.runName":
        return {**value, "value": _run_name(value.get("value"), {})}
    if value.get("key") == "mlflow.log-model.history":
        # A JSON text in a tag: its spaces and the order of its keys say nothing.
        return {**value, "value": json.loads(value["value"])}
    if "creation_time" in value and "last_update_time" in value:
        return _with_relation_of_times(value, "creation_time", "last_update_time")
    if "creation_timestamp_ms" in value and "last_updated_timestamp_ms" in value:
        return _with_relation_of_times(value, "creation_timestamp_ms", "last_updated_timestamp_ms")
    if "creation_timestamp" in value and "last_updated_timestamp" in value:
        return _with_relation_of_times(value, "creation_timestamp", "last_updated_timestamp")
    return value


def _with_relation_of_times(thing: dict[str, Any], created: str, updated: str) -> dict[str, Any]:
    # Neither server's clock is the other's, yet whether a call touched the second time is part of the protocol.
    changed = thing[updated] != thing[created]
    return {**thing, created: _moment(thing[created]), updated: "later" if changed else "same"}


def _moment(value: Any) -> Any:
    now = time.time() * 1000
    return "now" if isinstance(value, int) and abs(value - now) < _CLOCK_TOLERANCE_MS else value


def _run_ids(text: str, known: Names) -> str:
    return _RUN_ID.sub(lambda found: f"${{{known[found[0]]}}}" if found[0] in known else found[0], text)


def _run_name(value: Any, _known: Names) -> Any:
    # Only what has the very shape of an invented name is masked; the names that tests give do not have it.
    invented = isinstance(value, str) and _INVENTED_RUN_NAME.fullmatch(value) and len(value) <= _RUN_NAME_LIMIT
    return "${an invented name}" if invented else value


def _experiment_id(value: Any, known: Names) -> Any:
    return f"${{{known[value]}}}" if value in known else value


def _artifact_uri(value: Any, known: Names) -> Any:
    root = _ARTIFACT_ROOT.sub(lambda found: found[1] + _experiment_id(found[2], known), value)
    return _run_ids(root, known)


def _token(_value: Any, _known: Names) -> str:
    return "${a token}"


_BY_KEY: dict[str, Callable[[Any, Names], Any]] = {
    "experiment_id": _experiment_id,
    "artifact_location": _artifact_uri,
    "artifact_uri": _artifact_uri,
    "source": _artifact_uri,
    "run_name": _run_name,
    # Logged models are given such names too.
    "name": _run_name,
    "next_page_token": _token,
}


def _ordered(key: str, items: list[Any]) -> list[Any]:
    # The protocol orders pages of runs and experiments and histories of metrics, and leaves these sets open. A metric
    # history is also called `metrics`; its points share one key, so that this stable sort leaves them where they are.
    if key in {"tags", "params", "metrics"} and all(isinstance(item, dict) and "key" in item for item in items):
        return sorted(items, key=lambda item: item["key"])
    if key == "dataset_inputs":
        return sorted(items, key=lambda item: (item["dataset"].get("name", ""), item["dataset"].get("digest", "")))
    return items
