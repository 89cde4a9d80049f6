"""Permissions are ordered, and a denial overrules: as mlflow/server/auth/permissions.py has them."""

import itertools

import pytest

from chalicelib.access import levels
from chalicelib.access.levels import DENY, EDIT, MANAGE, NO_PERMISSIONS, READ, USE

# What somebody has to hold for each of MLflow's capabilities, and what its permissions (auth/permissions.py) have.
TAKES = {"read": READ, "use": USE, "update": EDIT, "delete": MANAGE, "manage": MANAGE}
MLFLOW = {
    READ: {"read"},
    USE: {"read", "use"},
    EDIT: {"read", "use", "update"},
    MANAGE: {"read", "use", "update", "delete", "manage"},
    DENY: set(),
    NO_PERMISSIONS: set(),
}


@pytest.mark.parametrize(("held", "capability"), [*itertools.product(MLFLOW, TAKES)])
def test_a_permission_allows_what_it_allows_in_mlflow(held, capability):
    assert levels.allows(held, TAKES[capability]) is (capability in MLFLOW[held])


def test_whatever_is_a_permission_may_be_granted_but_none():
    assert set(levels.GRANTABLE) == set(MLFLOW) - {NO_PERMISSIONS}


@pytest.mark.parametrize(
    ("grants", "default", "expected"),
    [
        ([], NO_PERMISSIONS, NO_PERMISSIONS),
        ([None, None], READ, READ),
        ([READ, None], NO_PERMISSIONS, READ),
        ([READ, EDIT], NO_PERMISSIONS, EDIT),
        ([READ], EDIT, EDIT),
        ([DENY], MANAGE, NO_PERMISSIONS),
        ([MANAGE, DENY], MANAGE, NO_PERMISSIONS),
        ([DENY, None], NO_PERMISSIONS, NO_PERMISSIONS),
    ],
)
def test_grants_add_up_unless_one_denies(grants, default, expected):
    assert levels.effective(grants, default) == expected


def test_the_highest_of_none_is_nothing():
    assert levels.highest([]) == NO_PERMISSIONS


@pytest.mark.parametrize(
    ("held", "level", "after"),
    [
        ({}, "READ", {"ada": "READ"}),
        ({"ada": "READ", "bea": "EDIT"}, "MANAGE", {"ada": "MANAGE", "bea": "EDIT"}),
        ({"ada": "READ", "bea": "EDIT"}, None, {"bea": "EDIT"}),
        ({"bea": "EDIT"}, None, {"bea": "EDIT"}),
    ],
)
def test_a_permission_is_set_or_taken_and_the_others_stay(held, level, after):
    before = dict(held)

    assert levels.with_level(held, "ada", level) == after
    assert held == before
