"""MLflow's rules for log calls and for requests for histories. Plain functions on plain data.

All raise InvalidParameterValue. Messages: mlflow/utils/validation.py and server/handlers.py.
"""

from collections.abc import Iterable, Sequence, Sized
from typing import Protocol

from chalicelib.edge.checks import check_length, repeated
from chalicelib.edge.wire import SEE_DOCS, invalid_value, missing_value
from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking.key_rules import MOST_CHARACTERS, check_key

BATCH = {"metrics": 1000, "params": 100, "tags": 100}
BATCH_TOTAL = 1000
HISTORY_RUNS = 100
HISTORY_ROWS = 25000
INTERVAL_POINTS = 2500
# Of one request for curves; ours, not MLflow's.
CURVE_RUNS = 100
CURVE_KEYS = 50
CURVE_POINTS = 2048
CURVE_DEFAULT_POINTS = 512
# A cursor of a hundred runs has some 4,600 characters.
_CURSOR_CHARACTERS = 10_000
_RUN_CHARACTERS = 256


class Point(Protocol):
    key: str
    value: float
    timestamp: int


class OnDataset(Protocol):
    dataset_name: str | None
    dataset_digest: str | None


def check_points(points: Iterable[Point]) -> None:
    """Check the metrics of a log-batch."""
    checked: set[str] = set()
    for index, point in enumerate(points):
        if point.key not in checked:
            check_key(point.key, f"metrics[{index}].name", "Metric name")
            checked.add(point.key)
        # The loop runs a thousand times: make no call for the nine hundred and more valid ones.
        if point.timestamp < 0:
            check_timestamp(point.timestamp, f"metrics[{index}].timestamp", point.key, point.value)


def check_timestamp(timestamp: int, path: str, key: str, value: float) -> None:
    """Check the time of a metric's point: milliseconds since 1970, not negative."""
    if timestamp < 0:
        reason = f"metric '{key}' (value={value}). Timestamp must be a nonnegative long (64-bit integer) "
        raise InvalidParameterValue(invalid_value(path, timestamp, reason))


def check_datasets(points: Iterable[OnDataset]) -> None:
    """Check the datasets that metrics were measured on: each has both name and digest, or neither."""
    if any(bool(point.dataset_name) != bool(point.dataset_digest) for point in points):
        raise InvalidParameterValue("Both dataset_name and dataset_digest must be provided if one is provided")


def check_param_keys(keys: Sequence[str]) -> None:
    """Check the keys of a log-batch's params."""
    for index, key in enumerate(keys):
        check_key(key, f"params[{index}].key", "Param key")


def check_tag_keys(keys: Sequence[str]) -> None:
    """Check the keys of a log-batch's tags. A key may come twice; the last value wins."""
    for index, key in enumerate(keys):
        check_key(key, f"tags[{index}].key", f"tags[{index}].key")


def check_distinct_params(keys: Sequence[str]) -> None:
    """Check that no param comes twice in one log-batch, not even with the same value."""
    if again := repeated(keys):
        raise InvalidParameterValue(
            f"Duplicate parameter keys have been submitted: {again}. Please ensure the request contains only one param "
            "value per param key."
        )


def check_batch(**parts: Sized) -> None:
    """Check how many metrics, params and tags a log-batch has: each has a limit, and so does their sum."""
    for name, part in parts.items():
        _check_count(name, len(part), BATCH[name])
    _check_count("metrics, params, and tags", sum(map(len, parts.values())), BATCH_TOTAL)


def _check_count(name: str, count: int, limit: int) -> None:
    if count > limit:
        raise InvalidParameterValue(
            f"A batch logging request can contain at most {limit} {name}. Got {count} {name}. "
            f"Please split up {name} across multiple requests and try again."
        )


def metric_key(key: str) -> str:
    """Return the key of the metric whose history is requested. DynamoDB could not look up a longer key either."""
    check_length("metric_key", key, MOST_CHARACTERS)
    return key


def history_page(count: int) -> int:
    """Return the `max_results` of get-history."""
    if count < 1:
        raise InvalidParameterValue(f"{invalid_value('max_results', count)} It must be a positive integer.")
    return count


def history_rows(count: int) -> int:
    """Return the `max_results` of get-history-bulk, capped at the limit. 0 gives an empty page, as in MLflow."""
    if count < 0:
        raise InvalidParameterValue(f"{invalid_value('max_results', count)} It must not be negative.")
    return min(count, HISTORY_ROWS)


def interval_points(count: int) -> int:
    """Return the `max_results` of get-history-bulk-interval: points per run."""
    if not 1 <= count <= INTERVAL_POINTS:
        raise InvalidParameterValue(f"max_results must be between 1 and {INTERVAL_POINTS}. {SEE_DOCS}")
    return count


def check_bulk_history(runs: int, metric_key: str | None) -> None:
    """Check the arguments of get-history-bulk: the number of runs, and the metric."""
    if not runs:
        raise InvalidParameterValue("GetMetricHistoryBulk request must specify at least one run_id.")
    if runs > HISTORY_RUNS:
        raise InvalidParameterValue(
            f"GetMetricHistoryBulk request cannot specify more than {HISTORY_RUNS} run_ids. Received {runs} run_ids."
        )
    if metric_key is None:
        raise InvalidParameterValue("GetMetricHistoryBulk request must specify a metric_key.")


def check_interval_history(runs: int, start_step: int | None, end_step: int | None) -> None:
    """Check the arguments of get-history-bulk-interval: the number of runs, and both ends of the steps or neither."""
    if runs > HISTORY_RUNS:
        raise InvalidParameterValue(
            f"GetMetricHistoryBulkInterval request must specify at most {HISTORY_RUNS} run_ids. "
            f"Received {runs} run_ids. {SEE_DOCS}"
        )
    if (start_step is None) != (end_step is None):
        raise InvalidParameterValue("If either start step or end step are specified, both must be specified.")
    if start_step is not None and end_step is not None and start_step > end_step:
        raise InvalidParameterValue(
            f"end_step must be greater than start_step. Found start_step={start_step} and end_step={end_step}."
        )


def curve_points(count: int) -> int:
    """Return the `points` of a request for curves: buckets of each series."""
    if not 2 <= count <= CURVE_POINTS:
        raise InvalidParameterValue(f"{invalid_value('points', count)} It must be from 2 to {CURVE_POINTS}.")
    return count


def check_curves(runs: Sequence[str], keys: Sequence[str], start: int | None, end: int | None) -> None:
    """Check the arguments of a request for curves: how many runs and keys, and the order of the ends."""
    for name, listed, limit in (("runs", runs, CURVE_RUNS), ("keys", keys, CURVE_KEYS)):
        if not listed:
            raise InvalidParameterValue(missing_value(name))
        if len(listed) > limit:
            raise InvalidParameterValue(f"A request for curves can name at most {limit} {name}. Got {len(listed)}.")
    if start is not None and end is not None and start > end:
        raise InvalidParameterValue(f"'to' must not be less than 'from'. Found from={start} and to={end}.")


def curve_run(run_id: str) -> str:
    """Return the id of a run whose curves are requested, limited in length as it becomes part of a key."""
    check_length("runs", run_id, _RUN_CHARACTERS)
    return run_id


def curve_cursor(since: str) -> str:
    check_length("since", since, _CURSOR_CHARACTERS)
    return since
