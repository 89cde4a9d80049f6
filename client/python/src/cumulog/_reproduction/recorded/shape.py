"""Whether a record has the shape that cumulog writes. Whoever may write to a run may write anything into its record."""

from collections.abc import Mapping
from typing import Any

_TEXTS = {
    "git": ("commit", "remote", "root"),
    "sources": ("folder",),
    "entry_point": ("script", "module", "working_directory"),
    "python": ("version", "executable"),
    "lock": ("path", "why_none"),
}
_LISTS = {"entry_point": ("arguments", "command"), "python": ("flags",)}


def is_sound(document: Mapping[str, Any]) -> bool:
    """Do the fields of run.json that a rebuilding reads have their types?"""
    if not all(isinstance(document.get(part) or {}, dict) for part in (*_TEXTS, "environment", "files")):
        return False
    texts = [(document.get(part) or {}).get(name) for part, names in _TEXTS.items() for name in names]
    lists = [(document.get(part) or {}).get(name) for part, names in _LISTS.items() for name in names]
    variables = (document.get("environment") or {}).values()
    files = (document.get("files") or {}).values()
    return (
        all(each is None or _is_text(each) for each in texts)
        and all(each is None or (isinstance(each, list) and all(map(_is_text, each))) for each in lists)
        and all(map(_is_text, variables))
        and all(isinstance(each, dict) for each in files)
        and all(_is_left_out((document.get(part) or {}).get("left_out", [])) for part in ("git", "sources"))
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value


def _is_left_out(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and _is_text(each.get("path")) and _is_text(each.get("why")) for each in value
    )
