"""Opening and deciding transition requests through HTTP, without a state machine: the sweeper carries them out."""

import pytest

from chalicelib import clock
from chalicelib.approvals import resuming
from chalicelib.registry.chain import audit, changes
from tests import client as api
from tests import registered
from tests.api.approved_model import folder as folder
from tests.registered import OURS, audited, refused, transition

WEEK_MS = 7 * 86_400_000


pytestmark = pytest.mark.usefixtures("bucket")


def test_a_transition_that_needs_approval_tells_of_the_request_that_it_opened(folder):
    answer = transition(archive_existing_versions=True)

    (request_id,) = registered.listed()
    assert refused(answer) == (400, "INVALID_STATE")
    for part in (request_id, "2 approvals are needed, by anyone other than the requester", OURS + "/requests/approve"):
        assert part in answer.body["message"]
    assert registered.stages() == ["None"]
    request = registered.read(request_id)
    assert (request["status"], request["archive_existing_versions"]) == ("PENDING", True)


def test_a_version_without_files_has_nothing_that_could_be_approved(folder):
    run_id = api.create_run("0")
    api.done("/model-versions/create", name="wine", source=f"runs:/{run_id}/nothing", run_id=run_id)

    answer = transition(version="4")

    assert refused(answer) == (400, "INVALID_STATE")
    assert "no files" in answer.body["message"]
    assert registered.listed() == []


def test_asking_again_answers_with_the_same_request(folder):
    request = registered.opened(comment="please")

    assert registered.opened("bea") == request
    assert request["request_id"] in transition().body["message"]
    assert registered.opened(version=2)["request_id"] != request["request_id"]
    assert audited()[1:] == [("ada", "request:create")] * 2


def test_two_approvals_bring_a_version_to_production(folder):
    request_id = registered.opened(archive_existing_versions=True)["request_id"]

    assert registered.decided("approve", "bea", request_id, "fine")["status"] == "PENDING"
    assert registered.decided("approve", "cem", request_id)["status"] == "APPROVED"
    assert resuming.resume() == 1

    assert registered.stages() == ["Production"]
    request = registered.read(request_id)
    assert request["status"] == "APPLIED"
    assert [(each["who"], each["comment"]) for each in request["decisions"]] == [("bea", "fine"), ("cem", "")]
    assert registered.listed() == []
    assert audited()[1:] == [
        ("ada", "request:create"),
        ("bea", "request:approve"),
        ("cem", "request:approve"),
        ("cumulog:transition", "version:stage:set"),
    ]


def test_the_link_of_the_transition_tells_who_asked_and_who_approved(folder):
    request = registered.opened(comment="it is better")
    for who in ("bea", "cem"):
        registered.decided("approve", who, request["request_id"])
    resuming.resume()

    *_, last = audit.entries(changes.load("wine").model_id)
    assert last.sequence == registered.read(request["request_id"])["audit_sequence"]
    assert last.request_id == request["request_id"]
    assert last.details == {
        "from": "None",
        "to": "Production",
        "archived": [],
        "request": request["request_id"],
        "requester": "ada",
        "approvers": ["bea", "cem"],
        "comment": "it is better",
        "files": request["files"],
    }


def test_a_principal_counts_once_and_may_say_so_twice(folder):
    request_id = registered.opened()["request_id"]
    registered.decided("approve", "bea", request_id)

    again = registered.decided("approve", "bea", request_id)

    assert (again["status"], len(again["decisions"])) == ("PENDING", 1)
    assert audited().count(("bea", "request:approve")) == 1


def test_the_requester_may_not_approve_and_may_cancel(folder):
    request_id = registered.opened("ada")["request_id"]

    assert refused(registered.post("/requests/approve", "ada", request_id=request_id)) == (403, "PERMISSION_DENIED")
    assert refused(registered.post("/requests/cancel", "bea", request_id=request_id)) == (403, "PERMISSION_DENIED")
    for _ in range(2):
        assert registered.decided("cancel", "ada", request_id, "not yet")["status"] == "CANCELED"
    assert registered.read(request_id)["reason"] == "not yet"
    assert audited()[1:] == [("ada", "request:create"), ("ada", "request:cancel")]
    assert registered.opened()["request_id"] != request_id


def test_where_the_policy_says_so_the_requester_approves():
    registered.model()
    registered.ask_for_approval(requester_may_approve=True)

    request_id = registered.opened("ada")["request_id"]

    assert registered.decided("approve", "ada", request_id)["status"] == "APPROVED"


def test_only_approvers_decide():
    registered.model()
    registered.ask_for_approval(approvers=["bea", "cem", "bea"])
    request_id = registered.opened()["request_id"]

    for verdict in ("approve", "reject"):
        answer = registered.post(f"/requests/{verdict}", "dan", request_id=request_id)
        assert refused(answer) == (403, "PERMISSION_DENIED")
        assert "bea, cem" in answer.body["message"]
    assert registered.decided("approve", "cem", request_id)["status"] == "APPROVED"


def test_one_rejection_ends_a_request(folder):
    request_id = registered.opened()["request_id"]
    registered.decided("approve", "bea", request_id)

    for _ in range(2):
        assert registered.decided("reject", "bea", request_id, "it is biased")["status"] == "REJECTED"

    late = registered.post("/requests/approve", "cem", request_id=request_id)
    assert refused(late) == (400, "INVALID_STATE")
    assert "REJECTED: it is biased" in late.body["message"]
    assert resuming.resume() == 0
    assert registered.stages() == ["None"]


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        ({}, 403),
        ({"requester_may_approve": True}, 200),
        ({"requester_may_approve": True, "needed": 2}, 403),
        ({"requester_may_approve": True, "approvers": ["ada"]}, 403),
    ],
)
def test_nobody_named_may_ask_and_approves_only_what_anybody_may(policy, status):
    registered.model()
    registered.ask_for_approval(**policy)
    request = registered.opened("")

    answer = registered.post("/requests/approve", "", request_id=request["request_id"])

    assert request["requester"] == ""
    assert answer.status == status


def test_a_request_expires_by_the_clock_alone(folder):
    request = registered.opened()

    with clock.frozen(request["expires"] - 1):
        registered.decided("approve", "bea", request["request_id"])
    with clock.frozen(request["expires"]):
        late = registered.post("/requests/approve", "cem", request_id=request["request_id"])

    assert request["expires"] - request["created"] == WEEK_MS
    assert refused(late) == (400, "INVALID_STATE")
    assert "EXPIRED" in late.body["message"]
    assert registered.read(request["request_id"])["status"] == "EXPIRED"
    assert audited()[-1] == ("cumulog:transition", "request:expire")


def test_the_sweeper_ends_what_has_expired(folder):
    request = registered.opened()

    with clock.frozen(request["expires"]):
        resuming.resume()

    assert registered.read(request["request_id"])["status"] == "EXPIRED"
    assert registered.listed() == []


def test_asking_again_after_the_end_opens_another_request(folder):
    request = registered.opened()

    with clock.frozen(request["expires"]):
        another = registered.opened()

    assert another["request_id"] != request["request_id"]
    assert registered.read(request["request_id"])["status"] == "EXPIRED"


def test_what_was_approved_in_time_is_carried_out_later(folder):
    request = registered.opened()
    for who in ("bea", "cem"):
        registered.decided("approve", who, request["request_id"])

    with clock.frozen(request["expires"] + WEEK_MS):
        resuming.resume()

    assert registered.stages() == ["Production"]


def test_a_tightened_policy_leaves_open_requests_as_they_were():
    registered.model()
    registered.ask_for_approval()
    request_id = registered.opened()["request_id"]
    registered.ask_for_approval(needed=2)

    assert registered.decided("approve", "bea", request_id)["status"] == "APPROVED"


def test_open_requests_are_listed_in_pages_of_one_model_or_of_all(folder):
    registered.model("beer")
    registered.ask_for_approval("beer")
    of_wine = sorted(registered.opened(version=version)["request_id"] for version in (1, 2, 3))
    of_beer = [registered.opened(name="beer")["request_id"]]

    first = registered.get("/requests/list", name="wine", max_results=2).body
    second = registered.get("/requests/list", name="wine", max_results=2, page_token=first["next_page_token"]).body

    assert [each["request_id"] for each in first["requests"] + second["requests"]] == of_wine
    assert "next_page_token" not in second
    assert registered.listed(name="beer") == of_beer
    assert registered.listed() == sorted(of_wine + of_beer)


@pytest.mark.parametrize("request_id", ["x", "0" * 49, "0" * 32 + "-" + "0" * 16, "../" * 10, "é"])
def test_an_unknown_request_is_not_there(request_id):
    assert refused(registered.get("/requests/get", request_id=request_id)) == (404, "RESOURCE_DOES_NOT_EXIST")
    for verdict in ("approve", "reject", "cancel"):
        assert registered.post(f"/requests/{verdict}", request_id=request_id).status == 404
