"""Users, by MLflow's protocol and ours: nobody has a password, no name is given twice, one is an administrator."""

import pytest

from tests import principals
from tests.closed_access import ada as ada
from tests.closed_access import admin as admin
from tests.closed_access import closed as closed
from tests.principals import ACCESS, PERMISSIONS, USERS, Principal


def refused(answer):
    return answer.status, answer.body["error_code"]


def names(admin: Principal) -> list[str]:
    return [user["username"] for user in admin.get(USERS + "/list").body["users"]]


def test_a_new_user_may_nothing_yet(admin):
    answer = admin.post(USERS + "/create", username="ada")

    expected = {"id": "ada", "username": "ada", "is_admin": False, "kind": "person"}
    assert answer.body == {"user": expected}
    assert admin.get(USERS + "/get", username="ada").body == {"user": expected}
    assert admin.get(PERMISSIONS + "/permissions/list", username="ada").body == {"is_admin": False, "permissions": []}
    assert {"roles": [], **expected} in admin.get(USERS + "/list").body["users"]


def test_a_service_is_a_user_too_and_its_tokens_say_so(admin):
    robot = principals.user(admin, "robot", kind="service")

    assert robot.token.startswith("cml_s_")
    assert robot.get(USERS + "/current").body["user"]["username"] == "robot"


@pytest.mark.parametrize("password", ["", None])
def test_an_empty_password_is_none(admin, password):
    fields = {} if password is None else {"password": password}

    assert admin.post(USERS + "/create", username="ada", **fields).status == 200


def test_a_password_is_refused_and_nothing_is_stored(admin):
    answer = admin.post(USERS + "/create", username="ada", password="long enough for MLflow")

    assert refused(answer) == (400, "INVALID_PARAMETER_VALUE")
    assert "no passwords" in answer.body["message"]
    assert names(admin) == ["admin"]
    changed = admin.send("PATCH", USERS + "/update-password", username="admin", password="x")
    assert refused(changed) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a b",
        "a:b",
        "cumulog:deploy",
        "a/b",
        "x" * 101,
        "a\x00",
        "e\u0301",
        "anonymous",
        "Anonymous",
        "*",
        5,
        "Zoë",
        "李",
        "аda",
        "ada ",
        "ada\n",
        "a\u00adda",
        "٣",
    ],
)
def test_what_is_no_name_makes_no_user(admin, name):
    answer = admin.post(USERS + "/create", username=name)

    assert refused(answer) == (400, "INVALID_PARAMETER_VALUE")
    assert names(admin) == ["admin"]


@pytest.mark.parametrize("name", ["ada@example.com", "x" * 100, "a.b+c-d_e", "007"])
def test_what_is_a_name_makes_a_user(admin, name):
    ada = principals.user(admin, name)

    assert ada.get(USERS + "/current").body["user"]["username"] == name


@pytest.mark.parametrize(("held", "wanted"), [("ada", "ada"), ("ada", "Ada"), ("ADA", "aDa")])
def test_a_name_that_is_held_is_refused_however_it_is_written(admin, held, wanted):
    admin.done(USERS + "/create", username=held)

    assert refused(admin.post(USERS + "/create", username=wanted)) == (400, "RESOURCE_ALREADY_EXISTS")
    assert names(admin) == sorted(["admin", held], key=str.encode)


def test_a_deleted_users_tokens_are_refused_and_the_name_is_never_given_again(admin, ada):
    assert ada.get(ACCESS + "/me").status == 200

    admin.send("DELETE", USERS + "/delete", username="ada")

    assert refused(ada.post("/api/2.0/mlflow/experiments/create", name="e")) == (401, "UNAUTHENTICATED")
    assert refused(ada.get(ACCESS + "/me")) == (401, "UNAUTHENTICATED")
    assert names(admin) == ["admin"]
    assert refused(admin.get(USERS + "/get", username="ada")) == (404, "RESOURCE_DOES_NOT_EXIST")
    again = admin.post(USERS + "/create", username="ada")
    assert refused(again) == (400, "RESOURCE_ALREADY_EXISTS")
    assert "restore" in again.body["message"]


def test_a_restored_user_is_there_with_grants_and_without_tokens_or_administration(admin, ada):
    granted = {"username": "ada", "resource_type": "experiment", "resource_id": "*", "permission": "READ"}
    admin.done(PERMISSIONS + "/permissions/grant", **granted)
    admin.send("PATCH", USERS + "/update-admin", username="ada", is_admin=True)
    admin.send("DELETE", USERS + "/delete", username="ada")

    restored = admin.done(ACCESS + "/users/restore", username="ada")

    assert restored["user"]["is_admin"] is False
    assert ada.get(ACCESS + "/me").status == 401
    assert [token["revoked"] > 0 for token in admin.tokens(owner="ada")] == [True]
    listed = admin.get(PERMISSIONS + "/permissions/list", username="ada").body["permissions"]
    assert [(row["resource_pattern"], row["permission"]) for row in listed] == [("*", "READ")]


def test_who_is_there_is_restored_without_any_change(admin, ada):
    admin.done(ACCESS + "/users/restore", username="ada")

    assert ada.get(ACCESS + "/me").status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", USERS + "/delete"),
        ("PATCH", USERS + "/update-admin"),
        ("POST", ACCESS + "/users/restore"),
        ("POST", ACCESS + "/tokens/create"),
    ],
)
def test_who_was_never_there_is_not_found(admin, method, path):
    answer = admin.send(method, path, username="nobody", owner="nobody", is_admin=True)

    assert refused(answer) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_an_administrator_is_made_and_dismissed(admin, ada):
    admin.send("PATCH", USERS + "/update-admin", username="ada", is_admin=True)
    assert ada.get(USERS + "/list").status == 200

    ada.send("PATCH", USERS + "/update-admin", username="admin", is_admin=False)

    assert refused(admin.get(USERS + "/list")) == (403, "PERMISSION_DENIED")


def test_the_last_administrator_stays(admin, ada):
    dismissed = admin.send("PATCH", USERS + "/update-admin", username="admin", is_admin=False)
    deleted = admin.send("DELETE", USERS + "/delete", username="admin")

    assert refused(dismissed) == (400, "INVALID_STATE")
    assert refused(deleted) == (400, "BAD_REQUEST")
    assert admin.get(USERS + "/list").status == 200


def test_the_last_administrator_is_changed_otherwise_all_the_same(admin):
    granted = {"username": "admin", "resource_type": "experiment", "resource_id": "*", "permission": "READ"}

    assert admin.post(PERMISSIONS + "/permissions/grant", **granted).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", USERS + "/create"),
        ("GET", USERS + "/list"),
        ("PATCH", USERS + "/update-admin"),
        ("DELETE", USERS + "/delete"),
        ("POST", ACCESS + "/users/restore"),
    ],
)
def test_only_an_administrator_with_an_unlimited_token_administers(admin, ada, method, path):
    limited = admin.another(scopes=["experiment:MANAGE:*", "registered_model:MANAGE:*"])

    for principal in (ada, limited):
        answer = principal.send(method, path, username="ada", is_admin=True)

        assert refused(answer) == (403, "PERMISSION_DENIED")
    assert names(admin) == ["ada", "admin"]


def test_one_sees_oneself_and_of_others_not_whether_they_are_there(admin, ada):
    principals.user(admin, "bea")

    assert ada.get(USERS + "/get", username="ada").status == 200
    told = {ada.get(USERS + "/get", username=name).body["message"] for name in ("bea", "nobody")}
    assert len(told) == 1
    assert refused(ada.get(USERS + "/get", username="bea")) == (403, "PERMISSION_DENIED")


def test_the_twin_answers_alike(admin):
    twin = USERS.replace("/api/", "/ajax-api/")

    assert admin.get(twin + "/current").body == admin.get(USERS + "/current").body
