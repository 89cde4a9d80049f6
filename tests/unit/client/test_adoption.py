"""What ended processes left: `cumulog sync` and the next start deliver it, in order and without holding up anybody."""

import json
import os
import time
from pathlib import Path

import pytest

from cumulog._delivery.deliverer import Deliverer
from cumulog._delivery.sync import sync
from cumulog._fluent.starting import Wanted, created
from cumulog._journal import places
from cumulog._journal.chains import Head
from cumulog._journal.records import Kind, whole
from cumulog._journal.writers import Writer
from tests.unit.client.fake_server import World
from tests.unit.client.jobs import RUN, Job, left_behind, steps, stored


def test_sync_delivers_what_a_killed_job_left_and_twice_is_once(world: World) -> None:
    left_behind(world.url)

    reports = [sync(world.url, print) for _ in range(2)]

    assert [(report.delivered, report.left) for report in reports] == [(2, {}), (0, {})]
    assert steps(world) == [1]
    assert list(places.chains()) == []


def test_sync_delivers_what_was_logged_without_a_server(world: World) -> None:
    left_behind("")

    assert sync(world.url, print).left == {}
    assert steps(world) == [1]


def test_sync_sends_nothing_to_another_server_than_the_caller_names(world: World) -> None:
    folder = left_behind("http://elsewhere")

    report = sync(world.url, print)

    assert "--from http://elsewhere" in report.left[folder.name]
    assert (world.tracking.runs, world.credentials) == ({}, [])


def test_sync_sends_what_was_for_another_address_if_the_caller_says_so(world: World) -> None:
    left_behind("http://elsewhere")

    report = sync(world.url, print, former="http://elsewhere")

    assert report.left == {}
    assert len(world.tracking.runs) == 1


def test_one_bad_journal_stops_no_other(world: World) -> None:
    bad = left_behind(world.url, "b" * 32)
    next(bad.glob("*.lines")).write_bytes(b"nonsense")
    left_behind(world.url)

    report = sync(world.url, print)

    assert list(report.left) == [bad.name]
    assert steps(world) == [1]


def test_the_next_start_delivers_what_was_left(world: World) -> None:
    left_behind(world.url)
    left_behind("http://elsewhere", "b" * 32)
    deliverer = Deliverer(world.url, print)

    deliverer.adopt()
    deliverer.round()

    assert steps(world) == [1]
    assert list(world.tracking.runs) == [RUN]


def test_what_others_left_never_holds_up_this_process(world: World, job: Job) -> None:
    left_behind(world.url, "b" * 32)
    job.run.metric("loss", 0.5, 1, 1)

    job.deliverer.adopt()
    job.deliver()

    assert list(world.tracking.runs) == [RUN, "b" * 32]
    assert steps(world) == [1]


def test_what_an_earlier_process_left_of_the_same_run_goes_first(world: World, job: Job) -> None:
    job.deliver()
    earlier = Job(world.url, is_new=False)
    earlier.run.tags({"state": "old"})
    earlier.writer.chain.close()
    job.run.tags({"state": "new"})

    job.deliverer.adopt()
    for _ in range(3):
        job.deliver()

    assert stored(world).tags["state"] == "new"


def test_what_several_processes_left_of_one_run_goes_in_their_order(world: World) -> None:
    left_behind(world.url)
    for state in ("old", "new"):
        # The file system notes times in steps of some milliseconds.
        time.sleep(0.02)
        left = Job(world.url, is_new=False)
        left.run.tags({"state": state})
        left.writer.chain.close()
    deliverer = Deliverer(world.url, print)

    deliverer.adopt()
    deliverer.round()

    assert stored(world).tags["state"] == "new"


def test_a_worker_s_journal_does_not_hold_up_the_one_that_creates_its_run(world: World) -> None:
    worker = Job(world.url, is_new=False)
    worker.run.metric("loss", 0.5, 7, 1)
    worker.writer.chain.close()
    left_behind(world.url)

    assert sync(world.url, print).left == {}
    assert steps(world) == [1, 7]


def test_a_run_that_the_server_came_to_know_is_waited_for_again(world: World) -> None:
    worker = Job(world.url, is_new=False)
    worker.run.metric("loss", 0.5, 7, 1)
    worker.deliver()
    (box,) = worker.deliverer._boxes
    given_up = (box.is_early, worker.deliverer.flush(time.monotonic()), box.is_given_up)

    left_behind(world.url)
    sync(world.url, print)
    worker.deliver()

    assert given_up == (True, 1, True)
    assert (box.is_early, box.is_given_up, box.is_held) == (False, False, False)


def test_an_adopted_worker_s_journal_waits_for_the_run_of_this_process(world: World, job: Job) -> None:
    worker = Job(world.url, is_new=False)
    worker.run.metric("loss", 0.5, 7, 1)
    worker.writer.chain.close()

    job.deliverer.adopt()
    for _ in range(2):
        job.deliver()

    assert steps(world) == [7]


def long_left_behind(server: str, run_id: str = RUN) -> None:
    """A journal that takes several reads, and some seconds while the server takes its time."""
    job = Job(server, run_id)
    for step in range(12_000):
        job.run.metric("loss", 0.5, step, 1)
    job.writer.chain.close()


def test_what_was_begun_of_another_journal_is_finished_at_the_end_and_no_other_is_begun(world: World) -> None:
    long_left_behind(world.url)
    time.sleep(0.02)
    left_behind(world.url, "b" * 32)
    world.delay = 0.05
    deliverer = Deliverer(world.url, print)

    deliverer.adopt_soon()
    while RUN not in world.tracking.runs:
        time.sleep(0.001)
    remain = deliverer.finish_begun(time.monotonic() + 60)

    assert steps(world) == list(range(12_000))
    assert (remain, list(world.tracking.runs)) == (True, [RUN])


def test_the_end_waits_for_no_journal_of_a_run_that_the_server_does_not_know(world: World) -> None:
    worker = Job(world.url, is_new=False)
    worker.run.metric("loss", 0.5, 7, 1)
    worker.writer.chain.close()
    deliverer = Deliverer(world.url, print)
    deadline = time.monotonic() + 60

    deliverer.adopt_soon()
    while not world.calls:
        time.sleep(0.001)

    # It does not wait for the deadline, but for the reply.
    assert deliverer.finish_begun(deadline)
    assert time.monotonic() < deadline


def damaged_at_its_creation(server: str) -> Path:
    """The journal of a run in the experiment `wine`, whose first line cannot be read."""
    head = Head(RUN, server, {"experiment_id": "", "experiment_name": "wine", "start_time": 7})
    writer = Writer(head, print)
    writer.append(Kind.CREATE, b"{}")
    writer.append(Kind.TAGS, b'[{"key": "kept", "value": "yes"}]')
    writer.chain.close()
    assert writer.chain.folder
    (lines,) = writer.chain.folder.glob("*.lines")
    data = bytearray(lines.read_bytes())
    opened = whole(bytes(data))
    assert opened
    data[opened.end + 10] ^= 1
    lines.write_bytes(data)
    return writer.chain.folder


def test_a_run_whose_creation_was_damaged_is_created_as_far_as_the_journal_s_head_says(world: World) -> None:
    folder = damaged_at_its_creation(world.url)
    said: list[str] = []

    report = sync(world.url, said.append)

    assert stored(world).body == {"run_id": RUN, "start_time": 7, "tags": [], "experiment_id": "1"}
    assert (stored(world).tags, world.tracking.experiments) == ({"kept": "yes"}, {"wine": "1"})
    assert "1 line is missing" in report.left[folder.name]
    assert ["are lost" in text for text in said] == [True]
    assert list(places.chains()) == []


def test_the_next_start_creates_a_run_whose_creation_was_damaged(world: World) -> None:
    damaged_at_its_creation(world.url)
    deliverer = Deliverer(world.url, lambda _: None)

    deliverer.adopt()
    for _ in range(2):
        for box in deliverer._boxes:
            box.pause.end()
        deliverer.round()

    assert stored(world).tags == {"kept": "yes"}


def test_another_journal_that_creates_the_run_comes_before_one_that_was_damaged(world: World) -> None:
    damaged_at_its_creation(world.url)
    left_behind(world.url)

    report = sync(world.url, print)

    assert stored(world).body["user_id"] == "ada"
    assert (stored(world).tags, steps(world)) == ({"kept": "yes"}, [1])
    assert ["missing of run" in why for why in report.left.values()] == [True]


def test_a_journal_s_head_says_where_its_run_belongs() -> None:
    run = created(RUN, Wanted("3", "named", {}, ""))
    head = run.writer().chain.head
    run.end("FINISHED")

    assert Head.unpacked(head.packed()).birth == {
        "experiment_id": "3",
        "experiment_name": "",
        "start_time": head.birth["start_time"],
        "ends": True,
    }


def test_sync_names_what_it_put_aside_also_if_it_has_to_look_twice(world: World) -> None:
    gone = Job(world.url)
    gone.deliver()
    stored(world).is_deleted = True
    gone.run.metric("loss", 0.5, 1, 1)
    gone.writer.chain.close()
    early = Job(world.url, "b" * 32, is_new=False)
    early.run.metric("loss", 0.5, 1, 1)
    early.writer.chain.close()
    # The file system notes times in steps of some milliseconds.
    time.sleep(0.02)
    left_behind(world.url, "b" * 32)

    report = sync(world.url, print)

    assert [name.split(".")[0] for name in report.left] == [RUN]
    assert world.tracking.runs["b" * 32].points


def left_by(server: str, *, rank: str = "0", status: str = "RUNNING") -> None:
    """The journal of a process that began a run, and perhaps has ended it, but could not send it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RANK", rank)
        patch.setenv("WORLD_SIZE", "2")
        run = created(RUN, Wanted("0", "", {}, ""))
        head = run.writer().chain.head
        run.writer().chain.remove()
        run._writer = None
    writer = Writer(head._replace(server=server), print)
    writer.append(Kind.CREATE, json.dumps(run._create).encode())
    update = {"path": "/runs/update", "body": {"run_id": RUN, "status": status}}
    writer.append(Kind.CALL, json.dumps(update).encode())
    writer.chain.close()


@pytest.mark.parametrize("how", ["sync", "next start"])
def test_a_run_that_a_killed_process_left_without_an_end_gets_a_lease_that_runs_out(world: World, how: str) -> None:
    left_by(world.url)

    if how == "sync":
        sync(world.url, print)
    else:
        deliverer = Deliverer(world.url, print)
        deliverer.adopt()
        deliverer.round()

    (lease,) = world.tracking.leases
    assert (lease["run_id"], lease["seconds"]) == (RUN, 540)
    assert lease["holder"].split(":")[1] == str(os.getpid())


@pytest.mark.parametrize(("rank", "status"), [("1", "RUNNING"), ("0", "FINISHED")])
def test_a_run_that_another_process_ends_or_that_has_ended_gets_no_lease(world: World, rank: str, status: str) -> None:
    left_by(world.url, rank=rank, status=status)

    sync(world.url, print)

    assert (stored(world).status, world.tracking.leases) == (status, [])


def test_without_leases_a_run_that_was_left_gets_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_LEASE", "0")
    left_by(world.url)

    sync(world.url, print)

    assert world.tracking.leases == []
