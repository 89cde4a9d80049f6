"""Records of reproductions through HTTP, and the stages that ask for one, without a state machine."""

import json
from typing import Any

import pytest

from chalicelib.access import identity
from chalicelib.approvals import resuming
from chalicelib.registry.chain import audit, changes
from chalicelib.storage import keys, tables
from chalicelib.storage.registry_items import Reproduction
from tests import client as api
from tests import registered
from tests.client import Answer
from tests.registered import refused

OURS = "/api/2.0/cumulog/reproductions"

pytestmark = pytest.mark.usefixtures("bucket")


def create(who: str = "bea", /, **fields: Any) -> Answer:
    with identity.in_name_of(who):
        return api.send("POST", f"{OURS}/create", json.dumps({"verdict": "equal", **fields}).encode())


def found(run_id: str, **query: Any) -> dict[str, Any]:
    return api.send("GET", f"{OURS}/search", query={"run_id": run_id, **query}).body


def again(run_id: str, who: str = "bea", status: str = "FINISHED", tag: str = "cumulog.reproduces") -> str:
    """A run of somebody's that reproduces another one."""
    with identity.in_name_of(who):
        new = api.create_run("0", tags=[{"key": tag, "value": run_id}])
        api.done("/runs/update", run_id=new, status=status)
    return new


def recorded(run_id: str, who: str = "bea", **fields: Any) -> str:
    new = again(run_id, who)
    assert create(who, run_id=run_id, reproduced_run_id=new, **fields).status == 200
    return new


def run_of_model() -> str:
    """The run of a model whose stage Production asks for a reproduction by somebody else, and for nothing more."""
    with identity.in_name_of("ada"):
        folder = registered.model()
    registered.ask_for_approval(needed=0, reproduced="somebody_else")
    return folder.split("/")[1]


def test_a_record_is_found_from_both_its_runs():
    old = api.create_run("0")
    new = again(old)
    counts = {"equal": 3, "within_tolerance": 0, "different": 1, "missing": 0}
    said = {"verdict": "different", "differences": counts, "report": "reproduction/report.json"}

    answer = create(run_id=old, reproduced_run_id=new, **said)

    record = answer.body["reproduction"]
    assert record == {"run_id": old, "reproduced_run_id": new, **said, "who": "bea", "at": record["at"]}
    assert found(old) == found(new) == {"reproductions": [record], "hidden": 0}


def test_the_first_record_of_two_runs_stays():
    old = api.create_run("0")
    new = again(old)
    first = create(run_id=old, reproduced_run_id=new, verdict="different").body

    assert create(run_id=old, reproduced_run_id=new, verdict="equal").body == first


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"status": "RUNNING"}, "RUNNING"),
        ({"status": "FAILED"}, "FAILED"),
        ({"tag": "other"}, "cumulog.reproduces"),
        ({"who": "cem"}, "created by 'cem'"),
    ],
)
def test_the_new_run_must_be_what_a_reproduction_is(fields, said):
    old = api.create_run("0")
    new = again(old, **fields)

    answer = create(run_id=old, reproduced_run_id=new)

    assert refused(answer) == (400, "INVALID_STATE")
    assert said in answer.body["message"]
    assert found(old)["reproductions"] == []


def test_a_reproduction_that_failed_may_be_recorded():
    old = api.create_run("0")
    new = again(old, status="FAILED")

    assert create(run_id=old, reproduced_run_id=new, verdict="failed").status == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "within_tolerance"},
        {"verdict": "perfect"},
        {"tolerance": -1},
        {"report": "../other"},
        {"report": "/etc"},
        {"differences": {"equal": -1}},
    ],
)
def test_what_makes_no_sense_is_refused(fields):
    old = api.create_run("0")
    new = again(old)

    assert refused(create(run_id=old, reproduced_run_id=new, **fields)) == (400, "INVALID_PARAMETER_VALUE")


def test_a_run_does_not_reproduce_itself():
    old = api.create_run("0")

    assert refused(create(run_id=old, reproduced_run_id=old)) == (400, "INVALID_PARAMETER_VALUE")


def test_a_deleted_run_keeps_its_record_which_says_so():
    old = api.create_run("0")
    new = recorded(old)

    api.done("/runs/delete", run_id=new)

    assert [each["deleted_runs"] for each in found(old)["reproductions"]] == [[new]]


def test_records_come_in_pages():
    old = api.create_run("0")
    made = {recorded(old) for _ in range(3)}

    first = found(old, max_results=2)
    rest = found(old, max_results=2, page_token=first["next_page_token"])

    assert {each["reproduced_run_id"] for each in first["reproductions"] + rest["reproductions"]} == made
    assert "next_page_token" not in rest


def test_a_request_waits_for_a_reproduction_by_somebody_else_and_goes_on_when_it_comes():
    run_id = run_of_model()
    request = registered.opened("ada")
    assert request["status"] == "PENDING"
    assert "reproduction" in request["waits_for"][0]

    recorded(run_id, "ada")
    assert registered.read(request["request_id"])["status"] == "PENDING"
    new = recorded(run_id, "bea", verdict="within_tolerance", tolerance=0.1)

    after = registered.read(request["request_id"])
    assert (after["status"], after["reproduction"]["run_id"], after["reproduction"]["who"]) == ("APPROVED", new, "bea")
    resuming.resume()
    assert registered.stages() == ["Production"]


@pytest.mark.parametrize("verdict", ["different", "failed"])
def test_a_reproduction_that_came_out_differently_does_not_count(verdict):
    run_id = run_of_model()
    request = registered.opened("ada")

    recorded(run_id, "bea", verdict=verdict)

    assert registered.read(request["request_id"])["status"] == "PENDING"


def test_a_reproduction_from_before_counts_at_once():
    run_id = run_of_model()
    recorded(run_id, "bea")

    assert registered.opened("ada")["status"] == "APPROVED"


def test_an_anonymous_reproduction_is_nobody_else_s():
    run_id = run_of_model()
    request = registered.opened("ada")

    recorded(run_id, "")

    assert registered.read(request["request_id"])["status"] == "PENDING"


def test_approvals_and_a_reproduction_may_come_in_either_order():
    run_id = run_of_model()
    registered.ask_for_approval(needed=1, reproduced="anybody")
    request = registered.opened("ada")
    assert len(request["waits_for"]) == 2

    approved = registered.decided("approve", "bea", request["request_id"])
    assert (approved["status"], len(approved["waits_for"])) == ("PENDING", 1)
    recorded(run_id, "ada")

    assert registered.read(request["request_id"])["status"] == "APPROVED"


def test_the_audit_chain_tells_which_reproduction_counted():
    run_id = run_of_model()
    request = registered.opened("ada")
    new = recorded(run_id, "bea")
    resuming.resume()

    links = {entry.action: entry for entry in audit.entries(changes.load("wine").model_id)}

    assert links["request:reproduce"].who == "cumulog:transition"
    assert links["request:reproduce"].details["reproduction"]["run_id"] == new
    assert links["version:stage:set"].details["reproduction"]["who"] == "bea"
    assert links["version:stage:set"].details["request"] == request["request_id"]
    assert registered.get("/verify", name="wine").body["state_matches"] is True


def test_the_sweeper_tells_a_request_of_a_record_whose_writer_stopped():
    run_id = run_of_model()
    request = registered.opened("ada")
    new = again(run_id)
    place = keys.reproductions(run_id), keys.reproduction("BY", new)
    tables.put(Reproduction(*place, run_id=run_id, reproduced_run_id=new, verdict="equal", who="bea", at=1))

    resuming.resume()

    assert registered.read(request["request_id"])["status"] == "APPLIED"


def test_a_version_without_a_run_cannot_wait_for_its_reproduction():
    run_of_model()
    with identity.in_name_of("ada"):
        source = "s3://team-bucket/models/wine"
        api.done("/model-versions/create", name="wine", source=source)

    answer = registered.transition(version="2")

    assert refused(answer) == (400, "INVALID_STATE")


def test_a_policy_without_a_reproduction_is_stored_as_before():
    registered.model()
    registered.ask_for_approval()

    assert "reproduced" not in changes.load("wine").policies["Production"]


def test_a_policy_must_need_something():
    registered.model()

    answer = registered.post("/policies/set", name="wine", stage="Production", policy="approval", needed=0)

    assert refused(answer) == (400, "INVALID_PARAMETER_VALUE")
