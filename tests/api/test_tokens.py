"""Tokens: what one may, who makes and ends which, and that a text is shown once and kept nowhere."""

import pytest

from chalicelib import clock, errors, remembered
from chalicelib.accounts import token_changes, token_list, token_rules
from tests import principals
from tests.api import stored
from tests.client import PREFIX
from tests.closed_access import admin as admin
from tests.closed_access import closed as closed
from tests.principals import ACCESS, USERS, Principal

CREATE, REVOKE, ROTATE = (f"{ACCESS}/tokens/{verb}" for verb in ("create", "revoke", "rotate"))
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def ada(admin: Principal) -> Principal:
    return principals.user(admin, "ada", label="first")


def refused(answer):
    return answer.status, answer.body["error_code"]


def is_good(principal: Principal) -> bool:
    """Whether the token opens anything, for the gateway and for the handler."""
    remembered.forget_all()
    return principal.get(ACCESS + "/me").status == 200


def expiry_days(principal: Principal) -> float:
    token = principal.get(ACCESS + "/me").body["token"]
    return (token["expires"] - token["created"]) / DAY_MS


def test_a_token_may_all_that_its_owner_may_for_ninety_days(admin):
    reply = admin.done(CREATE, label="laptop")

    token = reply["token"]
    assert reply["text"].startswith("cml_p_" + token["token_id"])
    assert (token["owner"], token["label"], token["scopes"], token["parents"]) == ("admin", "laptop", ["all"], [])
    assert (token["expires"] - token["created"]) / DAY_MS == 90
    assert token["created_by"] == "admin"
    assert is_good(Principal("admin", reply["text"]))


def test_a_token_lasts_as_long_as_is_asked(ada):
    assert expiry_days(ada.another(expires_in_seconds=3600)) == pytest.approx(1 / 24)
    assert expiry_days(ada.another(expires_in_seconds=365 * 24 * 3600)) == 365


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_in_seconds": 0},
        {"expires_in_seconds": -1},
        {"expires_in_seconds": 365 * 24 * 3600 + 1},
        {"label": "x" * 101},
        {"label": "line\nbreak"},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["experiment:WRITE:*"]},
        {"scopes": ["experiment:READ:"]},
        {"scopes": [f"experiment:READ:{number}" for number in range(51)]},
        {"owner": "a b"},
    ],
    ids=str,
)
def test_a_token_of_other_terms_is_refused(ada, fields):
    assert refused(ada.post(CREATE, **fields)) == (400, "INVALID_PARAMETER_VALUE")


def test_an_expired_token_opens_nothing(ada):
    brief = ada.another(expires_in_seconds=60)
    assert is_good(brief)

    with clock.frozen(clock.now_ms() + 61_000):
        assert not is_good(brief)
        assert is_good(ada)


def test_me_says_who_asks_by_which_token_and_what_it_may(admin, ada):
    limited = admin.another(scopes=["experiment:READ:*"], label="reader")

    mine, limits = ada.get(ACCESS + "/me").body, limited.get(ACCESS + "/me").body

    assert (mine["username"], mine["is_admin"], mine["may_administer"], mine["scopes"]) == (
        "ada",
        False,
        False,
        ["all"],
    )
    assert mine["token"]["token_id"] == ada.token_id
    assert mine["everywhere"] == {"experiment": "NO_PERMISSIONS", "registered_model": "NO_PERMISSIONS"}
    assert (limits["is_admin"], limits["may_administer"]) == (True, False)
    assert limits["everywhere"] == {"experiment": "READ", "registered_model": "NO_PERMISSIONS"}


def test_neither_text_nor_digest_is_shown_again_and_the_text_is_stored_nowhere(admin, ada, caplog):
    made = ada.another(label="second")

    listed = ada.tokens()
    assert [token["label"] for token in listed] == ["first", "second"]
    shown = {"token_id", "owner", "label", "scopes", "created", "created_by", "created_with", "parents", "expires"}
    assert {name for token in listed for name in token} == shown
    secret = made.token[28:]
    assert secret not in str(stored.items())
    assert secret not in caplog.text


def test_an_administrator_makes_lists_and_revokes_tokens_of_others(admin, ada):
    robot = principals.user(admin, "robot", kind="service", scopes=["experiment:EDIT:*"])

    assert [token["created_by"] for token in admin.tokens(owner="robot")] == ["admin"]
    admin.done(REVOKE, token_id=robot.token_id)

    assert not is_good(robot)


def test_others_tokens_are_none_of_ones_business(admin, ada):
    bea = principals.user(admin, "bea")

    assert refused(ada.post(CREATE, owner="bea")) == (403, "PERMISSION_DENIED")
    assert refused(ada.get(ACCESS + "/tokens/list", owner="bea")) == (403, "PERMISSION_DENIED")
    for path in (REVOKE, ROTATE):
        there, nowhere = (ada.post(path, token_id=token_id) for token_id in (bea.token_id, "x" * 22))
        assert refused(there) == refused(nowhere) == (404, "RESOURCE_DOES_NOT_EXIST")
        assert there.body["message"].replace(bea.token_id, "x" * 22) == nowhere.body["message"]
    assert is_good(bea)


def test_a_limited_token_makes_narrower_ones_only(ada):
    limited = ada.another(scopes=["experiment:EDIT:*", "registered_model:READ:wine"])

    made = limited.another(scopes=["experiment:READ:7"])

    assert made.tokens()[0]["parents"] == [limited.token_id]
    assert limited.another().tokens()[0]["scopes"] == ["experiment:EDIT:*", "registered_model:READ:wine"]
    for wider in (["all"], ["experiment:MANAGE:7"], ["registered_model:READ:*"], ["experiment:READ:7", "all"]):
        assert refused(limited.post(CREATE, scopes=wider)) == (403, "PERMISSION_DENIED")


def test_a_limited_token_makes_none_that_outlives_it(ada):
    limited = ada.another(scopes=["experiment:EDIT:*"], expires_in_seconds=3600)

    longer = limited.post(CREATE, expires_in_seconds=3700)
    usual = limited.another()

    assert refused(longer) == (403, "PERMISSION_DENIED")
    assert usual.tokens()[0]["expires"] == limited.tokens()[0]["expires"]


def test_a_limited_token_of_an_administrator_makes_none_for_others(admin, ada):
    limited = admin.another(scopes=["experiment:MANAGE:*"])

    assert refused(limited.post(CREATE, owner="ada")) == (403, "PERMISSION_DENIED")


def test_derivation_has_an_end(ada):
    last = ada.another(scopes=["experiment:READ:*"])
    for _ in range(token_rules.MOST_PARENTS):
        last = last.another()

    assert refused(last.post(CREATE)) == (403, "PERMISSION_DENIED")


def test_a_revoked_token_takes_along_all_that_were_derived_from_it(ada):
    root = ada.another(scopes=["experiment:EDIT:*"])
    child = root.another(scopes=["experiment:READ:*"])
    grandchild, sibling = child.another(), root.another()

    child.done(REVOKE, token_id=child.token_id)

    assert [is_good(each) for each in (ada, root, sibling)] == [True] * 3
    assert [is_good(each) for each in (child, grandchild)] == [False] * 2
    ada.done(REVOKE, token_id=root.token_id)
    assert [is_good(each) for each in (ada, root, sibling)] == [True, False, False]


def test_a_derived_token_is_dead_with_its_origin_even_if_the_revocation_broke_off_before_it_came_to_it(ada):
    root = ada.another(scopes=["experiment:EDIT:*"])
    grandchild = root.another().another()

    # All that a revocation does before it looks for what was derived.
    token_list.revoke([token_list.load(root.token_id)])
    remembered.forget_all()

    assert not is_good(grandchild)
    assert not token_list.load(grandchild.token_id).revoked


def test_a_limited_token_ends_itself_and_its_own_only(ada):
    limited = ada.another(scopes=["experiment:EDIT:*"])
    child, other = limited.another(), ada.another(scopes=["experiment:READ:*"])

    assert [token["token_id"] for token in limited.tokens()] == [limited.token_id, child.token_id]
    for path in (REVOKE, ROTATE):
        for theirs in (ada, other):
            assert refused(limited.post(path, token_id=theirs.token_id)) == (404, "RESOURCE_DOES_NOT_EXIST")
        assert refused(child.post(path, token_id=limited.token_id)) == (404, "RESOURCE_DOES_NOT_EXIST")
    limited.done(REVOKE, token_id=child.token_id)
    limited.done(REVOKE, token_id=limited.token_id)
    assert [is_good(each) for each in (limited, child, other)] == [False, False, True]


def test_a_token_is_revoked_twice_without_harm(ada):
    other = ada.another()
    ada.done(REVOKE, token_id=other.token_id)
    first = [token.get("revoked") for token in ada.tokens()]

    with clock.frozen(clock.now_ms() + 1000):
        ada.done(REVOKE, token_id=other.token_id)

    assert [token.get("revoked") for token in ada.tokens()] == first


def test_a_rotated_token_has_a_successor_of_the_same_terms(ada):
    old = ada.another(label="ci", expires_in_seconds=3600)

    with clock.frozen(clock.now_ms() + 600_000):
        reply = ada.done(ROTATE, token_id=old.token_id)
        new = Principal("ada", reply["text"])

        assert (reply["token"]["label"], reply["token"]["scopes"]) == ("ci", ["all"])
        assert expiry_days(new) == pytest.approx(1 / 24)
        assert not is_good(old)


def test_a_token_rotates_itself(ada):
    new = Principal("ada", ada.done(ROTATE, token_id=ada.token_id)["text"])

    assert (is_good(ada), is_good(new)) == (False, True)


def test_a_limited_token_that_rotates_itself_lives_no_longer_by_that(ada):
    old = ada.another(scopes=["experiment:EDIT:*"], expires_in_seconds=3600)
    child = old.another()
    ends = old.tokens()[0]["expires"]

    with clock.frozen(clock.now_ms() + 600_000):
        reply = old.done(ROTATE, token_id=old.token_id)

        assert (reply["token"]["expires"], reply["token"]["parents"]) == (ends, [])
        assert not is_good(child)


def test_a_derived_token_stays_derived_when_it_is_rotated(ada):
    root = ada.another(scopes=["experiment:EDIT:*"])
    child = root.another()

    new = Principal("ada", ada.done(ROTATE, token_id=child.token_id)["text"])

    assert new.tokens()[0]["parents"] == [root.token_id]
    root.done(REVOKE, token_id=root.token_id)
    assert not is_good(new)


def test_a_token_that_has_ended_is_not_rotated(ada):
    revoked, brief = ada.another(), ada.another(expires_in_seconds=60)
    ada.done(REVOKE, token_id=revoked.token_id)

    with clock.frozen(clock.now_ms() + 61_000):
        for old in (revoked, brief):
            assert refused(ada.post(ROTATE, token_id=old.token_id)) == (400, "INVALID_STATE")


def test_a_user_has_so_many_valid_tokens_and_no_more(ada, monkeypatch):
    monkeypatch.setattr(token_changes, "MOST_VALID", 3)
    second, brief = ada.another(), ada.another(expires_in_seconds=60)

    assert refused(ada.post(CREATE)) == (400, "INVALID_STATE")
    assert ada.post(ROTATE, token_id=second.token_id).status == 200
    with clock.frozen(clock.now_ms() + 61_000):
        assert not is_good(brief)
        assert ada.post(CREATE).status == 200


def test_a_token_that_ended_long_ago_leaves_the_list(ada):
    brief, other = ada.another(expires_in_seconds=60), ada.another(label="other")
    ada.done(REVOKE, token_id=other.token_id)

    with clock.frozen(clock.now_ms() + 29 * DAY_MS):
        ada.another()
        assert len(ada.tokens()) == 4
    with clock.frozen(clock.now_ms() + 31 * DAY_MS):
        ada.another()
        assert {token["token_id"] for token in ada.tokens()} & {brief.token_id, other.token_id} == set()


def test_whoever_makes_something_manages_it_as_far_as_their_token_goes(ada):
    experiment_id = ada.done(PREFIX + "/experiments/create", name="mine")["experiment_id"]
    reader = ada.another(scopes=[f"experiment:READ:{experiment_id}"])
    elsewhere = ada.another(scopes=["experiment:MANAGE:99"])

    answers = [
        principal.post(PREFIX + "/experiments/set-experiment-tag", experiment_id=experiment_id, key="k", value="v")
        for principal in (ada, reader, elsewhere)
    ]

    assert [answer.status for answer in answers] == [200, 403, 404]
    assert reader.get(PREFIX + "/experiments/get", experiment_id=experiment_id).status == 200


def test_a_token_is_taken_as_the_password_of_the_user_token(ada):
    path = ACCESS + "/me"

    assert principals.send("GET", path, principals.basic("token", ada.token)).body["username"] == "ada"
    assert principals.send("GET", path, principals.basic("ada", ada.token)).status == 401
    assert principals.send("GET", path, "").status == 401


def test_who_has_no_administrator_makes_the_first_one_once(store):
    from chalicelib.accounts import first_admin

    text = first_admin.create_once()

    assert is_good(Principal("admin", text))
    assert first_admin.create_once() is None


def test_a_link_signs_in_for_twelve_hours_and_brings_no_deleted_user_back(admin, ada):
    from chalicelib.accounts import first_admin

    linked = Principal("admin", first_admin.short_token())

    assert is_good(linked)
    assert expiry_days(linked) == 0.5
    admin.send("PATCH", USERS + "/update-admin", username="ada", is_admin=True)
    ada.send("DELETE", USERS + "/delete", username="admin")
    with pytest.raises(errors.ResourceDoesNotExist):
        first_admin.short_token()


def test_whoever_holds_the_store_is_admin_again(admin, ada):
    admin.send("PATCH", USERS + "/update-admin", username="ada", is_admin=True)
    ada.send("DELETE", USERS + "/delete", username="admin")
    assert not is_good(admin)

    again = principals.admin()

    assert again.get(USERS + "/list").status == 200
    assert not is_good(admin)
