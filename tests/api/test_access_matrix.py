"""Every route × everybody: what each is answered follows from what the route declares, and who is refused changes
nothing.
"""

from collections import Counter

import pytest
from chalice.app import Blueprint, RouteEntry

from app import app
from chalicelib.access.authorizer import token_authorizer
from chalicelib.access.requires import FILTERED
from chalicelib.edge import http
from chalicelib.edge.http import Endpoint, Mount
from tests.api import closed_world, saved
from tests.api.access_requests import MISSING, OK, REQUESTS, TWINS, Outcome, expected, named, wish, without_twins
from tests.api.closed import ROLES, SECRET, Answer, World
from tests.api.lasting_world import made as made
from tests.api.lasting_world import store as store
from tests.api.lasting_world import world as world
from tests.api.saved import Saved

ENDPOINTS = http.endpoints(app)
# What is written though it was decided on what was read up to five seconds ago: the calls of a training loop.
REMEMBERED = {"set_tag", "log_parameter", "log_metric", "log_batch", "lease_run"}


ROUTES = without_twins(app)


def test_twins_are_one_function_behind_one_authorizer() -> None:
    """So what is true of a path under `/api` is true of its twin, and needs no second test."""
    twins = [each for each in ENDPOINTS if each.path.startswith(TWINS[0]) and each not in ROUTES.values()]

    pairs = [(route(each.method, each.path), route(each.method, each.path.replace(*TWINS, 1))) for each in twins]

    assert len(pairs) > 80
    assert [one.uri_pattern for one, other in pairs if one.view_function is not other.view_function] == []
    assert [one.uri_pattern for one, other in pairs if one.authorizer != other.authorizer] == []
    assert [one.uri_pattern for one, other in pairs if one.content_types != other.content_types] == []


def route(method: str, path: str) -> RouteEntry:
    found: RouteEntry = app.routes[path][method]
    return found


@pytest.mark.parametrize("name", ROUTES)
def test_everybody_is_answered_as_the_route_declares(made: tuple[World, Saved], world: World, name: str) -> None:
    endpoint = ROUTES[name]

    outcomes = {role: as_ok(tried(made, role, endpoint).outcome) for role in ROLES}

    assert outcomes == {role: expected(endpoint, role) for role in ROLES}


def tried(made: tuple[World, Saved], role: str, endpoint: Endpoint) -> Answer:
    """The answer to one request, which changes something only if it is let through; that is put back."""
    world, before = made
    answer = world.ask(role, wish(endpoint, world.names))
    if saved.state() != before.state:
        assert expected(endpoint, role) == OK, f"{role} is refused and changes something"
        assert endpoint.method != "GET"
        closed_world.put_back(world, before)
    return answer


@pytest.mark.parametrize("name", ROUTES)
def test_what_somebody_may_not_read_answers_as_what_is_not_there(world: World, name: str) -> None:
    endpoint = ROUTES[name]
    ghosts = closed_world.ghosts(world)

    for role in [role for role in ROLES if expected(endpoint, role) == MISSING]:
        hidden = world.ask(role, wish(endpoint, world.names))
        absent = world.ask(role, wish(endpoint, ghosts))

        assert hidden.outcome == MISSING
        assert (hidden.headers, hidden.body) == (absent.headers, closed_world.renamed(absent.body, ghosts, world.names))


# It names what was asked for, found or not; `test_access_second_ids.py` shows that it tells no more.
REPEATS_THE_QUESTION = "get_metric_series"
LISTS = [each for each in ENDPOINTS if each.rules == (FILTERED,) and each.view != REPEATS_THE_QUESTION]


@pytest.mark.parametrize("endpoint", LISTS, ids=named)
def test_a_list_leaves_out_what_somebody_may_not_read(world: World, endpoint: Endpoint) -> None:
    theirs = world.ask("foreign", wish(endpoint, world.names))
    all_of_it = world.ask("reader", wish(endpoint, world.names))

    assert SECRET.encode() in all_of_it.body or world.names["run"].encode() in all_of_it.body
    assert leaked(world, theirs) == []
    assert world.names["own_run"] in theirs.body.decode() or "own" in theirs.body.decode()


def test_every_route_of_the_app_is_declared_and_asks_the_authorizer_unless_it_is_public() -> None:
    served = {(method, path): route for path, methods in app.routes.items() for method, route in methods.items()}

    declared = {(each.method, each.path): each for each in ENDPOINTS}
    assert set(served) == set(declared)
    assert Counter(map(named, ENDPOINTS)).most_common(1)[0][1] == 1
    for place, endpoint in declared.items():
        is_public = any(rule.is_public for rule in endpoint.rules)
        assert served[place].authorizer is (None if is_public else token_authorizer), place


def test_nothing_but_health_and_version_is_public() -> None:
    assert {each.path for each in ENDPOINTS if any(rule.is_public for rule in each.rules)} == {
        "/health",
        "/version",
    }


def test_whatever_changes_something_is_decided_on_what_is_stored_now() -> None:
    remembered = {each.view for each in ENDPOINTS if each.method != "GET" and not any(r.fresh for r in each.rules)}

    assert {view for view in remembered if not view.startswith(("search_", "get_"))} - REMEMBERED == {
        "update_user_password"
    }


def test_every_view_has_a_request_and_every_request_a_view() -> None:
    assert set(REQUESTS) == {each.view for each in ENDPOINTS}


@pytest.mark.parametrize("register", ["endpoint", "columns", "text", "upload", "redirect"])
def test_a_view_that_declares_nothing_is_refused_at_import(register: str) -> None:
    mount = Mount(Blueprint(__name__), "/new")

    def undeclared() -> None:
        """A view as somebody may write it who forgets the decorator."""

    with pytest.raises(TypeError, match="undeclared does not say who may call it"):
        getattr(mount, register)("GET", "/undeclared")(undeclared)


def leaked(world: World, answer: Answer) -> list[str]:
    """What of the owner's a reply tells."""
    text = str(answer.headers) + answer.body.decode()
    ids = (world.names[name] for name in ("run", "deleted_run", "model", "model_id", "request"))
    return [each for each in (SECRET, f'"{closed_world.MODEL}"', *ids) if each in text]


def as_ok(outcome: Outcome) -> Outcome:
    return OK if outcome == (302, None) else outcome
