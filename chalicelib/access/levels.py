"""Permissions as MLflow has them: each includes those before it.

    NO_PERMISSIONS < READ < USE < EDIT < MANAGE        DENY overrules every other grant

Rules: mlflow/server/auth/permissions.py. Deleting, and granting to others, takes MANAGE.
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
    """Whether the permission held includes the one wanted."""
    return _ORDER.index(held) >= _ORDER.index(wanted)


def effective(grants: Iterable[str | None], default: str) -> str:
    """The permission that a user's grants on one thing add up to; everyone has `default` unless a grant denies it."""
    given = [grant for grant in grants if grant]
    if DENY in given:
        return NO_PERMISSIONS
    return highest([*given, default])


def highest(levels: Iterable[str]) -> str:
    return max(levels, key=_ORDER.index, default=NO_PERMISSIONS)


def lowest(levels: Iterable[str]) -> str:
    return min(levels, key=_ORDER.index)


def with_level(held: Mapping[str, str], key: str, level: str | None) -> dict[str, str]:
    """A copy of a map of permissions in which `key` has this level, or is missing if that is None."""
    others = {other: permission for other, permission in held.items() if other != key}
    return {**others, key: level} if level else others
