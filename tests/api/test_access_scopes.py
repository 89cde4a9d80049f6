"""Tokens that are limited: what one may is what its owner may and its scopes let through, whoever the owner is."""

from typing import Any

import pytest

from chalicelib.storage.connection import connection
from tests.api import closed_world
from tests.api.closed import Wish, World, add_token, basic, junk, posted
from tests.api.lasting_world import made as made
from tests.api.lasting_world import store as store
from tests.api.lasting_world import world as world
from tests.api.saved import Saved

OK, DENIED, MISSING = 200, 403, 404

# Requests by the permission that they take.
ON_EXPERIMENT = {
    "read": lambda names: Wish("GET", "/api/2.0/mlflow/runs/get", {"run_id": names["run"]}),
    "edit": lambda names: posted("/api/2.0/mlflow/runs/update", {"run_id": names["run"], "run_name": "x"}),
    "manage": lambda names: posted("/api/2.0/mlflow/runs/delete", {"run_id": names["run"]}),
}
ON_MODEL = {
    "read": lambda names: Wish("GET", "/api/2.0/mlflow/model-versions/get", {"name": "wine", "version": "1"}),
    "edit": lambda names: posted("/api/2.0/mlflow/registered-models/set-tag", {"name": "wine", "key": "k"}),
    "manage": lambda names: posted(
        "/api/2.0/cumulog/registry/policies/set", {"name": "wine", "stage": "Archived", "policy": "none"}
    ),
}
CREATING = {
    "experiment": posted("/api/2.0/mlflow/experiments/create", {"name": "new"}),
    "registered_model": posted("/api/2.0/mlflow/registered-models/create", {"name": "new"}),
}
# The scopes, and what then comes of read, edit, manage on the experiment and of the same on the model.
CASES: list[tuple[list[str], list[int], list[int]]] = [
    (["all"], [OK, OK, OK], [OK, OK, OK]),
    ([], [MISSING] * 3, [MISSING] * 3),
    (["experiment:READ:*"], [OK, DENIED, DENIED], [MISSING] * 3),
    (["experiment:EDIT:1"], [OK, OK, DENIED], [MISSING] * 3),
    (["experiment:MANAGE:1"], [OK, OK, OK], [MISSING] * 3),
    (["experiment:MANAGE:3"], [MISSING] * 3, [MISSING] * 3),
    (["experiment:READ:*", "experiment:EDIT:1"], [OK, OK, DENIED], [MISSING] * 3),
    (["registered_model:READ:wine"], [MISSING] * 3, [OK, DENIED, DENIED]),
    (["registered_model:EDIT:*"], [MISSING] * 3, [OK, OK, DENIED]),
    (["registered_model:MANAGE:wine", "experiment:READ:1"], [OK, DENIED, DENIED], [OK, OK, OK]),
    (["registered_model:MANAGE:1"], [MISSING] * 3, [MISSING] * 3),
    (["experiment:MANAGE:wine"], [MISSING] * 3, [MISSING] * 3),
]


def statuses(made: tuple[World, Saved], owner: str, scopes: list[str], wishes: Any) -> list[int]:
    """What a new token of an owner's is answered, each time in the same world."""
    world, before = made
    found = []
    for wish in wishes:
        world.tokens["limited"] = add_token(owner, scopes)
        found.append(world.ask("limited", wish).status)
        closed_world.put_back(world, before)
    return found


@pytest.mark.parametrize("owner", ["owner", "manager", "admin"])
@pytest.mark.parametrize(("scopes", "on_experiment", "on_model"), CASES, ids=lambda case: " ".join(map(str, case)))
def test_a_token_of_who_may_all_may_what_its_scopes_say(
    made: Any, owner: str, scopes: list[str], on_experiment: list[int], on_model: list[int]
) -> None:
    names = made[0].names

    assert statuses(made, owner, scopes, [wish(names) for wish in ON_EXPERIMENT.values()]) == on_experiment
    assert statuses(made, owner, scopes, [wish(names) for wish in ON_MODEL.values()]) == on_model


def test_a_token_with_wide_scopes_may_no_more_than_its_owner(made: Any) -> None:
    scopes = ["experiment:MANAGE:*", "registered_model:MANAGE:*"]
    wishes = [wish(made[0].names) for wish in (*ON_EXPERIMENT.values(), *ON_MODEL.values())]

    assert statuses(made, "reader", scopes, wishes) == [OK, DENIED, DENIED] * 2
    assert statuses(made, "editor", scopes, wishes) == [OK, OK, DENIED] * 2
    assert statuses(made, "foreign", scopes, wishes) == [MISSING] * 6


@pytest.mark.parametrize("kind", CREATING)
def test_to_create_takes_a_scope_on_all_of_the_kind(made: Any, kind: str) -> None:
    wish = [CREATING[kind]]

    assert statuses(made, "owner", [f"{kind}:EDIT:*"], wish) == [OK]
    assert statuses(made, "owner", [f"{kind}:READ:*"], wish) == [DENIED]
    assert statuses(made, "admin", [f"{kind}:MANAGE:1"], wish) == [DENIED]


@pytest.mark.parametrize(
    "wish",
    [
        Wish("GET", "/api/2.0/mlflow/users/list"),
        posted("/api/2.0/mlflow/users/create", {"username": "new"}),
        posted("/api/2.0/cumulog/access/tokens/create", {"owner": "owner"}),
        posted("/api/2.0/cumulog/access/tokens/create", {"scopes": ["all"]}),
    ],
    ids=lambda wish: wish.path,
)
def test_a_limited_token_of_an_administrator_administers_nothing(made: Any, wish: Wish) -> None:
    everything = ["experiment:MANAGE:*", "registered_model:MANAGE:*"]

    (status,) = statuses(made, "admin", everything, [wish])

    assert status in (400, DENIED)


def test_searches_show_a_limited_token_what_it_may_read(made: Any, world: World) -> None:
    world.tokens["limited"] = add_token("admin", ["experiment:READ:3", "registered_model:READ:wine"])
    search = posted("/api/2.0/mlflow/experiments/search", {"max_results": 100, "view_type": "ALL"})
    runs = posted("/api/2.0/mlflow/runs/search", {"experiment_ids": ["1", "3"], "run_view_type": "ACTIVE_ONLY"})

    experiments = world.ask("limited", search).fields["experiments"]
    found = world.ask("limited", runs).fields["runs"]
    models = world.ask("limited", Wish("GET", "/api/2.0/mlflow/registered-models/search")).fields["registered_models"]

    assert [each["experiment_id"] for each in experiments] == ["3"]
    assert [each["info"]["run_id"] for each in found] == [world.names["own_run"]]
    assert [each["name"] for each in models] == ["wine"]


def test_junk_asks_nothing_of_the_store(world: World) -> None:
    asked: list[str] = []
    events = connection().client.meta.events
    token = world.tokens["owner"]
    several = [junk() for _ in range(1_000)]
    several += [token[:-1], token + "0", token.replace("cml_", "cml-"), token.replace("_p_", "_x_"), token.upper(), ""]
    headers = [f"Bearer {text}" for text in several]
    headers += [token, f"bearer {token}", basic("owner", token), basic("token", junk()), basic(token, ""), "Basic x"]

    def note(model: Any, **_: Any) -> None:
        asked.append(model.name)

    events.register("before-call.dynamodb", note)
    try:
        answers = {
            world.ask("anonymous", Wish("GET", "/api/2.0/mlflow/runs/get", headers={"Authorization": each})).outcome
            for each in headers
        }
    finally:
        events.unregister("before-call.dynamodb", note)

    assert answers == {(401, "UNAUTHENTICATED")}
    assert asked == []


def test_a_valid_token_asks_the_store_once_at_the_gateway_and_once_in_the_handler(world: World) -> None:
    asked: list[str] = []
    events = connection().client.meta.events
    me = Wish("GET", "/api/3.0/mlflow/server-info")

    def note(model: Any, **_: Any) -> None:
        asked.append(model.name)

    events.register("before-call.dynamodb", note)
    try:
        statuses = [world.ask("owner", me).status for _ in range(3)]
    finally:
        events.unregister("before-call.dynamodb", note)

    assert statuses == [200] * 3
    assert asked == ["GetItem", "BatchGetItem"]
