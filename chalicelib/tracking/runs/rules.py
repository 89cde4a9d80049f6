"""MLflow's rules for runs and for what is logged to them.

Rules and messages: mlflow/utils/validation.py and mlflow/server/handlers.py. Functions raise InvalidParameterValue
unless they say otherwise. Lengths are in characters. MLflow truncates long values of params and run tags instead of
refusing them (MLFLOW_TRUNCATE_LONG_VALUES, on by default).
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from chalicelib.edge import strict_json
from chalicelib.edge.checks import SHOWN, check_length, repeated
from chalicelib.edge.wire import missing_value, shown
from chalicelib.errors import BadRequest, InvalidParameterValue
from chalicelib.tracking import key_rules

RUN_NAME_TAG = "mlflow.runName"

PARAM_VALUE = 6000
TAG_VALUE = 8000
INPUT_TAG_KEY = 255
INPUT_TAG_VALUE = 500
# The limit on source_type is ours.
DATASET = {"name": 500, "digest": 36, "source_type": 500, "source": 65535, "schema": 1048575, "profile": 16777215}

ENTRIES = 1000

T = TypeVar("T")

_MODEL_FIELDS = ("artifact_path", "flavors", "run_id", "utc_time_created")


def param_value(text: str) -> str:
    """Return a param's value, truncated to its limit."""
    return text[:PARAM_VALUE]


def tag_value(text: str) -> str:
    """Return a run tag's value, truncated to its limit. Also for values mirrored in a tag, such as the run's name."""
    return text[:TAG_VALUE]


def input_tag_key(text: str) -> str:
    """Return the key of an input's tag."""
    check_length("key", text, INPUT_TAG_KEY)
    return text


def input_tag_value(text: str) -> str:
    """Return the value of an input's tag. A long value is refused, not truncated."""
    check_length("value", text, INPUT_TAG_VALUE)
    return text


def few_entries(entries: list[T]) -> list[T]:
    """Return the datasets or models of one call. The limit is ours: each is an item of its own."""
    if len(entries) > ENTRIES:
        raise InvalidParameterValue(
            f"One call can log at most {ENTRIES} datasets and as many models. Got {len(entries)}. "
            "Please split them up across multiple requests and try again."
        )
    return entries


def check_new_run(experiment_id: str, run_name: str | None, tags: Sequence[tuple[str, str]]) -> None:
    """Check the arguments of a new run. Raises BadRequest without an experiment, or if two tags have the same key.

    MLflow does not check keys here, so any character is allowed; DynamoDB limits their length.
    """
    if not experiment_id:
        raise BadRequest(missing_value("experiment_id"))
    for key, _ in tags:
        check_length("key", key, key_rules.MOST_CHARACTERS)
    named = next((value for key, value in tags if key == RUN_NAME_TAG), "")
    if run_name and named and run_name != named:
        raise InvalidParameterValue(
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
            f"(run_name='{run_name}', mlflow.runName='{named}')."
        )
    if (RUN_NAME_TAG, "") in tags:
        raise BadRequest(f"The tag '{RUN_NAME_TAG}' of a new run cannot be empty.")
    if again := repeated(key for key, _ in tags):
        raise BadRequest(f"A run cannot have two tags with the key {shown(again[0])}.")


def model_info(text: str) -> dict[str, Any]:
    """Parse the fields of an MLmodel file from the JSON that log-model accepts."""
    try:
        info = strict_json.parse(text.encode())
    except InvalidParameterValue as error:
        raise _malformed_model(text) from error
    if not isinstance(info, dict):
        raise _malformed_model(text)
    if missing := [name for name in _MODEL_FIELDS if name not in info]:
        raise InvalidParameterValue(f"Model json is missing mandatory fields: {missing}")
    if not isinstance(info["flavors"], dict):
        raise _malformed_model(text)
    return info


def _malformed_model(text: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Malformed model info. \n {text[:SHOWN]} \n is not a valid JSON.")
