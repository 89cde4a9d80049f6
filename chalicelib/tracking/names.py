"""Which names, keys, ids and locations MLflow takes, as it says it. Rules and messages: mlflow/utils/validation.py.

Every function raises InvalidParameterValue unless it says otherwise. `path` is the parameter that the message names,
such as `metrics[3].name`.
"""

import posixpath
import re
from urllib.parse import unquote, urlparse, urlunparse

from chalicelib.errors import InvalidParameterValue, ResourceDoesNotExist
from chalicelib.tracking import limits
from chalicelib.wire import invalid_value

# With `$`, not `\Z`: MLflow lets a line feed at the very end pass.
_KEY = re.compile(r"^[/\w.\- :]*$")
_RUN_ID = re.compile(r"^[a-zA-Z0-9][\w\-]{0,255}$")

_ALLOWED_IN_KEYS = (
    "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and "
    "slashes (/)."
)

# Stores that MLflow reaches through the host in the URI: a server that followed one would connect to wherever a caller
# says (mlflow/store/artifact/host_policy.py).
_HOST_ADDRESSED = frozenset({"ftp", "sftp", "hdfs", "viewfs", "http", "https", "r2", "b2", "abfss"})


def check_key(key: str, path: str, label: str) -> None:
    """A key of a metric, param or tag: at most 250 characters of those allowed, and a path that stays where it is."""
    if not _KEY.match(key):
        raise InvalidParameterValue(invalid_value(path, key, _ALLOWED_IN_KEYS))
    resolved = posixpath.normpath(key)
    if resolved != key or resolved == "." or resolved.startswith(("..", "/")):
        reason = (
            "Names may be treated as files in certain cases, and must not resolve to other names when treated as "
            f"such. This name would resolve to {resolved[: limits.SHOWN]!r}"
        )
        raise InvalidParameterValue(invalid_value(path, key, reason))
    limits.check_length(label, key, limits.KEY)


def experiment_id(text: str) -> str:
    """An experiment id in its canonical form: what Python's `int` reads is an id to MLflow, `007` for one."""
    try:
        number = int(text)
    except ValueError as error:
        raise _no_experiment_id(text) from error
    if not -(2**63) <= number < 2**63:
        raise _no_experiment_id(text)
    return str(number)


def _no_experiment_id(text: str) -> InvalidParameterValue:
    cut = text[: limits.SHOWN]
    return InvalidParameterValue(f"Invalid experiment ID '{cut}'. Experiment ID must be a valid integer.")


def run_id(text: str) -> str:
    """A run id as most calls take it. One that is too long for any run raises ResourceDoesNotExist, as in MLflow."""
    if len(text) > limits.RUN_ID:
        raise ResourceDoesNotExist(f"Run with id={text[: limits.SHOWN]} not found")
    return text


def run_id_by_form(text: str) -> str:
    """A run id as log-batch and log-inputs take it."""
    if not _RUN_ID.match(text):
        raise InvalidParameterValue(invalid_value("run_id", text))
    return text


def experiment_name(name: str) -> str:
    """A name that an experiment may be given."""
    limits.check_length("name", name, limits.EXPERIMENT_NAME)
    return name


def wanted_experiment_name(name: str) -> str:
    """A name that somebody looks for. One that is too long for any experiment raises ResourceDoesNotExist."""
    if len(name) > limits.EXPERIMENT_NAME:
        raise ResourceDoesNotExist(f"Could not find experiment with name '{name[: limits.SHOWN]}'")
    return name


def artifact_location(location: str) -> str:
    """Where an experiment may keep its artifacts (`_validate_storage_location_uri`); an empty one means the default."""
    try:
        uri = urlparse(location)
    except ValueError as error:
        raise InvalidParameterValue(invalid_value("artifact_location", location, str(error))) from error
    if uri.fragment or uri.params:
        raise InvalidParameterValue("'artifact_location' URL can't include fragments or params.")
    if ".." in _decoded(uri.query):
        raise InvalidParameterValue("Invalid query string")
    if uri.scheme in _HOST_ADDRESSED or (uri.scheme == "mlflow-artifacts" and uri.netloc):
        raise InvalidParameterValue(
            f"'artifact_location' cannot use the '{uri.scheme}' scheme: it addresses a host other than the server's "
            "configured artifact storage."
        )
    if location.startswith("runs:"):
        raise InvalidParameterValue(f"Artifact location cannot be a runs:/ URI. Given: '{location[: limits.SHOWN]}'")
    if len(location) > limits.ARTIFACT_LOCATION:
        raise InvalidParameterValue(
            "Invalid artifact path length. The length of the artifact path cannot be greater than "
            f"{limits.ARTIFACT_LOCATION} characters."
        )
    return location


def _decoded(query: str) -> str:
    # Encoded several times over, a query must not hide its dots; ten rounds are MLflow's bound as well.
    for _ in range(10):
        decoded = urlunparse(urlparse(unquote(query)))
        if decoded == query:
            break
        query = decoded
    return query


def metric_key(key: str) -> str:
    """The metric whose history is asked for; one longer than any metric could not be asked of DynamoDB either."""
    limits.check_length("metric_key", key, limits.KEY)
    return key


def model_id(text: str) -> str:
    """The id of a logged model, bounded because it becomes part of a key in DynamoDB. MLflow takes any."""
    limits.check_length("model_id", text, limits.MODEL_ID)
    return text
