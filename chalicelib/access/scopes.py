"""What a token is limited to, within its owner's permissions.

    scope   "all"  |  kind ":" level ":" ("*" | name)
    kind    "experiment", named by its id  |  "registered_model", named by its name

A token has the permissions that its owner has at that moment, narrowed by its scopes. Administering takes "all".
"""

from collections.abc import Iterable, Sequence

from chalicelib.access import levels
from chalicelib.errors import InvalidParameterValue

ALL = "all"
ANY = "*"
MOST = 50

_LEVELS = (levels.READ, levels.USE, levels.EDIT, levels.MANAGE)
_SHOWN = 100
# A registered model's name may have 256.
_MOST_CHARACTERS = 300


def checked(scopes: Iterable[str]) -> list[str]:
    """The scopes without duplicates. Raises InvalidParameterValue for an invalid one, and for more than 50."""
    several = list(dict.fromkeys(scopes))
    if len(several) > MOST:
        raise InvalidParameterValue(f"A token has at most {MOST} scopes.")
    for scope in several:
        if scope != ALL and not (len(scope) <= _MOST_CHARACTERS and _is_scope(scope)):
            raise InvalidParameterValue(
                f"Invalid scope {scope[:_SHOWN]!r}: it is 'all', 'experiment:<LEVEL>:<id or *>' or "
                f"'registered_model:<LEVEL>:<name or *>' with one of the levels {', '.join(_LEVELS)}."
            )
    return several


def limit(scopes: Iterable[str], kind: str, name: str) -> str:
    """The highest permission that the scopes allow on a thing."""
    return levels.highest(_level_on(scope, kind, name) for scope in scopes)


def names(scopes: Sequence[str], kind: str) -> list[str] | None:
    """The names of the things of a kind that the scopes reach; None if they reach all of them."""
    found = [scope.split(":", 2)[::2] for scope in scopes if scope != ALL]
    reached = [name for of_kind, name in found if of_kind == kind]
    return None if ANY in reached or is_unlimited(scopes) else reached


def is_unlimited(scopes: Iterable[str]) -> bool:
    return ALL in scopes


def within(narrower: Iterable[str], wider: Iterable[str]) -> bool:
    """Whether the wider scopes allow everything that the narrower ones do."""
    outer = list(wider)
    return is_unlimited(outer) or all(scope != ALL and _is_within(scope, outer) for scope in narrower)


def _is_within(scope: str, outer: Iterable[str]) -> bool:
    kind, level, name = scope.split(":", 2)
    return levels.allows(limit(outer, kind, name), level)


def _is_scope(text: str) -> bool:
    kind, _, rest = text.partition(":")
    level, _, name = rest.partition(":")
    return kind in levels.KINDS and level in _LEVELS and bool(name)


def _level_on(scope: str, kind: str, name: str) -> str:
    if scope == ALL:
        return levels.MANAGE
    of_kind, level, of_name = scope.split(":", 2)
    return level if of_kind == kind and of_name in (ANY, name) else levels.NO_PERMISSIONS
