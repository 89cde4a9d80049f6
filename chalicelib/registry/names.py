"""The names, tags, aliases and version numbers that a request may contain.

Rules and messages: mlflow/utils/validation.py.

Stricter than MLflow where two names could be confused: no model's name may be percent-encoded, outside Unicode's normal
form C, or contain control, bidirectional or invisible characters. New names have to be legible too (`edge/legible.py`);
a model that got its name before that rule is still found, renamed and deleted by it. Every function raises
InvalidParameterValue.
"""

import posixpath
import re
import unicodedata

from chalicelib.access import scopes
from chalicelib.edge import legible
from chalicelib.edge.checks import SHOWN, check_length
from chalicelib.edge.wire import invalid_value, missing_value
from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking.key_rules import check_key

# The lengths of MLflow's columns; its SQLite does not enforce the first and the last two.
MODEL_NAME = 256
TAG_VALUE = 100_000
ALIAS = 255
DESCRIPTION = 100_000
RUN_LINK = 2048

_FORBIDDEN = ("/", ":")
_ENCODED = re.compile("%[0-9a-fA-F]{2}")
_CONTROL = {"Cc", "Zl", "Zp"}
# Direction marks and characters without width. Joiners are allowed: some scripts and emoji need them.
_UNSEEN = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")

_ALIAS = re.compile(r"[\w\-]+")
_VERSION_ALIAS = re.compile(r"[vV]\d+")
# Not a stored alias: it means the highest version, in any stage.
LATEST = "latest"


def model_name(name: str) -> str:
    """The name of a registered model."""
    return _model_name(name, "name")


def created_name(name: str) -> str:
    """The name of a registered model that is to be created."""
    return _new_name(name, "name")


def renamed_name(name: str) -> str:
    """The name that a registered model is to get."""
    return _new_name(name, "new_name")


def tag_key(key: str) -> str:
    """The key of a tag, under the same rules as all tag keys."""
    check_key(key, "key", "key")
    return key


def tag_value(value: str) -> str:
    """The value of a tag: refused when it is too long, not cut."""
    check_length("value", value, TAG_VALUE)
    return value


def description(text: str) -> str:
    """A description, in Markdown."""
    check_length("description", text, DESCRIPTION)
    return text


def run_link(text: str) -> str:
    """A URL of the run that a version was made from, on another server."""
    check_length("run_link", text, RUN_LINK)
    return text


def alias(text: str) -> str:
    """An alias to look up or delete."""
    if not _ALIAS.fullmatch(text):
        raise InvalidParameterValue(
            f"Invalid alias name: '{text[:SHOWN]}'. "
            "Names may only contain alphanumerics, underscores (_), and dashes (-)."
        )
    check_length("Registered model alias name", text, ALIAS)
    return text


def new_alias(text: str) -> str:
    """A new alias of a version: `latest` and names that look like a version are reserved."""
    alias(text)
    if text.lower() == LATEST:
        raise InvalidParameterValue("'latest' alias name (case insensitive) is reserved.")
    if _VERSION_ALIAS.fullmatch(text):
        raise InvalidParameterValue(f"Version alias name '{text}' is reserved.")
    return text


def version(text: object) -> int:
    """The number of a version, which the protocol sends as text. Any integer passes, even if no version can have it."""
    if not isinstance(text, str):
        # MLflow refuses an int too. wire.py makes the message.
        raise ValueError("not a text")
    if not text:
        raise InvalidParameterValue(missing_value("version"))
    try:
        return int(text)
    except ValueError as error:
        cut = text[:SHOWN]
        raise InvalidParameterValue(f"Parameter 'version' must be an integer, got '{cut}'.") from error


def _new_name(name: str, path: str) -> str:
    _model_name(name, path)
    reason = "it means all models wherever permissions are granted" if name == scopes.ANY else legible.flaw(name)
    if reason:
        raise InvalidParameterValue(invalid_value(path, name, reason))
    return name


def _model_name(name: str, path: str) -> str:
    if not name.strip():
        raise InvalidParameterValue(missing_value(path))
    if any(character in name for character in _FORBIDDEN):
        cut = name[:SHOWN]
        raise InvalidParameterValue(f"Invalid model name '{cut}'. Names cannot contain '/' or ':'.")
    if name == "." or name.startswith(".."):
        resolved = posixpath.normpath(name)
        raise InvalidParameterValue(invalid_value(path, name, f"This name would resolve to {resolved!r} as a path"))
    check_length(path, name, MODEL_NAME)
    if reason := _confusing(name):
        raise InvalidParameterValue(invalid_value(path, name, reason))
    return name


def _confusing(name: str) -> str | None:
    if _ENCODED.search(name):
        return "it looks percent-encoded, and could be confused with the name that it encodes"
    if any(unicodedata.category(character) in _CONTROL or character in _UNSEEN for character in name):
        return "it contains a control character or an invisible one"
    if not unicodedata.is_normalized("NFC", name):
        return "it is not in Unicode's normal form C, so another name looks the same"
    return None
