"""Grants on experiments and registered models, by MLflow's protocol and ours: by whom, to whom, and what follows."""

from typing import Any

import pytest

from chalicelib.provenance import verifying
from chalicelib.registry.chain import changes
from chalicelib.storage import keys, tables
from chalicelib.storage.items import ExperimentItem
from tests import principals
from tests.client import PREFIX
from tests.closed_access import ada as ada
from tests.closed_access import admin as admin
from tests.closed_access import closed as closed
from tests.principals import ACCESS, PERMISSIONS, USERS, Principal

GRANT, TAKE = PERMISSIONS + "/permissions/grant", PERMISSIONS + "/permissions/revoke"
KINDS = ("experiment", "registered_model")


@pytest.fixture
def bea(admin: Principal) -> Principal:
    """Who wants to use them."""
    return principals.user(admin, "bea")


@pytest.fixture(params=KINDS)
def thing(request: pytest.FixtureRequest, ada: Principal) -> dict[str, str]:
    """An experiment or a registered model of ada's, as requests name it."""
    return owned(ada, request.param)


def owned(principal: Principal, kind: str, name: str = "wine") -> dict[str, str]:
    if kind == "registered_model":
        principal.done(PREFIX + "/registered-models/create", name=name)
        return {"resource_type": kind, "resource_id": name}
    created = principal.done(PREFIX + "/experiments/create", name=name)
    return {"resource_type": kind, "resource_id": created["experiment_id"]}


def read(principal: Principal, thing: dict[str, str]) -> int:
    """The status of reading the thing."""
    if thing["resource_type"] == "experiment":
        return principal.get(PREFIX + "/experiments/get", experiment_id=thing["resource_id"]).status
    return principal.get(PREFIX + "/registered-models/get", name=thing["resource_id"]).status


def edit(principal: Principal, thing: dict[str, str]) -> int:
    """The status of tagging the thing."""
    tag = {"key": "k", "value": "v"}
    if thing["resource_type"] == "experiment":
        path = "/experiments/set-experiment-tag"
        return principal.post(PREFIX + path, experiment_id=thing["resource_id"], **tag).status
    return principal.post(PREFIX + "/registered-models/set-tag", name=thing["resource_id"], **tag).status


def listed(principal: Principal, username: str) -> list[tuple[str, str, str]]:
    rows = principals.worked(principal.get(PERMISSIONS + "/permissions/list", username=username))["permissions"]
    return [(row["resource_type"], row["resource_pattern"], row["permission"]) for row in rows]


def on(principal: Principal, thing: dict[str, str]) -> dict[str, str]:
    """Who was granted what on the thing."""
    query = {"resource_type": thing["resource_type"], "resource_pattern": thing["resource_id"]}
    found = principals.worked(principal.get(ACCESS + "/grants/list", **query))["grants"]
    return {each["username"]: each["permission"] for each in found}


def effective(principal: Principal, username: str, thing: dict[str, str]) -> dict[str, Any]:
    return principals.worked(principal.get(PERMISSIONS + "/permissions/get", username=username, **thing))


def refused(answer):
    return answer.status, answer.body["error_code"]


def test_whoever_creates_a_thing_manages_it_and_nobody_else_sees_it(ada, bea, thing):
    assert (read(ada, thing), edit(ada, thing)) == (200, 200)
    assert (read(bea, thing), edit(bea, thing)) == (404, 404)
    assert on(ada, thing) == {"ada": "MANAGE"}


def test_a_granted_permission_holds_from_the_reply_on_and_so_does_its_end(ada, bea, thing):
    assert read(bea, thing) == 404

    ada.done(GRANT, username="bea", permission="READ", **thing)
    assert (read(bea, thing), edit(bea, thing)) == (200, 403)
    ada.done(GRANT, username="bea", permission="EDIT", **thing)
    assert (read(bea, thing), edit(bea, thing)) == (200, 200)
    ada.done(TAKE, username="bea", **thing)
    assert (read(bea, thing), edit(bea, thing)) == (404, 404)


@pytest.mark.parametrize(
    ("permission", "allowed"), [("READ", False), ("USE", True), ("EDIT", True), ("MANAGE", True), ("DENY", False)]
)
def test_what_a_user_may_is_told_as_mlflow_does(admin, ada, bea, thing, permission, allowed):
    ada.done(GRANT, username="bea", permission=permission, **thing)

    told = {"allowed": allowed, "permission": "NO_PERMISSIONS" if permission == "DENY" else permission}
    assert effective(admin, "bea", thing) == effective(ada, "bea", thing) == effective(bea, "bea", thing) == told


def test_a_denial_overrules_what_is_granted_everywhere(admin, ada, bea, thing):
    everywhere = {**thing, "resource_id": "*"}
    admin.done(GRANT, username="bea", permission="EDIT", **everywhere)
    assert edit(bea, thing) == 200

    ada.done(GRANT, username="bea", permission="DENY", **thing)

    assert read(bea, thing) == 404


def test_a_grant_on_all_things_of_a_kind_is_an_administrators_to_give_and_to_take(admin, ada, bea, thing):
    everywhere = {**thing, "resource_id": "*"}

    assert refused(ada.post(GRANT, username="bea", permission="READ", **everywhere)) == (403, "PERMISSION_DENIED")
    admin.done(GRANT, username="bea", permission="READ", **everywhere)
    assert read(bea, thing) == 200
    assert on(admin, everywhere) == {"bea": "READ"}
    assert refused(ada.get(ACCESS + "/grants/list", **everywhere)) == (403, "PERMISSION_DENIED")
    admin.done(TAKE, username="bea", **everywhere)
    assert read(bea, thing) == 404
    assert refused(admin.post(TAKE, username="bea", **everywhere)) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_only_who_manages_a_thing_grants_takes_and_lists(ada, bea, thing):
    outsider = {"READ": 403, "EDIT": 403, None: 404}
    for permission, status in outsider.items():
        if permission:
            ada.done(GRANT, username="bea", permission=permission, **thing)
        else:
            ada.done(TAKE, username="bea", **thing)

        assert bea.post(GRANT, username="bea", permission="MANAGE", **thing).status == status
        assert bea.post(TAKE, username="ada", **thing).status == status
        assert bea.get(ACCESS + "/grants/list", **thing).status == status
        assert bea.get(PERMISSIONS + "/permissions/get", username="ada", **thing).status == status
    assert on(ada, thing) == {"ada": "MANAGE"}


def test_a_limited_token_grants_what_its_scopes_let_it_manage(ada, bea, thing):
    kind, name = thing["resource_type"], thing["resource_id"]
    manager, editor = (ada.another(scopes=[f"{kind}:{level}:{name}"]) for level in ("MANAGE", "EDIT"))

    assert editor.post(GRANT, username="bea", permission="READ", **thing).status == 403
    assert manager.post(GRANT, username="bea", permission="READ", **thing).status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_a_grant_on_what_is_not_there_is_answered_as_on_what_is_foreign(admin, ada, bea, kind):
    theirs = owned(ada, kind)
    nothing = {**theirs, "resource_id": {"experiment": "99", "registered_model": "none"}[kind]}

    for principal in (admin, bea):
        answer = principal.post(GRANT, username="bea", permission="READ", **nothing)
        assert refused(answer) == (404, "RESOURCE_DOES_NOT_EXIST")
    foreign = bea.post(GRANT, username="bea", permission="READ", **theirs)
    assert foreign.body["message"] == answer.body["message"].replace(nothing["resource_id"], theirs["resource_id"])
    assert effective(admin, "bea", nothing) == effective(bea, "bea", theirs) == effective(bea, "bea", nothing)


def test_who_is_not_there_is_granted_nothing(admin, ada, bea, thing):
    admin.send("DELETE", USERS + "/delete", username="bea")

    for username in ("bea", "nobody"):
        answer = ada.post(GRANT, username=username, permission="READ", **thing)
        assert refused(answer) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert on(ada, thing) == {"ada": "MANAGE"}


def test_a_grant_that_is_not_there_cannot_be_taken(ada, bea, thing):
    assert refused(ada.post(TAKE, username="bea", **thing)) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize(
    "wrong",
    [
        {"permission": "NO_PERMISSIONS"},
        {"permission": "read"},
        {"permission": ""},
        {"resource_type": "workspace"},
        {"resource_type": "prompt"},
        {"resource_id": "one"},
        {"resource_id": ""},
        {"username": "a b"},
        {"resource_type": "registered_model", "resource_id": "a/b"},
    ],
    ids=str,
)
def test_what_cannot_be_granted_is_refused(admin, bea, wrong):
    good = {"username": "bea", "resource_type": "experiment", "resource_id": "0", "permission": "READ"}

    assert refused(admin.post(GRANT, **{**good, **wrong})) == (400, "INVALID_PARAMETER_VALUE")


def test_a_users_grants_are_listed_for_themselves_and_for_administrators(admin, ada, bea):
    things = [owned(ada, kind) for kind in KINDS]
    for each in things:
        ada.done(GRANT, username="bea", permission="READ", **each)
    admin.done(GRANT, username="bea", permission="USE", resource_type="experiment", resource_id="*")

    expected = [
        ("experiment", "*", "USE"),
        ("experiment", things[0]["resource_id"], "READ"),
        ("registered_model", "wine", "READ"),
    ]
    assert listed(bea, "bea") == listed(admin, "bea") == expected
    current = bea.get(PERMISSIONS + "/current/permissions").body
    assert current == bea.get(PERMISSIONS + "/permissions/list", username="bea").body
    assert current["is_admin"] is False
    assert refused(ada.get(PERMISSIONS + "/permissions/list", username="bea")) == (403, "PERMISSION_DENIED")


def test_a_limited_token_sees_no_grants_beyond_its_scopes(ada):
    owned(ada, "experiment")
    owned(ada, "registered_model")
    limited = ada.another(scopes=["registered_model:READ:wine"])

    assert listed(limited, "ada") == [("registered_model", "wine", "MANAGE")]


def test_an_experiment_of_an_earlier_version_has_no_grants_and_takes_some(admin, bea):
    thing = owned(admin, "experiment")
    item = ExperimentItem(keys.EXPERIMENTS, keys.experiment(thing["resource_id"]))
    tables.update(item, [ExperimentItem.grants.remove()])
    assert read(bea, thing) == 404

    admin.done(GRANT, username="bea", permission="READ", **thing)

    assert read(bea, thing) == 200


def test_a_models_grants_are_in_its_audit_chain_and_are_verified(ada, bea):
    thing = owned(ada, "registered_model")
    ada.done(GRANT, username="bea", permission="READ", **thing)
    ada.done(GRANT, username="bea", permission="EDIT", **thing)
    ada.done(GRANT, username="bea", permission="EDIT", **thing)
    ada.done(TAKE, username="bea", **thing)

    chain = ada.get("/api/2.0/cumulog/registry/audit", name="wine").body["entries"]
    told = [(each["who"], each["action"], each["details"]) for each in chain]
    assert told[0][2]["grants"] == {"ada": "MANAGE"}
    assert told[1:] == [
        ("ada", "grant:set", {"user": "bea", "from": None, "to": "READ"}),
        ("ada", "grant:set", {"user": "bea", "from": "READ", "to": "EDIT"}),
        ("ada", "grant:delete", {"user": "bea", "from": "EDIT"}),
    ]
    verified = ada.get("/api/2.0/cumulog/registry/verify", name="wine").body
    assert (verified["valid"], verified["state_matches"]) == (True, True)


def test_a_grant_that_came_by_another_way_is_found_by_verify(ada):
    owned(ada, "registered_model")
    model = changes.load("wine")
    model.grants = {**model.grants, "eve": "MANAGE"}
    tables.put(model)

    (difference,) = verifying.verify(changes.load("wine")).differences or ()

    assert (difference.what, difference.chain) == ("grants", {"ada": "MANAGE"})


def test_grants_move_with_a_models_name_and_go_with_the_model(ada, bea):
    ada.done(GRANT, username="bea", permission="READ", **owned(ada, "registered_model"))

    ada.done(PREFIX + "/registered-models/rename", name="wine", new_name="red wine")
    assert bea.get(PREFIX + "/registered-models/get", name="red wine").status == 200
    ada.send("DELETE", PREFIX + "/registered-models/delete", name="red wine")
    owned(ada, "registered_model", "red wine")

    assert bea.get(PREFIX + "/registered-models/get", name="red wine").status == 404


def test_grants_outlast_the_deletion_of_an_experiment(ada, bea):
    thing = owned(ada, "experiment")
    ada.done(PREFIX + "/experiments/delete", experiment_id=thing["resource_id"])

    ada.done(GRANT, username="bea", permission="READ", **thing)

    assert read(bea, thing) == 200


def test_the_twin_answers_alike(ada, thing):
    twin = PERMISSIONS.replace("/api/", "/ajax-api/") + "/permissions/get"

    answer = ada.get(twin, username="ada", **thing)

    assert answer.body == effective(ada, "ada", thing)


def test_who_may_not_read_the_default_experiment_learns_how_the_client_came_to_ask_for_it(ada):
    answer = ada.post(PREFIX + "/runs/create", experiment_id="0")

    assert (answer.status, answer.body["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert "the name that is set belongs to an experiment that you may not read" in answer.body["message"]


def test_that_a_name_is_a_deleted_experiments_is_told_to_those_who_may_read_it(ada: Principal, bea: Principal) -> None:
    thing = owned(ada, "experiment")
    ada.done(PREFIX + "/experiments/delete", experiment_id=thing["resource_id"])

    told = [each.post(PREFIX + "/experiments/create", name="wine").body["message"] for each in (ada, bea)]

    assert ["It is deleted" in message for message in told] == [True, False]
