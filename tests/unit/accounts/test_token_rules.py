"""What a new token may be, and who may end one."""

import pytest

from chalicelib.access.identity import Identity
from chalicelib.accounts import token_rules
from chalicelib.accounts.token_rules import MOST_PARENTS, USUAL_SECONDS, Known, Terms, Wish
from chalicelib.errors import PermissionDenied

NOW = 1_800_000_000_000
HOUR = 3_600_000
LIMITED = ("experiment:EDIT:*",)
PARENT = Known("p", "ada", Terms(LIMITED, NOW + HOUR, ("root",)))


def test_an_unlimited_token_makes_one_that_stands_for_itself():
    assert token_rules.terms(Wish(), NOW, None) == Terms(["all"], NOW + 1000 * USUAL_SECONDS, ())
    assert token_rules.terms(Wish(LIMITED, 60), NOW, None) == Terms(LIMITED, NOW + 60_000, ())


def test_a_limited_token_makes_one_that_is_derived_from_it_and_from_its_origins():
    assert token_rules.terms(Wish(), NOW, PARENT) == Terms(LIMITED, NOW + HOUR, ("root", "p"))
    assert token_rules.terms(Wish(("experiment:READ:1",), 60), NOW, PARENT) == Terms(
        ("experiment:READ:1",), NOW + 60_000, ("root", "p")
    )


@pytest.mark.parametrize(
    "wish",
    [Wish(("all",)), Wish(("experiment:MANAGE:1",)), Wish((*LIMITED, "registered_model:READ:*")), Wish(None, 3601)],
)
def test_a_limited_token_makes_nothing_wider_or_longer(wish):
    with pytest.raises(PermissionDenied):
        token_rules.terms(wish, NOW, PARENT)


def test_a_limited_token_that_lasts_longer_than_usual_makes_a_usual_one():
    parent = PARENT._replace(terms=PARENT.terms._replace(expires=NOW + 2000 * USUAL_SECONDS))

    assert token_rules.terms(Wish(), NOW, parent).expires == NOW + 1000 * USUAL_SECONDS


def test_derivation_has_an_end():
    parent = PARENT._replace(terms=PARENT.terms._replace(parents=tuple(map(str, range(MOST_PARENTS)))))

    with pytest.raises(PermissionDenied):
        token_rules.terms(Wish(), NOW, parent)


@pytest.mark.parametrize(
    ("parents", "is_unlimited", "expires"),
    [((), True, NOW + HOUR), ((), False, NOW + 60_000), (("p",), True, NOW + 60_000), (("p",), False, NOW + 60_000)],
)
def test_only_who_is_unlimited_prolongs_what_is_not_derived(parents, is_unlimited, expires):
    old = Terms(LIMITED, NOW + 60_000, parents)

    assert token_rules.renewed(old, HOUR, NOW, is_unlimited) == Terms(LIMITED, expires, parents)


ADMIN = Identity("admin", is_admin=True, token_id="t")
ADA = Identity("ada", token_id="t")
# Who asks, the token that is to be ended by its owner, id and parents, and whether they may.
ENDINGS = {
    "an administrator": (ADMIN, Known("x", "ada", Terms([], 0)), True),
    "a limited administrator": (Identity("admin", True, {}, LIMITED, "t"), Known("x", "ada", Terms([], 0)), False),
    "the owner": (ADA, Known("x", "ada", Terms([], 0)), True),
    "another": (ADA, Known("x", "bea", Terms([], 0)), False),
    "another, by a token of theirs": (ADA, Known("x", "bea", Terms([], 0, ("t",))), False),
    "a limited token, itself": (Identity("ada", False, {}, LIMITED, "t"), Known("t", "ada", Terms([], 0)), True),
    "a limited token, its own": (
        Identity("ada", False, {}, LIMITED, "t"),
        Known("x", "ada", Terms([], 0, ("t",))),
        True,
    ),
    "a limited token, another": (Identity("ada", False, {}, LIMITED, "t"), Known("x", "ada", Terms([], 0)), False),
    "nobody's token": (Identity("ada", False, {}, LIMITED, ""), Known("x", "ada", Terms([], 0)), False),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_a_token_is_ended_by_its_owner_by_its_origins_and_by_administrators(case):
    who, token, expected = ENDINGS[case]

    assert token_rules.may_end(who, token) is expected
