"""What a token is limited to: which texts are scopes, what they allow, and when some lie within others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.access import levels, scopes
from chalicelib.errors import InvalidParameterValue

NAMES = ("*", "1", "2", "a:b")
SCOPE = st.one_of(
    st.just(scopes.ALL),
    st.builds(
        ":".join, st.tuples(st.sampled_from(levels.KINDS), st.sampled_from(["READ", "EDIT"]), st.sampled_from(NAMES))
    ),
)
THINGS = [(kind, name) for kind in levels.KINDS for name in ("1", "2", "3", "a:b")]


@pytest.mark.parametrize(
    "scope", ["all", "experiment:READ:*", "experiment:MANAGE:12", "registered_model:USE:a:b", "registered_model:EDIT: "]
)
def test_what_is_a_scope_is_taken_once(scope):
    assert scopes.checked([scope, scope]) == [scope]


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "ALL",
        "experiment",
        "experiment:READ",
        "experiment:READ:",
        "experiment:read:1",
        "experiment:DENY:1",
        "run:READ:1",
        "experiment:NO_PERMISSIONS:*",
        ":READ:1",
        "*:READ:*",
        "all:all",
    ],
)
def test_what_is_no_scope_is_refused(scope):
    with pytest.raises(InvalidParameterValue, match="Invalid scope"):
        scopes.checked(["all", scope])


def test_scopes_are_not_too_many():
    several = [f"experiment:READ:{number}" for number in range(scopes.MOST)]

    assert scopes.checked(several) == several
    with pytest.raises(InvalidParameterValue):
        scopes.checked([*several, "all"])


@pytest.mark.parametrize(
    ("held", "kind", "name", "expected"),
    [
        (["all"], "experiment", "1", "MANAGE"),
        ([], "experiment", "1", "NO_PERMISSIONS"),
        (["experiment:READ:1"], "experiment", "1", "READ"),
        (["experiment:READ:1"], "experiment", "11", "NO_PERMISSIONS"),
        (["experiment:READ:1"], "registered_model", "1", "NO_PERMISSIONS"),
        (["experiment:READ:*", "experiment:EDIT:1"], "experiment", "1", "EDIT"),
        (["experiment:READ:*", "experiment:EDIT:1"], "experiment", "2", "READ"),
        (["registered_model:USE:a:b"], "registered_model", "a:b", "USE"),
        (["registered_model:USE:a:b"], "registered_model", "a", "NO_PERMISSIONS"),
    ],
)
def test_scopes_leave_the_highest_that_one_of_them_allows(held, kind, name, expected):
    assert scopes.limit(held, kind, name) == expected


@given(st.lists(SCOPE, max_size=4), st.lists(SCOPE, max_size=4))
def test_what_lies_within_others_allows_nothing_that_they_do_not(narrower, wider):
    if scopes.within(narrower, wider):
        assert not scopes.is_unlimited(narrower) or scopes.is_unlimited(wider)
        for kind, name in THINGS:
            assert levels.allows(scopes.limit(wider, kind, name), scopes.limit(narrower, kind, name))


@given(st.lists(SCOPE, max_size=4), st.lists(SCOPE, max_size=4))
def test_a_part_of_scopes_lies_within_them(some, more):
    assert scopes.within(some, [*some, *more])
