"""Leases: a run whose client falls silent is ended by the sweeper, and goes on when the client comes back."""

import json
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import Lease
from chalicelib.sweeper.lapsing import end_silent
from tests import client as api
from tests.client import Answer
from tests.contract.sweeping import seal

NOW = 1_795_000_000_000
PREFIX = "/api/2.0/cumulog"


def lease(run_id: str, holder: str = "gpu-7:42", seconds: Any = 540) -> Answer:
    body = {"run_id": run_id, "holder": holder, "seconds": seconds}
    return api.send("POST", f"{PREFIX}/runs/lease", json.dumps(body).encode())


def renewed(run_id: str, at_s: int, holder: str = "gpu-7:42", seconds: int = 540) -> dict[str, Any]:
    with clock.frozen(NOW + at_s * 1000):
        answer = lease(run_id, holder, seconds)
    assert answer.status == 200, answer.body
    return answer.body


def sweep(at_s: int) -> None:
    with clock.frozen(NOW + at_s * 1000):
        end_silent()


def info(run_id: str) -> dict[str, Any]:
    return dict(api.get("/runs/get", run_id=run_id).body["run"]["info"])


def remark(run_id: str) -> str | None:
    tags = api.run_data(run_id)["tags"]
    return tags.get("cumulog.lease")


def stored(run_id: str) -> Lease | None:
    return tables.get(Lease, keys.LEASES, run_id)


def log(run_id: str, at_s: int) -> None:
    with clock.frozen(NOW + at_s * 1000):
        api.done("/runs/log-metric", run_id=run_id, key="loss", value=1, timestamp=5, step=1)


@pytest.fixture
def run_id(experiment_id: str) -> str:
    with clock.frozen(NOW):
        return api.create_run(experiment_id)


def test_a_lease_is_answered_with_its_end(run_id: str) -> None:
    assert renewed(run_id, 0) == {"expires": NOW + 540_000}
    assert renewed(run_id, 300) == {"expires": NOW + 840_000}


def test_a_run_whose_lease_ran_out_was_killed_at_its_last_sign_of_life(run_id: str) -> None:
    renewed(run_id, 0)
    renewed(run_id, 300)

    sweep(841)

    assert info(run_id)["status"] == "KILLED"
    assert info(run_id)["end_time"] == NOW + 300_000
    assert remark(run_id) == (
        "ran out at 2026-11-18T11:20:40Z, last sign of life at 2026-11-18T11:11:40Z, held by gpu-7:42"
    )
    assert stored(run_id) is None


def test_a_point_after_the_last_renewal_is_the_last_sign_of_life(run_id: str) -> None:
    renewed(run_id, 0)
    log(run_id, 200)

    sweep(1_000)

    assert info(run_id)["end_time"] == NOW + 200_000


def test_a_run_that_logs_is_alive_whatever_becomes_of_its_lease(run_id: str) -> None:
    renewed(run_id, 0)
    log(run_id, 500)

    sweep(1_000)

    assert info(run_id)["status"] == "RUNNING"


def test_a_run_whose_lease_holds_is_left_alone(run_id: str) -> None:
    renewed(run_id, 0)

    sweep(539)

    assert info(run_id)["status"] == "RUNNING"
    assert stored(run_id) is not None


def test_a_run_without_a_lease_is_never_ended(run_id: str) -> None:
    sweep(1_000_000)

    assert info(run_id)["status"] == "RUNNING"


def test_a_search_finds_a_run_that_was_ended(experiment_id: str, run_id: str) -> None:
    renewed(run_id, 0)
    assert api.found_ids(experiment_id, filter="attributes.status = 'RUNNING'") == [run_id]

    sweep(600)

    assert api.found_ids(experiment_id, filter="attributes.status = 'KILLED'") == [run_id]
    assert api.found_ids(experiment_id, filter="tags.`cumulog.lease` LIKE '%gpu-7%'") == [run_id]


def test_a_run_that_comes_back_runs_as_before(experiment_id: str, run_id: str) -> None:
    renewed(run_id, 0)
    sweep(600)

    assert renewed(run_id, 700) == {"expires": NOW + 1_240_000}

    assert info(run_id)["status"] == "RUNNING"
    assert "end_time" not in info(run_id)
    assert remark(run_id) is None
    assert api.found_ids(experiment_id, filter="attributes.status = 'RUNNING'") == [run_id]


def test_a_run_that_came_back_is_ended_again_when_it_falls_silent_again(run_id: str) -> None:
    renewed(run_id, 0)
    sweep(600)
    renewed(run_id, 700)
    renewed(run_id, 1_000)

    sweep(2_000)

    assert info(run_id)["status"] == "KILLED"
    assert info(run_id)["end_time"] == NOW + 1_000_000


@pytest.mark.usefixtures("bucket")
def test_a_sealed_run_is_ended_and_comes_back(experiment_id: str, run_id: str) -> None:
    with clock.frozen(NOW):
        lease(run_id, seconds=86_400)
    seal(run_id)

    sweep(90_000)
    killed = api.found_ids(experiment_id, filter="attributes.status = 'KILLED'")
    renewed(run_id, 90_001)

    assert killed == [run_id]
    assert info(run_id)["status"] == "RUNNING"


def test_the_end_that_arrives_late_is_the_end_of_the_run(run_id: str) -> None:
    renewed(run_id, 0)
    sweep(600)

    api.done("/runs/update", run_id=run_id, status="FINISHED", end_time=NOW + 7, lease_holder="gpu-7:42")

    assert info(run_id)["status"] == "FINISHED"
    assert info(run_id)["end_time"] == NOW + 7
    assert remark(run_id) is None


def test_a_run_that_is_said_to_run_has_not_ended(run_id: str) -> None:
    renewed(run_id, 0)
    sweep(600)

    api.done("/runs/update", run_id=run_id, status="RUNNING")

    assert info(run_id)["status"] == "RUNNING"
    assert "end_time" not in info(run_id)
    assert remark(run_id) is None


def test_a_new_name_does_not_bring_a_run_back(run_id: str) -> None:
    renewed(run_id, 0)
    sweep(600)

    api.done("/runs/update", run_id=run_id, run_name="other")

    assert info(run_id)["status"] == "KILLED"
    assert remark(run_id) is not None


@pytest.mark.parametrize("status", ["KILLED", "FINISHED", "FAILED"])
def test_a_run_that_somebody_ended_stays_so(run_id: str, status: str) -> None:
    renewed(run_id, 0)
    api.done("/runs/update", run_id=run_id, status=status, end_time=9)
    sweep(600)

    assert renewed(run_id, 700) == {"ended": True}

    assert (info(run_id)["status"], info(run_id)["end_time"]) == (status, 9)
    assert stored(run_id) is None


def test_a_process_whose_run_somebody_ended_hears_of_it_within_half_an_hour(run_id: str) -> None:
    renewed(run_id, 0)
    api.done("/runs/update", run_id=run_id, status="KILLED", end_time=9)

    replies = [renewed(run_id, 300 * number) for number in range(1, 7)]

    assert ["ended" in reply for reply in replies] == [False] * 5 + [True]
    assert (info(run_id)["status"], info(run_id)["end_time"]) == ("KILLED", 9)
    assert stored(run_id) is None


def test_a_run_that_somebody_ended_and_that_goes_on_keeps_its_lease(run_id: str) -> None:
    renewed(run_id, 0)
    api.done("/runs/update", run_id=run_id, status="KILLED", end_time=9)
    api.done("/runs/update", run_id=run_id, status="RUNNING")

    replies = [renewed(run_id, 300 * number) for number in range(1, 9)]

    assert replies[-1] == {"expires": NOW + 2_940_000}


def test_a_run_that_was_ended_for_want_of_a_lease_and_then_by_somebody_stays_so(run_id: str) -> None:
    renewed(run_id, 0)
    sweep(600)
    api.done("/runs/update", run_id=run_id, status="KILLED", end_time=9)

    assert renewed(run_id, 700) == {"ended": True}


def test_the_end_of_a_run_ends_the_lease_of_the_process_that_says_so(run_id: str) -> None:
    renewed(run_id, 0)

    api.done("/runs/update", run_id=run_id, status="FINISHED", lease_holder="gpu-7:42")

    assert stored(run_id) is None


def test_the_lease_of_another_process_is_left_to_the_sweeper(run_id: str) -> None:
    renewed(run_id, 0)

    api.done("/runs/update", run_id=run_id, status="FINISHED", lease_holder="gpu-8:1")
    left = stored(run_id)
    sweep(600)

    assert left is not None
    assert stored(run_id) is None


def test_a_run_that_goes_on_keeps_its_lease(run_id: str) -> None:
    renewed(run_id, 0)

    api.done("/runs/update", run_id=run_id, status="RUNNING", lease_holder="gpu-7:42")

    assert stored(run_id) is not None


def test_a_run_that_waits_for_another_machine_is_not_ended_however_long_that_takes(run_id: str) -> None:
    renewed(run_id, 0)

    api.done("/runs/update", run_id=run_id, status="SCHEDULED", lease_holder="gpu-7:42")
    sweep(90_000)

    assert info(run_id)["status"] == "SCHEDULED"
    assert stored(run_id) is None


def test_a_second_process_is_told_of_the_first(run_id: str) -> None:
    renewed(run_id, 0)

    told = renewed(run_id, 60, holder="gpu-8:1")

    assert told["other_holder"] == {"holder": "gpu-7:42", "since": NOW, "until": NOW + 540_000}
    assert told["expires"] == NOW + 600_000


def test_a_run_lives_while_one_of_its_processes_does(run_id: str) -> None:
    renewed(run_id, 0)
    renewed(run_id, 500, holder="gpu-8:1")
    sweep(600)
    alive = info(run_id)["status"]

    told = renewed(run_id, 700, holder="gpu-8:1")
    sweep(1_300)

    assert alive == "RUNNING"
    assert "other_holder" not in told
    assert info(run_id)["status"] == "KILLED"
    assert "held by gpu-8:1" in str(remark(run_id))


def test_the_lease_of_a_deleted_run_is_refused(run_id: str) -> None:
    api.done("/runs/delete", run_id=run_id)

    answer = lease(run_id)

    assert (answer.status, answer.body["cumulog_error"]) == (400, "RUN_DELETED")
    assert stored(run_id) is None


def test_a_deleted_run_whose_lease_runs_out_comes_back_as_killed(run_id: str) -> None:
    renewed(run_id, 0)
    api.done("/runs/delete", run_id=run_id)

    sweep(600)
    api.done("/runs/restore", run_id=run_id)

    assert info(run_id)["status"] == "KILLED"


def test_a_run_of_a_deleted_experiment_is_ended_too(experiment_id: str, run_id: str) -> None:
    renewed(run_id, 0)
    api.done("/experiments/delete", experiment_id=experiment_id)

    refused = lease(run_id, holder="gpu-8:1")
    sweep(600)
    api.done("/experiments/restore", experiment_id=experiment_id)

    assert refused.status == 400
    assert info(run_id)["status"] == "KILLED"


def test_a_run_whose_tags_are_outside_of_its_info_is_ended_and_comes_back(run_id: str) -> None:
    tags = [{"key": f"long {number}", "value": "x" * 8000} for number in range(9)]
    api.done("/runs/log-batch", run_id=run_id, tags=tags)
    renewed(run_id, 0)

    sweep(600)
    said = remark(run_id)
    renewed(run_id, 700)

    assert said is not None
    assert remark(run_id) is None
    assert info(run_id)["status"] == "RUNNING"


def test_the_tag_that_outgrows_info_is_kept_outside_of_it(run_id: str) -> None:
    tags = [{"key": f"long {number}", "value": "x" * 7990} for number in range(8)]
    api.done("/runs/log-batch", run_id=run_id, tags=[*tags])
    renewed(run_id, 0)

    sweep(600)
    said = remark(run_id)
    api.done("/runs/update", run_id=run_id, status="FINISHED")

    assert said is not None
    assert remark(run_id) is None


def test_the_end_of_a_run_is_never_before_its_beginning(experiment_id: str) -> None:
    run_id = api.create_run(experiment_id, start_time=NOW + 86_400_000)
    renewed(run_id, 0)

    sweep(600)

    assert info(run_id)["end_time"] == NOW + 86_400_000


def test_an_unknown_run_has_no_lease() -> None:
    answer = lease("f" * 32)

    assert (answer.status, answer.body["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert stored("f" * 32) is None


@pytest.mark.parametrize("seconds", [0, 4, 86_401, -1, "x", 1.5, None])
def test_a_time_that_no_lease_can_have_is_refused(run_id: str, seconds: Any) -> None:
    answer = lease(run_id, seconds=seconds)

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert stored(run_id) is None


@pytest.mark.parametrize("holder", ["", "h" * 251, "two\nlines", 5])
def test_a_holder_that_cannot_be_shown_is_refused(run_id: str, holder: Any) -> None:
    assert lease(run_id, holder=holder).status == 400
    assert api.post("/runs/update", run_id=run_id, status="FINISHED", lease_holder=holder).status == 400
