"""Ids that a request names besides the one that it is about: those of things that somebody may not read answer as those
of things that are not there, and nothing of what they name is told.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.config import settings
from chalicelib.storage import keys, tables
from chalicelib.storage.registry_items import RegisteredModel
from tests import client as api
from tests.api import closed_world, saved
from tests.api.closed import SECRET, Wish, World, posted
from tests.api.lasting_world import store as store
from tests.api.lasting_world import world as world
from tests.api.saved import Saved
from tests.api.scenes import cases, filled

CASES = cases("second_ids")
REQUESTS = "/api/2.0/cumulog/registry/requests"
LINEAGE = "/api/2.0/cumulog/registry/lineage"


@pytest.fixture(scope="module")
def made(store: None, s3_bucket: Any) -> Iterator[tuple[World, Saved]]:
    with closed_world.lasting() as made:
        made[0].names["bucket"] = settings().bucket
        yield made


def wished(case: dict[str, Any], names: dict[str, str]) -> Wish:
    path = case["path"] if case["path"].startswith(("/api", "/ajax")) else api.PREFIX + case["path"]
    fields = filled(case["fields"], names)
    return Wish("GET", path, fields) if case.get("method") == "GET" else posted(path, fields)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_what_somebody_may_not_read_is_not_there_for_them(made: Any, world: World, case: dict[str, Any]) -> None:
    ghosts = closed_world.ghosts(world)

    hidden = world.ask("foreign", wished(case, world.names))
    absent = world.ask("foreign", wished(case, ghosts))

    assert (hidden.status, hidden.body) == (absent.status, closed_world.renamed(absent.body, ghosts, world.names))
    assert hidden.status in (200, 400, 404)
    assert hidden.outcome == tuple(case.get("answers", hidden.outcome))
    assert SECRET.encode() not in hidden.body
    assert saved.state() == made[1].state


@pytest.mark.parametrize("case", [case for case in CASES if "same_for_all" not in case], ids=lambda case: case["what"])
def test_the_same_request_is_another_for_an_administrator(world: World, case: dict[str, Any]) -> None:
    """Else the case would show nothing: it would be refused, or empty, for reasons of its own."""
    theirs = world.ask("foreign", wished(case, world.names))
    admins = world.ask("admin", wished(case, world.names))

    assert (theirs.status, theirs.body) != (admins.status, admins.body)


def test_a_page_of_transition_requests_tells_of_no_other_in_its_token(world: World) -> None:
    requests = []
    for version in ("1", "2"):
        policy = {"name": "own wine", "stage": "Production", "policy": "approval"}
        world.done("foreign", "/api/2.0/cumulog/registry/policies/set", **policy)
        wanted = {"name": "own wine", "version": version, "stage": "Production"}
        requests.append(world.done("foreign", f"{REQUESTS}/create", **wanted)["request"]["request_id"])

    seen: list[str] = []
    tokens: list[str] = []
    token = ""
    while not seen or token:
        page = world.ask("foreign", Wish("GET", f"{REQUESTS}/list", {"max_results": 1, "page_token": token})).fields
        seen += [each["request_id"] for each in page["requests"]]
        token = page.get("next_page_token", "")
        tokens.append(token)

    assert seen == sorted(requests)
    assert world.names["model_id"] not in json.dumps(tokens)


def test_lineage_shows_only_what_may_be_read(world: World) -> None:
    model = tables.get(RegisteredModel, keys.REGISTERED_MODELS, world.names["model_id"])
    assert model is not None
    tables.update(model, [RegisteredModel.grants.set({"owner": "MANAGE", "foreign": "READ"})])

    theirs = world.ask("foreign", Wish("GET", LINEAGE, {"name": "wine", "version": "1"})).fields
    owners = world.ask("owner", Wish("GET", LINEAGE, {"name": "wine", "version": "1"})).fields

    assert owners["run"]["info"]["run_id"] == world.names["run"]
    assert "run" not in theirs
    assert "run" in json.dumps(theirs["missing"])
    for private in ("color", "depth", "team", "experiment", "param"):
        assert f"{SECRET} {private}" not in json.dumps({**theirs, "model_version": {}, "audit": {}})


def test_curves_of_a_run_that_somebody_may_not_read_are_missing_like_those_of_none(made: Any, world: World) -> None:
    theirs, own = world.names["run"], world.names["own_run"]
    wish = posted("/api/2.0/cumulog/metrics/series", {"runs": [theirs, own, "none"], "keys": ["loss"]})

    hidden, shown = (world.ask(who, wish).fields for who in ("foreign", "admin"))

    assert hidden["missing"]["runs"] == [theirs, "none"]
    assert [each for each in hidden["series"] if each["run"] != 1] == []
    assert shown["missing"]["runs"] == ["none"]
    assert saved.state() == made[1].state
