"""What somebody may on a thing, against a plain model of the rules written here once more, in other words."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import config
from chalicelib.access import identity, levels, requires, scopes
from chalicelib.access.identity import Identity, Thing
from chalicelib.access.requires import Held, Resource, Rule
from chalicelib.errors import CumulogError, PermissionDenied, ResourceDoesNotExist

NUMBER = {"NO_PERMISSIONS": 0, "READ": 1, "USE": 2, "EDIT": 3, "MANAGE": 4}
NAMES = ("1", "2", "wine")

LEVELS = st.sampled_from(["READ", "USE", "EDIT", "MANAGE"])
GRANTS = st.none() | LEVELS | st.sampled_from(["DENY", "NO_PERMISSIONS"])
KINDS = st.sampled_from(levels.KINDS)
SCOPES = st.just("all") | st.builds("{}:{}:{}".format, KINDS, LEVELS, st.sampled_from(["*", *NAMES]))
THINGS = st.builds(
    lambda kind, name, mine, others: Thing(
        kind, name, {who: level for who, level in (("ada", mine), ("bea", others)) if level}
    ),
    KINDS,
    st.sampled_from(NAMES),
    GRANTS,
    GRANTS,
)
SOMEBODY = st.builds(
    Identity,
    st.just("ada"),
    st.booleans(),
    st.dictionaries(KINDS, st.sampled_from(["READ", "USE", "EDIT", "MANAGE", "DENY"])),
    st.lists(SCOPES, max_size=4),
)


def of_owner(who: Identity, thing: Thing, default: str) -> int:
    """The number of the permission that the owner of a token has."""
    if who.is_admin:
        return 4
    given = [each for each in (thing.grants.get("ada"), who.everywhere.get(thing.kind)) if each]
    return 0 if "DENY" in given else max(NUMBER[each] for each in [*given, default])


def of_scopes(several: Sequence[str], thing: Thing) -> int:
    """The number of the permission that a token lets through."""
    passed = [0]
    for scope in several:
        if scope == "all":
            passed.append(4)
            continue
        kind, level, name = scope.split(":")
        if kind == thing.kind and (name == "*" or name == thing.name):
            passed.append(NUMBER[level])
    return max(passed)


@pytest.fixture(params=["NO_PERMISSIONS", "READ", "EDIT"])
def default(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What everybody may who was granted nothing."""
    monkeypatch.setenv("CUMULOG_DEFAULT_PERMISSION", request.param)
    config.settings.cache_clear()
    yield request.param
    monkeypatch.undo()
    config.settings.cache_clear()


@pytest.mark.parametrize("level", ["READ", "USE", "EDIT", "MANAGE"])
def test_a_right_is_what_both_the_owner_has_and_the_token_lets_through(default: str, level: str) -> None:
    @given(SOMEBODY, THINGS)
    def check(who: Identity, thing: Thing) -> None:
        wanted = min(of_owner(who, thing, default), of_scopes(who.scopes, thing))

        with identity.acting_as(who):
            assert NUMBER[identity.level_on(thing)] == wanted
            assert identity.may(level, thing) == (wanted >= NUMBER[level])
            assert answer(level, thing) == (
                None if wanted >= NUMBER[level] else PermissionDenied if wanted else ResourceDoesNotExist
            )

    check()


@given(SOMEBODY)
def test_only_an_administrator_with_an_unlimited_token_administers(who: Identity) -> None:
    with identity.acting_as(who):
        denied = raised(requires.ADMIN)

    assert (denied is None) == (who.is_admin and "all" in who.scopes)


@given(SOMEBODY, KINDS)
def test_creating_takes_a_scope_on_all_of_a_kind_and_no_grant(who: Identity, kind: str) -> None:
    may = {"all", *(f"{kind}:{level}:*" for level in ("EDIT", "MANAGE"))}

    with identity.acting_as(who):
        denied = raised(Rule("creates", creates=kind))

    assert (denied is None) == bool(may & set(who.scopes))


@given(st.lists(SCOPES, max_size=4), st.lists(SCOPES, max_size=4), THINGS)
def test_what_lies_within_other_scopes_lets_no_more_through(inner: list[str], outer: list[str], thing: Thing) -> None:
    if scopes.within(inner, outer):
        assert of_scopes(inner, thing) <= of_scopes(outer, thing)


@given(SOMEBODY, THINGS, st.sampled_from(["ada", "bea"]))
def test_a_grant_that_is_taken_away_never_gives_more_unless_it_denied(who: Identity, thing: Thing, whose: str) -> None:
    less: Mapping[str, str] = {name: level for name, level in thing.grants.items() if name != whose}

    before = identity.level_of(who, thing)
    after = identity.level_of(who, Thing(thing.kind, thing.name, less))

    assert NUMBER[after] <= NUMBER[before] or thing.grants.get(whose) == "DENY"


def answer(level: str, thing: Thing) -> type[CumulogError] | None:
    """What a rule about the thing raises."""
    resource = Resource("thing", lambda _request, _fresh: [Held(thing, ResourceDoesNotExist("gone"))])
    return raised(Rule("rule", level, resource))


def raised(rule: Rule) -> type[CumulogError] | None:
    try:
        rule.check(None)
    except CumulogError as error:
        return type(error)
    return None
