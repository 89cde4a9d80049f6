"""MLflow's rules for an experiment's name, artifact location and tags, and for a search for experiments.

Rules and messages: mlflow/utils/validation.py. Functions raise InvalidParameterValue unless they say otherwise. Lengths
are in characters.
"""

from collections.abc import Sequence
from urllib.parse import unquote, urlparse, urlunparse

from chalicelib.edge import legible
from chalicelib.edge.checks import SEARCH_PAGE, SHOWN, check_length, positive_page, repeated
from chalicelib.edge.encoded import innermost
from chalicelib.edge.wire import invalid_value, shown
from chalicelib.errors import InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from chalicelib.tracking import locations
from chalicelib.tracking.key_rules import check_key

NAME = 500
TAG_VALUE = 20000
ARTIFACT_LOCATION = 2048
CUSTOM_VIEWS = 50

_CUSTOM_VIEW_TAG = "mlflow.customView.view"

# Stores that MLflow reaches through the host in the URI: a server that followed one would connect to any host that a
# caller names (mlflow/store/artifact/host_policy.py).
_HOST_ADDRESSED = frozenset({"ftp", "sftp", "hdfs", "viewfs", "http", "https", "r2", "b2", "abfss"})


_INSTEAD = (
    "Leave artifact_location out, and this server keeps the artifacts; or name a storage that every client reaches, "
    "such as s3://<another bucket>/<folder>."
)


def new_name(name: str) -> str:
    """Return a name that an experiment may get. Those that got theirs before the rule on legible names keep it."""
    check_length("name", name, NAME)
    if reason := legible.flaw(name):
        raise InvalidParameterValue(invalid_value("name", name, reason))
    return name


def wanted_name(name: str) -> str:
    """Return a name to look up. A name too long for any experiment raises ResourceDoesNotExist."""
    if len(name) > NAME:
        raise ResourceDoesNotExist(f"Could not find experiment with name '{name[:SHOWN]}'")
    return name


def artifact_location(location: str) -> str:
    """Return a permitted artifact location (`_validate_storage_location_uri`). An empty one means the default.

    Stricter than MLflow: a folder on the client's own disk is refused, and so is any other that `locations` refuses.
    """
    try:
        uri = urlparse(location)
    except ValueError as error:
        raise InvalidParameterValue(invalid_value("artifact_location", location, str(error))) from error
    if uri.fragment or uri.params:
        raise InvalidParameterValue("'artifact_location' URL can't include fragments or params.")
    if ".." in innermost(uri.query, _decoded_once):
        raise InvalidParameterValue("Invalid query string")
    if uri.scheme in _HOST_ADDRESSED or (uri.scheme == "mlflow-artifacts" and uri.netloc):
        raise InvalidParameterValue(
            f"'artifact_location' cannot use the '{uri.scheme}' scheme: it addresses a host other than the server's "
            "configured artifact storage."
        )
    if location.startswith("runs:"):
        raise InvalidParameterValue(f"Artifact location cannot be a runs:/ URI. Given: '{location[:SHOWN]}'")
    if len(location) > ARTIFACT_LOCATION:
        raise InvalidParameterValue(
            "Invalid artifact path length. The length of the artifact path cannot be greater than "
            f"{ARTIFACT_LOCATION} characters."
        )
    if location and (why := locations.locate(location).why):
        raise InvalidParameterValue(f"The artifact_location '{location[:SHOWN]}' cannot be used. {why} {_INSTEAD}")
    return location


def location_of(experiment_id: str, wanted: str | None) -> str:
    """Return where an experiment keeps its artifacts, given the permitted location that was wanted for it.

    Raises InvalidParameterValue for a place in our bucket other than the experiment's own.
    """
    location = wanted or locations.PROXIED
    found = locations.locate(location)
    if found.kind == locations.EXTERNAL:
        return location
    own = f"{locations.root_of(location)}{experiment_id}"
    if found.path not in ("", experiment_id):
        raise InvalidParameterValue(
            f"The artifact_location '{location[:SHOWN]}' is in this server's own storage, where an experiment has the "
            f"folder with its id: here '{own}'. {_INSTEAD}"
        )
    return own


def _decoded_once(query: str) -> str:
    return urlunparse(urlparse(unquote(query)))


def check_tag(key: str, value: str) -> None:
    """Check an experiment's tag. MLflow refuses a long value here, whereas it truncates the tags of runs."""
    check_key(key, "key", "key")
    check_length("value", value, TAG_VALUE)


def check_tags(experiment: str, tags: Sequence[tuple[str, str]]) -> None:
    """Check the tags of a new experiment. A key given twice raises ResourceAlreadyExists, as in MLflow's store."""
    if sum(key.startswith(_CUSTOM_VIEW_TAG) for key, _ in tags) > CUSTOM_VIEWS:
        raise InvalidParameterValue(
            "Unable to create another custom view; the maximum number of custom views per experiment is "
            f"{CUSTOM_VIEWS}. Delete an existing custom view before creating a new one."
        )
    for key, value in tags:
        check_tag(key, value)
    if again := repeated(key for key, _ in tags):
        raise ResourceAlreadyExists(
            f"Experiment(name={experiment}) cannot have two tags with the key {shown(again[0])}."
        )


def search_page(count: int) -> int:
    """Return the `max_results` of a search for experiments. MLflow reads a missing one as 0 and so refuses it."""
    if count > SEARCH_PAGE:
        raise InvalidParameterValue(f"{invalid_value('max_results', count)} It must be at most {SEARCH_PAGE}")
    return positive_page(count)
