"""What a stage asks for before a version may enter it, and how that is changed."""

import pytest

from tests import registered
from tests.api.approved_model import folder as folder
from tests.registered import audited, refused, transition

pytestmark = pytest.mark.usefixtures("bucket")


def test_without_a_policy_a_stage_asks_for_nothing():
    registered.model()

    assert transition().status == 200
    assert registered.stages() == ["Production"]
    assert registered.get("/policies/get", name="wine").body["policies"] == [
        {"stage": stage, "policy": "none"} for stage in ("None", "Staging", "Production", "Archived")
    ]
    assert refused(registered.post("/requests/create", name="wine", version="1", stage="Staging")) == (
        400,
        "INVALID_STATE",
    )


def test_a_policy_is_set_read_and_taken_back(folder):
    policies = {each["stage"]: each for each in registered.get("/policies/get", name="wine").body["policies"]}
    assert policies["Production"] == {
        "stage": "Production",
        "policy": "approval",
        "needed": 2,
        "approvers": [],
        "requester_may_approve": False,
        "expires_in_seconds": 604_800,
    }

    registered.post("/policies/set", name="wine", stage="production", policy="none")

    assert transition().status == 200
    assert audited()[:2] == [("ada", "policy:set")] * 2


def test_the_same_policy_again_is_no_change(folder):
    registered.ask_for_approval(needed=2)

    assert audited() == [("ada", "policy:set")]


@pytest.mark.parametrize(
    "fields",
    [
        {"policy": "maybe"},
        {"policy": ""},
        {"stage": "Nowhere"},
        {"needed": 0},
        {"needed": "x"},
        {"approvers": ["ada"], "needed": 2},
        {"approvers": [""]},
        {"approvers": "ada"},
        {"expires_in_seconds": 0},
        {"requester_may_approve": "yes"},
        {"name": ""},
    ],
)
def test_a_wrong_policy_is_refused(folder, fields):
    wanted = {"name": "wine", "stage": "Production", "policy": "approval", **fields}

    assert refused(registered.post("/policies/set", **wanted)) == (400, "INVALID_PARAMETER_VALUE")
