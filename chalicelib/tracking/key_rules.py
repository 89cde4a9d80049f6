"""Which keys a metric, param or tag may have. Rules and messages: mlflow/utils/validation.py."""

import posixpath
import re

from chalicelib.edge.checks import SHOWN, check_length
from chalicelib.edge.wire import invalid_value
from chalicelib.errors import InvalidParameterValue

# Characters.
MOST_CHARACTERS = 250

# `$` instead of `\Z`: MLflow accepts a line feed at the very end.
_KEY = re.compile(r"^[/\w.\- :]*$")

_ALLOWED = (
    "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and "
    "slashes (/)."
)


def check_key(key: str, path: str, label: str) -> None:
    """Check that a key has at most 250 allowed characters and does not change when it is read as a path.

    `path` is the parameter that the message names, such as `metrics[3].name`. Raises InvalidParameterValue.
    """
    if not _KEY.match(key):
        raise InvalidParameterValue(invalid_value(path, key, _ALLOWED))
    resolved = posixpath.normpath(key)
    if resolved != key or resolved == "." or resolved.startswith(("..", "/")):
        reason = (
            "Names may be treated as files in certain cases, and must not resolve to other names when treated as "
            f"such. This name would resolve to {resolved[:SHOWN]!r}"
        )
        raise InvalidParameterValue(invalid_value(path, key, reason))
    check_length(label, key, MOST_CHARACTERS)
