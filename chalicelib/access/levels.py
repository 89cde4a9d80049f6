"""Permissions as MLflow has them: each includes those before it.

    NO_PERMISSIONS < READ < USE < EDIT < MANAGE        DENY overrules every other grant

Rules: mlflow/server/auth/permissions.py. Only MANAGE may delete, and grant to others.
"""

from collections.abc import Iterable, Mapping

NO_PERMISSIONS = "NO_PERMISSIONS"
READ = "READ"
USE = "USE"
EDIT = "EDIT"
MANAGE = "MANAGE"
DENY = "DENY"

_ORDER = (DENY, NO_PERMISSIONS, READ, USE, EDIT, MANAGE)
GRANTABLE = (READ, USE, EDIT, MANAGE, DENY)

EXPERIMENT = "experiment"
REGISTERED_MODEL = "registered_model"
KINDS = (EXPERIMENT, REGISTERED_MODEL)


def allows(held: str, wanted: str) -> bool:
    """Whether who holds one permission may do what takes the other."""
    return _ORDER.index(held) >= _ORDER.index(wanted)


def effective(grants: Iterable[str | None], default: str) -> str:
    """What somebody's grants on one thing come to; `default` is what everybody has who is not denied it."""
    given = [grant for grant in grants if grant]
    if DENY in given:
        return NO_PERMISSIONS
    return highest([*given, default])


def highest(levels: Iterable[str]) -> str:
    return max(levels, key=_ORDER.index, default=NO_PERMISSIONS)


def lowest(levels: Iterable[str]) -> str:
    return min(levels, key=_ORDER.index)


def with_level(held: Mapping[str, str], key: str, level: str | None) -> dict[str, str]:
    """A map of permissions in which `key` has this level, or none."""
    others = {other: permission for other, permission in held.items() if other != key}
    return {**others, key: level} if level else others
