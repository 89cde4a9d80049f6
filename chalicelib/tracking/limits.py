"""How long, how many, how large: MLflow's limits (mlflow/utils/validation.py) and two of our own, all in characters.

MLflow truncates values of params and run tags rather than refuse them (MLFLOW_TRUNCATE_LONG_VALUES, on by default).
"""

from collections.abc import Iterable, Sized

from chalicelib.errors import InvalidParameterValue
from chalicelib.wire import SEE_DOCS, invalid_value, wrong_type

KEY = 250
PARAM_VALUE = 6000
TAG_VALUE = 8000
EXPERIMENT_NAME = 500
EXPERIMENT_TAG_VALUE = 20000
CUSTOM_VIEWS = 50
ARTIFACT_LOCATION = 2048
RUN_ID = 256
# Ours: a model's id becomes part of a sort key, which holds 1,024 bytes. MLflow's own have 34 characters.
MODEL_ID = 250

INPUT_TAG_KEY = 255
INPUT_TAG_VALUE = 500
# The one of source_type is ours.
DATASET = {"name": 500, "digest": 36, "source_type": 500, "source": 65535, "schema": 1048575, "profile": 16777215}
BATCH = {"metrics": 1000, "params": 100, "tags": 100}
BATCH_TOTAL = 1000

SEARCH_PAGE = 50000
HISTORY_RUNS = 100
HISTORY_ROWS = 25000
INTERVAL_POINTS = 2500

# Of a caller's text that an error message repeats.
SHOWN = 300


def check_length(label: str, text: str, limit: int) -> None:
    """Raises InvalidParameterValue when the text has more characters than the limit."""
    if len(text) > limit:
        raise InvalidParameterValue(f"'{label}' exceeds the maximum length of {limit} characters")


def param_value(text: str) -> str:
    """The value of a param, cut to its limit."""
    return text[:PARAM_VALUE]


def tag_value(text: str) -> str:
    """The value of a run's tag, cut to its limit; also for what is mirrored in a tag, such as a run's name."""
    return text[:TAG_VALUE]


def input_tag_key(text: str) -> str:
    """The key of a tag of a run's input."""
    check_length("key", text, INPUT_TAG_KEY)
    return text


def input_tag_value(text: str) -> str:
    """The value of a tag of a run's input: refused when it is long, not cut."""
    check_length("value", text, INPUT_TAG_VALUE)
    return text


def check_batch(**parts: Sized) -> None:
    """The metrics, params and tags of one log-batch: each has a limit, and so has their sum."""
    for name, part in parts.items():
        _check_count(name, len(part), BATCH[name])
    _check_count("metrics, params, and tags", sum(map(len, parts.values())), BATCH_TOTAL)


def _check_count(name: str, count: int, limit: int) -> None:
    if count > limit:
        raise InvalidParameterValue(
            f"A batch logging request can contain at most {limit} {name}. Got {count} {name}. "
            f"Please split up {name} across multiple requests and try again."
        )


def repeated(keys: Iterable[str]) -> list[str]:
    """Each key that has come before, in order, as often as it comes again."""
    seen: set[str] = set()
    again = []
    for key in keys:
        if key in seen:
            again.append(key)
        seen.add(key)
    return again


def check_timestamp(timestamp: int, path: str, key: str, value: float) -> None:
    """The time of a metric's point: milliseconds since 1970, none before."""
    if timestamp < 0:
        reason = f"metric '{key}' (value={value}). Timestamp must be a nonnegative long (64-bit integer) "
        raise InvalidParameterValue(invalid_value(path, timestamp, reason))


def runs_page(count: int) -> int:
    """`max_results` of a search for runs."""
    if count > SEARCH_PAGE:
        raise InvalidParameterValue(wrong_type("max_results", count))
    return _positive(count)


def experiments_page(count: int) -> int:
    """`max_results` of a search for experiments; absent, it is 0 to MLflow and so refused."""
    if count > SEARCH_PAGE:
        raise InvalidParameterValue(f"{invalid_value('max_results', count)} It must be at most {SEARCH_PAGE}")
    return _positive(count)


def _positive(count: int) -> int:
    if count < 1:
        raise InvalidParameterValue(f"{invalid_value('max_results', count)} It must be a positive integer")
    return count


def history_page(count: int) -> int:
    """`max_results` of get-history."""
    if count < 1:
        raise InvalidParameterValue(f"{invalid_value('max_results', count)} It must be a positive integer.")
    return count


def history_rows(count: int) -> int:
    """`max_results` of get-history-bulk: more than the limit means the limit. 0 is a page of none, as in MLflow."""
    if count < 0:
        raise InvalidParameterValue(f"{invalid_value('max_results', count)} It must not be negative.")
    return min(count, HISTORY_ROWS)


def interval_points(count: int) -> int:
    """`max_results` of get-history-bulk-interval: points per run."""
    if not 1 <= count <= INTERVAL_POINTS:
        raise InvalidParameterValue(f"max_results must be between 1 and {INTERVAL_POINTS}. {SEE_DOCS}")
    return count
