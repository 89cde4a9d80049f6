"""What MLflow asks of several fields of a request together, and of lists of them. Plain functions on plain data.

All raise InvalidParameterValue unless they say otherwise. Messages: mlflow/utils/validation.py and server/handlers.py.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from chalicelib import strict_json
from chalicelib.errors import BadRequest, InvalidParameterValue, ResourceAlreadyExists
from chalicelib.tracking import limits, names
from chalicelib.wire import SEE_DOCS, missing_value, shown

RUN_NAME_TAG = "mlflow.runName"

_CUSTOM_VIEW_TAG = "mlflow.customView.view"
_MODEL_FIELDS = ("artifact_path", "flavors", "run_id", "utc_time_created")


class Point(Protocol):
    key: str
    value: float
    timestamp: int


class OnDataset(Protocol):
    dataset_name: str | None
    dataset_digest: str | None


def check_experiment_tag(key: str, value: str) -> None:
    """A tag that an experiment may be given; here MLflow refuses a long value, where it cuts those of runs."""
    names.check_key(key, "key", "key")
    limits.check_length("value", value, limits.EXPERIMENT_TAG_VALUE)


def check_experiment_tags(experiment: str, tags: Sequence[tuple[str, str]]) -> None:
    """The tags of a new experiment. A key given twice raises ResourceAlreadyExists, as in MLflow's store."""
    if sum(key.startswith(_CUSTOM_VIEW_TAG) for key, _ in tags) > limits.CUSTOM_VIEWS:
        raise InvalidParameterValue(
            "Unable to create another custom view; the maximum number of custom views per experiment is "
            f"{limits.CUSTOM_VIEWS}. Delete an existing custom view before creating a new one."
        )
    for key, value in tags:
        check_experiment_tag(key, value)
    if again := limits.repeated(key for key, _ in tags):
        raise ResourceAlreadyExists(
            f"Experiment(name={experiment}) cannot have two tags with the key {shown(again[0])}."
        )


def check_new_run(experiment_id: str, run_name: str | None, tags: Sequence[tuple[str, str]]) -> None:
    """What a run is created with. Raises BadRequest without an experiment or for a key that two tags have.

    MLflow checks no keys here, so any character is allowed; but DynamoDB has no room for endless ones.
    """
    if not experiment_id:
        raise BadRequest(missing_value("experiment_id"))
    for key, _ in tags:
        limits.check_length("key", key, limits.KEY)
    named = next((value for key, value in tags if key == RUN_NAME_TAG), "")
    if run_name and named and run_name != named:
        raise InvalidParameterValue(
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
            f"(run_name='{run_name}', mlflow.runName='{named}')."
        )
    if (RUN_NAME_TAG, "") in tags:
        raise BadRequest(f"The tag '{RUN_NAME_TAG}' of a new run cannot be empty.")
    if again := limits.repeated(key for key, _ in tags):
        raise BadRequest(f"A run cannot have two tags with the key {shown(again[0])}.")


def check_points(points: Iterable[Point]) -> None:
    """The metrics of a log-batch."""
    checked: set[str] = set()
    for index, point in enumerate(points):
        if point.key not in checked:
            names.check_key(point.key, f"metrics[{index}].name", "Metric name")
            checked.add(point.key)
        # The loop runs a thousand times: no call for the nine hundred and more that are fine.
        if point.timestamp < 0:
            limits.check_timestamp(point.timestamp, f"metrics[{index}].timestamp", point.key, point.value)


def check_datasets(points: Iterable[OnDataset]) -> None:
    """The datasets that metrics were measured on: each with name and digest, or neither."""
    if any(bool(point.dataset_name) != bool(point.dataset_digest) for point in points):
        raise InvalidParameterValue("Both dataset_name and dataset_digest must be provided if one is provided")


def check_param_keys(keys: Sequence[str]) -> None:
    """The keys of a log-batch's params."""
    for index, key in enumerate(keys):
        names.check_key(key, f"params[{index}].key", "Param key")


def check_tag_keys(keys: Sequence[str]) -> None:
    """The keys of a log-batch's tags; one that comes twice is fine, the last wins."""
    for index, key in enumerate(keys):
        names.check_key(key, f"tags[{index}].key", f"tags[{index}].key")


def check_distinct_params(keys: Sequence[str]) -> None:
    """No key twice in one log-batch, not even with the same value."""
    if again := limits.repeated(keys):
        raise InvalidParameterValue(
            f"Duplicate parameter keys have been submitted: {again}. Please ensure the request contains only one param "
            "value per param key."
        )


def model_info(text: str) -> dict[str, Any]:
    """The fields of an MLmodel file out of its JSON, as log-model takes it."""
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
    return InvalidParameterValue(f"Malformed model info. \n {text[: limits.SHOWN]} \n is not a valid JSON.")


def check_bulk_history(runs: int, metric_key: str | None) -> None:
    """What get-history-bulk asks for: how many runs, and which metric."""
    if not runs:
        raise InvalidParameterValue("GetMetricHistoryBulk request must specify at least one run_id.")
    if runs > limits.HISTORY_RUNS:
        raise InvalidParameterValue(
            f"GetMetricHistoryBulk request cannot specify more than {limits.HISTORY_RUNS} run_ids. "
            f"Received {runs} run_ids."
        )
    if metric_key is None:
        raise InvalidParameterValue("GetMetricHistoryBulk request must specify a metric_key.")


def check_interval_history(runs: int, start_step: int | None, end_step: int | None) -> None:
    """What get-history-bulk-interval asks for: how many runs, and which steps: both ends or neither."""
    if runs > limits.HISTORY_RUNS:
        raise InvalidParameterValue(
            f"GetMetricHistoryBulkInterval request must specify at most {limits.HISTORY_RUNS} run_ids. "
            f"Received {runs} run_ids. {SEE_DOCS}"
        )
    if (start_step is None) != (end_step is None):
        raise InvalidParameterValue("If either start step or end step are specified, both must be specified.")
    if start_step is not None and end_step is not None and start_step > end_step:
        raise InvalidParameterValue(
            f"end_step must be greater than start_step. Found start_step={start_step} and end_step={end_step}."
        )
