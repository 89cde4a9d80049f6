"""What anybody may on a thing: grants, and within the scopes of the token that asks."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest

from chalicelib import config
from chalicelib.access import identity
from chalicelib.access.identity import Identity, Thing, acting_as

WINE = Thing("registered_model", "wine", {"ada": "EDIT", "dan": "DENY"})


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (Identity("ada"), "EDIT"),
        (Identity("bea"), "NO_PERMISSIONS"),
        (Identity("bea", everywhere={"registered_model": "READ", "experiment": "MANAGE"}), "READ"),
        (Identity("ada", everywhere={"registered_model": "DENY"}), "NO_PERMISSIONS"),
        (Identity("dan", everywhere={"registered_model": "MANAGE"}), "NO_PERMISSIONS"),
        (Identity("dan", is_admin=True), "MANAGE"),
        (Identity("ada", scopes=["registered_model:READ:*"]), "READ"),
        (Identity("ada", scopes=["registered_model:MANAGE:wine"]), "EDIT"),
        (Identity("ada", scopes=["registered_model:MANAGE:beer"]), "NO_PERMISSIONS"),
        (Identity("dan", is_admin=True, scopes=["registered_model:USE:wine"]), "USE"),
    ],
)
def test_a_level_is_what_was_granted_within_the_scopes(who, expected):
    assert identity.level_of(who, WINE) == expected


def test_the_default_is_for_all_who_are_not_denied(monkeypatch):
    monkeypatch.setenv("CUMULOG_DEFAULT_PERMISSION", "READ")
    config.settings.cache_clear()

    found = [identity.level_of(Identity(name), WINE) for name in ("ada", "bea", "dan", "")]

    monkeypatch.undo()
    config.settings.cache_clear()
    assert found == ["EDIT", "READ", "NO_PERMISSIONS", "NO_PERMISSIONS"]


def test_where_nobody_said_who_asks_nobody_may_anything():
    with ThreadPoolExecutor(1) as forgetful, acting_as(Identity("root", is_admin=True)):
        found = forgetful.submit(identity.level_on, WINE).result()

    assert found == "NO_PERMISSIONS"
    assert not identity.may("READ", WINE)


def test_inside_the_block_it_is_somebody_who_asks():
    with acting_as(Identity("ada")):
        assert identity.current().name == "ada"
        assert identity.creator_grants() == {"ada": "MANAGE"}
    assert identity.current().name == ""
    assert identity.creator_grants() == {}


def test_an_error_ends_the_acting_too():
    with pytest.raises(LookupError), acting_as(Identity("ada")):
        raise LookupError

    assert identity.current().name == ""


def test_threads_that_copy_the_context_ask_for_the_same():
    with ThreadPoolExecutor(1) as pool, acting_as(Identity("ada")):
        found = pool.submit(copy_context().run, identity.current).result()

    assert found.name == "ada"


def test_what_happens_in_a_name_alone_is_allowed_nothing():
    with identity.in_name_of("cumulog:transition"):
        assert identity.current().name == "cumulog:transition"
        assert not identity.may("READ", Thing("experiment", "1", {"cumulog:transition": "MANAGE"}))


@pytest.mark.parametrize(
    ("who", "expected"),
    [(Identity("a", True), True), (Identity("a", True, {}, ["experiment:MANAGE:*"]), False), (Identity("a"), False)],
)
def test_whoever_administers_is_an_administrator_with_an_unlimited_token(who, expected):
    assert who.may_all is expected
