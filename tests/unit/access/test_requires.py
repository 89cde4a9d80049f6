"""What a view declares, and what is said to who does not hold it."""

import pytest

from chalicelib.access import requires
from chalicelib.access.identity import Identity, Thing, acting_as
from chalicelib.access.requires import Held, Resource
from chalicelib.errors import PermissionDenied, ResourceDoesNotExist

GRANTS = {"reader": "READ", "editor": "EDIT", "manager": "MANAGE", "denied": "DENY"}
ASKED: list[bool] = []


def held_by(request, fresh):
    ASKED.append(fresh)
    return [Held(Thing("experiment", name, GRANTS), ResourceDoesNotExist(f"no {name}")) for name in request]


RESOURCE = Resource("experiment", held_by)


@requires.requires("EDIT", RESOURCE)
def edit(request):
    """A view."""


def check(view, request, who):
    with acting_as(who):
        for rule in requires.rules_of(view):
            rule.check(request)


def test_a_view_that_declares_nothing_is_refused():
    with pytest.raises(TypeError, match="undeclared"):
        requires.rules_of(undeclared)


def undeclared():
    """A view."""


@pytest.mark.parametrize("name", ["editor", "manager"])
def test_who_holds_enough_passes(name):
    check(edit, ["1"], Identity(name))


@pytest.mark.parametrize(
    ("name", "error"),
    [("reader", PermissionDenied), ("denied", ResourceDoesNotExist), ("stranger", ResourceDoesNotExist)],
)
def test_who_may_read_learns_what_it_takes_and_others_that_there_is_nothing(name, error):
    with pytest.raises(error):
        check(edit, ["1"], Identity(name))


def test_everything_that_a_request_names_is_looked_at():
    limited = Identity("manager", scopes=["experiment:EDIT:1"])

    check(edit, ["1"], limited)
    with pytest.raises(ResourceDoesNotExist, match="no 2"):
        check(edit, ["1", "2"], limited)


def test_of_an_administrator_nothing_is_looked_up():
    ASKED.clear()

    check(edit, ["1"], Identity("anybody", is_admin=True))

    assert ASKED == []


def test_several_declarations_all_have_to_hold():
    @requires.admin_only
    @requires.requires("READ", RESOURCE)
    def view(request):
        """A view."""

    with pytest.raises(PermissionDenied):
        check(view, ["1"], Identity("manager"))
    check(view, ["1"], Identity("manager", is_admin=True))


@pytest.mark.parametrize(
    ("declared", "fresh"),
    [
        (requires.requires("READ", RESOURCE), False),
        (requires.requires("READ", RESOURCE, remembered=False), True),
        (requires.requires("EDIT", RESOURCE), True),
        (requires.requires("EDIT", RESOURCE, remembered=True), False),
    ],
)
def test_what_changes_something_is_decided_on_what_is_stored_now(declared, fresh):
    @declared
    def view(request):
        """A view."""

    ASKED.clear()
    check(view, ["1"], Identity("manager"))

    assert [fresh] == ASKED
    assert [rule.fresh for rule in requires.rules_of(view)] == [fresh]


@pytest.mark.parametrize("scopes", [["experiment:MANAGE:*", "registered_model:MANAGE:*"], ["all"]])
def test_an_administrator_needs_an_unlimited_token(scopes):
    @requires.admin_only
    def view(request):
        """A view."""

    who = Identity("root", is_admin=True, scopes=scopes)
    if scopes == ["all"]:
        check(view, None, who)
        return
    with pytest.raises(PermissionDenied):
        check(view, None, who)
