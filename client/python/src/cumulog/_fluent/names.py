"""Names of experiments, metrics, params and tags: what the server would refuse is refused where it is chosen."""

import posixpath
import re
from typing import Any

_LONGEST = 500
_LONGEST_KEY = 250
# As the server and MLflow have it.
_KEY = re.compile(r"^[/\w.\- :]*$")


def flaw(name: str) -> str:
    """Why no experiment can get this name; empty if one can. The server refuses some more, of which it says so."""
    if not name.strip() or name != name.strip():
        return "it is empty, or begins or ends with a blank"
    if len(name) > _LONGEST:
        return f"it has more than {_LONGEST} characters"
    if any(character.isascii() and not character.isprintable() for character in name):
        return "it contains a control character"
    if any("\ud800" <= character <= "\udfff" for character in name):
        return "it contains half a character, as of a file name in another encoding"
    return ""


def key_flaw(key: Any) -> str:
    """Why no metric, param or tag can have this name; empty if one can."""
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY:
        return f"a name is a text of 1 to {_LONGEST_KEY} characters."
    if not _KEY.match(key):
        return "a name may have letters, digits, blanks and the characters _ - . : /."
    resolved = posixpath.normpath(key)
    if resolved != key or resolved == "." or resolved.startswith(("..", "/")):
        return f"a name must not be another one when it is read as a path, as here {resolved[:100]!r}."
    return ""
