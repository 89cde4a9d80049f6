"""Reproductions that are recorded while requests are opened and decided: none is lost, and each counts once."""

from collections import Counter

import pytest

from chalicelib.access import identity
from chalicelib.approvals import deciding, opening, policies, requests, resuming
from chalicelib.approvals.opening import Wanted
from chalicelib.approvals.rules import Policy
from chalicelib.registry import models, versions
from chalicelib.registry.chain import audit, changes
from chalicelib.registry.versions import NewVersion
from chalicelib.reproductions import reproductions
from chalicelib.reproductions.schemas import CreateReproduction
from chalicelib.storage import objects
from tests import client as api
from tests.contract.approvals import bucket as bucket
from tests.contract.approvals import memory as memory
from tests.contract.at_once import at_once

pytestmark = pytest.mark.usefixtures("bucket")

ROUNDS = 5


class World:
    """A model whose stage asks for a reproduction of its version's run, and a run that is one."""

    def __init__(self, number: int, needed: int) -> None:
        self.name = f"reproduced {needed} {number}"
        self.run_id = api.create_run("0")
        objects.put(f"0/{self.run_id}/artifacts/model/model.bin", b"0123456789")
        with identity.in_name_of("ada"):
            models.create(self.name, None, {})
            location = f"mlflow-artifacts:/0/{self.run_id}/artifacts/model"
            versions.create(self.name, NewVersion(source="models:/m", location=location, run_id=self.run_id))
            policy = Policy(needed=needed, approvers=("cem",) if needed else (), reproduced="somebody_else")
            policies.set_policy(self.name, "Production", policy)
        with identity.in_name_of("bea"):
            self.new_run_id = api.create_run("0", tags=[{"key": "cumulog.reproduces", "value": self.run_id}])
            api.done("/runs/update", run_id=self.new_run_id, status="FINISHED")

    def record(self) -> object:
        with identity.in_name_of("bea"):
            asked = CreateReproduction(run_id=self.run_id, reproduced_run_id=self.new_run_id, verdict="equal")
            return reproductions.create(asked).at

    def open(self) -> str:
        with identity.in_name_of("ada"):
            return opening.open_request(self.name, Wanted(1, "Production", False)).request_id

    def approve(self, request_id: str) -> object:
        with identity.in_name_of("cem"):
            return deciding.approve(request_id, "")

    def actions(self) -> Counter[str]:
        model = changes.load(self.name)
        chain = list(audit.entries(model.model_id))
        assert audit.verify(chain, model).bad is None
        return Counter(entry.action for entry in chain)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_record_that_comes_while_a_request_is_opened_is_never_lost(number: int) -> None:
    world = World(number, needed=0)

    at_once(lambda each: world.open() if each % 2 else world.record(), 4)

    assert requests.load(world.open()).status == "APPROVED"
    assert world.actions()["request:reproduce"] == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_record_and_the_last_approval_at_once_approve_once(number: int) -> None:
    world = World(number, needed=1)
    request_id = world.open()

    at_once(lambda each: world.approve(request_id) if each % 2 else world.record(), 4)

    assert requests.load(request_id).status == "APPROVED"
    assert world.actions()["request:reproduce"] == world.actions()["request:approve"] == 1
    resuming.resume()
    assert requests.load(request_id).status == "APPLIED"
    assert world.actions()["version:stage:set"] == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_many_calls_for_the_same_two_runs_one_record_is_kept(number: int) -> None:
    world = World(number, needed=0)

    kept = at_once(lambda _: world.record(), 6)

    assert len(set(kept)) == 1
    path = "/api/2.0/cumulog/reproductions/search"
    for run_id in (world.run_id, world.new_run_id):
        assert len(api.send("GET", path, query={"run_id": run_id}).body["reproductions"]) == 1
