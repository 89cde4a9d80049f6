"""What a saved view may hold. Functions raise InvalidParameterValue; lengths are in characters."""

import re

from chalicelib.edge import legible, strict_json
from chalicelib.edge.checks import SHOWN, check_length
from chalicelib.edge.wire import invalid_value
from chalicelib.errors import InvalidParameterValue

# Of one experiment.
VIEWS = 200
NAME = 200
# In UTF-8. Each save writes all of it, twice over as it is in a transaction.
STATE_BYTES = 65_536
FORMATS = 10_000

_VIEW_ID = re.compile("[0-9a-f]{32}")


def name(text: str) -> str:
    """The name of a view, which other views may have too."""
    check_length("name", text, NAME)
    if reason := legible.flaw(text):
        raise InvalidParameterValue(invalid_value("name", text, reason))
    return text


def state(text: str) -> str:
    """What a view shows: a JSON object, which only the page understands."""
    raw = text.encode()
    if len(raw) > STATE_BYTES:
        raise InvalidParameterValue(f"'state' exceeds the maximum length of {STATE_BYTES} bytes; it has {len(raw)}.")
    if not isinstance(strict_json.parse(raw), dict):
        raise InvalidParameterValue("'state' must be the text of a JSON object.")
    return text


def view_id(text: str) -> str:
    """The id of a view."""
    if not _VIEW_ID.fullmatch(text):
        raise InvalidParameterValue(f"Invalid view_id '{text[:SHOWN]}'. A view's id has 32 hexadecimal digits.")
    return text


def check_version(of_view: str | None, version: int | None) -> None:
    """A view is saved anew on top of the version that was read; a new view has none yet."""
    if (of_view is None) != (version is None):
        raise InvalidParameterValue(
            "Send view_id and version together, to save a view anew on top of this version; or neither, for a new view."
        )
