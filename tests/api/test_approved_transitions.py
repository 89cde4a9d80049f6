"""What becomes of a request that was approved: the transition, or the reason why there was none."""

import json
import logging

import pytest

from chalicelib.approvals import requests, resuming
from chalicelib.approvals.machine import tasks
from chalicelib.errors import InvalidState
from chalicelib.storage import objects, tables
from tests import client as api
from tests import registered
from tests.api.approved_model import folder as folder
from tests.registered import audited, transition

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.mark.parametrize(
    ("path", "body"),
    [("model.bin", b"0123456780"), ("model.bin", b"01234567890"), ("new.py", b""), ("MLmodel", b"flavors: []")],
)
def test_other_files_than_were_approved_are_refused(folder, path, body):
    request_id = registered.opened()["request_id"]
    for who in ("bea", "cem"):
        registered.decided("approve", who, request_id)
    objects.put(f"{folder}/{path}", body)

    resuming.resume()

    request = registered.read(request_id)
    assert (request["status"], registered.stages()) == ("FAILED", ["None"])
    assert "files" in request["reason"]
    assert audited()[-1] == ("cumulog:transition", "request:fail")


def test_a_file_that_is_gone_is_a_change_too(folder):
    request_id = registered.opened()["request_id"]
    for who in ("bea", "cem"):
        registered.decided("approve", who, request_id)
    objects.delete([f"{folder}/model.bin"])

    resuming.resume()

    assert registered.read(request_id)["status"] == "FAILED"


def test_files_beside_the_versions_own_do_not_matter(folder):
    request_id = registered.opened()["request_id"]
    objects.put(f"{folder}2/model.bin", b"other")
    for who in ("bea", "cem"):
        registered.decided("approve", who, request_id)

    resuming.resume()

    assert registered.read(request_id)["status"] == "APPLIED"


def test_what_nobody_has_approved_is_not_carried_out(folder):
    request_id = registered.opened()["request_id"]
    registered.decided("approve", "bea", request_id)

    with pytest.raises(InvalidState, match="PENDING"):
        tasks.apply({"request_id": request_id})

    assert registered.stages() == ["None"]


def test_a_status_without_its_approvals_is_not_believed(folder):
    request_id = registered.opened()["request_id"]
    registered.decided("approve", "bea", request_id)
    item = requests.load(request_id)
    item.status = "APPROVED"
    tables.put(item)

    resuming.resume()

    assert registered.stages() == ["None"]
    assert registered.read(request_id)["status"] == "FAILED"


def test_the_archived_are_those_at_the_time_of_the_transition(folder):
    registered.post("/policies/set", name="wine", stage="Production", policy="none")
    transition(version="2")
    registered.ask_for_approval()
    request_id = registered.opened(archive_existing_versions=True)["request_id"]
    registered.decided("approve", "bea", request_id)

    resuming.resume()

    assert registered.stages(versions=(1, 2, 3)) == ["Production", "Archived", "None"]


def test_a_version_that_is_deleted_meanwhile_fails_its_request(folder):
    request_id = registered.opened()["request_id"]
    for who in ("bea", "cem"):
        registered.decided("approve", who, request_id)
    deletion = json.dumps({"name": "wine", "version": "1"}).encode()
    assert api.send("DELETE", api.PREFIX + "/model-versions/delete", deletion).status == 200

    resuming.resume()

    assert registered.read(request_id)["status"] == "FAILED"
    assert "not found" in registered.read(request_id)["reason"]


def test_a_deleted_model_takes_its_requests_along(folder):
    request_id = registered.opened()["request_id"]
    api.send("DELETE", api.PREFIX + "/registered-models/delete", json.dumps({"name": "wine"}).encode())

    assert registered.post("/requests/approve", "bea", request_id=request_id).status == 404
    resuming.resume()

    assert registered.read(request_id)["status"] == "FAILED"
    assert registered.listed() == []


def test_a_renamed_model_keeps_its_requests(folder):
    request_id = registered.opened()["request_id"]
    api.done("/registered-models/rename", name="wine", new_name="beer")
    for who in ("bea", "cem"):
        registered.decided("approve", who, request_id)

    resuming.resume()

    assert registered.stages("beer") == ["Production"]


def test_each_step_is_announced(folder, caplog):
    with caplog.at_level(logging.INFO, "cumulog.events"):
        request_id = registered.opened()["request_id"]
        for who in ("bea", "cem"):
            registered.decided("approve", who, request_id)
        resuming.resume()
        transition(version="2", stage="Staging")

    told = [json.loads(record.message) for record in caplog.records if record.name == "cumulog.events"]
    assert [event["detail-type"] for event in told] == [
        "registry.request.create",
        "registry.request.approve",
        "registry.request.approve",
        "registry.version.stage.set",
        "registry.version.stage.set",
    ]
    assert [event["detail"]["sequence"] for event in told] == list(range(6, 11))
    assert {len(event["detail"]["digest"]) for event in told} == {64}
