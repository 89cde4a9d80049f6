"""Delivery, without its thread: what the server has after each round, and what is put aside."""

import json
import threading
import time
from typing import Any, cast

import pytest

from cumulog._delivery import refused
from cumulog._delivery.deliverer import Deliverer
from cumulog._delivery.outbox import Outbox
from cumulog._journal import places
from cumulog._journal.chains import Head
from cumulog._journal.records import Kind
from cumulog._journal.writers import Writer
from tests.unit.client.fake_server import Cut, Status, World
from tests.unit.client.jobs import RUN, Job, steps, stored
from tests.unit.client.playing_server import playing


def test_a_round_delivers_everything(world: World, job: Job) -> None:
    job.run.params({"lr": 0.1})
    job.run.metric("loss", 0.5, 1, None)
    job.run.metrics({"a": 1.0, "b": float("nan")}, 2, 7)
    job.run.tags({"who": "ada"})
    job.run.end("FINISHED")

    job.deliver()

    run = stored(world)
    assert (run.params, run.tags, run.status) == ({"lr": "0.1"}, {"who": "ada"}, "FINISHED")
    assert {point[0] for point in run.points} == {"loss", "a", "b"}
    assert list(places.chains()) == []


def test_metrics_are_sent_a_thousand_at_a_time_and_never_with_params(world: World, job: Job) -> None:
    for step in range(2500):
        job.run.metric("loss", 0.5, step, 1)
        if step % 500 == 0:
            job.run.params({f"p{step}": 1})

    job.deliver()

    assert steps(world) == list(range(2500))
    assert all((batch["metrics"] > 0) + (batch["params"] > 0) == 1 for batch in world.tracking.batches)
    assert len([batch for batch in world.tracking.batches if batch["metrics"]]) <= 5


def test_ten_thousand_keys_of_one_step_are_sent_in_several_calls(world: World, job: Job) -> None:
    job.run.metrics({f"k{number}": 1.0 for number in range(10_000)}, 1, 1)

    job.deliver()

    assert len(stored(world).points) == 10_000


def test_names_and_values_of_any_size_lose_no_other_line(world: World, job: Job) -> None:
    job.run.metrics({f"{number:05}{'𝛼' * 240}": 1.0 for number in range(5000)}, 1, 1)
    job.run.tags({f"tag {number}": "😀" * 8000 for number in range(100)})
    job.run.params({"k" * 5_000_000: "lost", "long": "x" * 1_000_000, "kept": 1})

    job.deliver()

    assert len(stored(world).points) == 5000
    assert {len(value) for value in stored(world).tags.values()} == {8000}
    assert (len(stored(world).tags), len(stored(world).params["long"]), stored(world).params["kept"]) == (
        100,
        6000,
        "1",
    )
    assert len(stored(world).params) == 2


class Broken:
    """As a tensor of two numbers, or an object whose text cannot be made."""

    def __float__(self) -> float:
        raise RuntimeError("no scalar")

    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


def test_what_cannot_be_logged_raises_nothing_and_loses_no_line_beside_it(world: World, job: Job) -> None:
    anything: Any = Broken()
    for key, value, step in (
        ("a", anything, 1),
        (["a"], 1.0, 1),
        (anything, 1.0, 1),
        ("a", 1.0, anything),
        ("a", 1, ""),
    ):
        job.run.metric(cast("str", key), value, step, 1)
        job.run.metrics({"beside": 1.0, "a": value}, step, 1)
    for no_mapping in (None, [1], "text", anything):
        job.run.metrics(no_mapping, 1, 1)
        job.run.params(no_mapping)
    job.run.params({"a": anything, anything: 1, "": 1, "kept": None})
    job.run.tags({"half \ud800": 1, "kept": "\x00\n\u202e"})

    job.deliver()

    assert {point[0] for point in stored(world).points} == {"beside", "a"}
    assert stored(world).params == {"kept": "None"}
    assert stored(world).tags["kept"] == "\x00\n\u202e"


def test_a_mistake_in_every_line_is_said_once(job: Job, caplog: pytest.LogCaptureFixture) -> None:
    for step in range(300):
        job.run.metric("a mistake", cast("float", [step]), step, 1)
        job.run.metric("loss", 1.0, cast("int", step + 0.5), 1)
        job.run.metric(f"{step}{'x' * 250}", 1.0, 1, 1)

    said = [record.getMessage() for record in caplog.records]
    assert len([text for text in said if "a mistake" in text]) <= 1
    assert len([text for text in said if "whole numbers" in text]) <= 1
    assert len(said) <= 102


def test_a_refused_line_is_put_aside_and_all_others_are_delivered(world: World, job: Job) -> None:
    for step in range(200):
        job.run.metric("refused" if step == 77 else "loss", 0.5, step, 1)
    job.run.params({"lr": 1})
    job.run.params({"lr": 2, "depth": 3})

    job.deliver()

    assert steps(world) == [step for step in range(200) if step != 77]
    assert stored(world).params == {"lr": "1", "depth": "3"}
    assert [line["entry"]["key"] for line in refused.listed()] == ["lr", "refused"]
    assert [". It and further ones are listed" in text for text in job.said if "refused" in text] == [True]


def test_tags_keep_their_last_value_whatever_fails_between(world: World, job: Job) -> None:
    world.call_faults.extend([None, Cut(0), Status(503), None, Cut(0), Status(429), Status(500)])
    for number in range(250):
        job.run.tags({"state": number})

    for _ in range(8):
        job.deliver()

    assert stored(world).tags["state"] == "249"


def test_a_lost_reply_to_the_creation_creates_no_second_run(world: World) -> None:
    job = Job(world.url, experiment="wine")
    world.call_faults.extend([None, None, Cut(0), None, Cut(0)])
    job.run.metric("loss", 0.5, 1, 1)

    for _ in range(4):
        job.deliver()

    assert (len(world.tracking.runs), world.tracking.experiments, steps(world)) == (1, {"wine": "1"}, [1])


def test_while_the_server_is_away_lines_wait_and_that_is_said_once(world: World) -> None:
    job = Job("http://127.0.0.1:9")
    job.run.metric("loss", 0.5, 1, 1)

    for _ in range(3):
        job.deliver()

    assert job.deliverer.lines_left() == 2
    assert len(job.said) == 1


def test_whoever_waits_for_a_server_that_is_away_does_not_keep_the_processor_busy() -> None:
    class Counted(Deliverer):
        rounds = 0

        def round(self) -> None:
            self.rounds += 1
            super().round()

    deliverer = Counted("http://127.0.0.1:9", lambda _: None)
    run = Job("http://127.0.0.1:9").run
    deliverer.take(run.writer())
    run.metric("loss", 0.5, 1, 1)

    deliverer.flush(time.monotonic() + 1.0)

    # The pauses between attempts are a tenth of a second at least.
    assert 1 <= deliverer.rounds <= 12
    deliverer.close()
    deliverer.end()


def test_wrong_credentials_keep_the_lines_and_name_the_remedy(world: World, job: Job) -> None:
    world.call_faults.extend([Status(401, "UNAUTHENTICATED")] * 2)
    job.run.metric("loss", 0.5, 1, 1)

    for _ in range(3):
        job.deliver()

    assert steps(world) == [1]
    assert ["cumulog sync" in text for text in job.said] == [True]


def test_lines_of_a_deleted_run_are_put_aside_and_later_ones_refused(world: World, job: Job) -> None:
    job.deliver()
    stored(world).is_deleted = True
    job.run.metric("loss", 0.5, 1, 1)

    job.deliver()

    assert not job.writer.append(Kind.TAGS, b"[]")
    assert [path.name for folder in places.folders() for path in (folder / places.ASIDE).iterdir()] != []
    assert list(places.chains()) == []
    assert job.deliverer.lines_left() == 0


@pytest.mark.parametrize("status", [400, 404, 405, 413, 414, 422, 425, 507, 520])
def test_what_stands_before_the_server_refuses_no_line(world: World, job: Job, status: int) -> None:
    world.call_faults.extend([Status(status)] * 3)
    for step in range(3):
        job.run.metric("loss", 0.5, step, 1)

    for _ in range(5):
        job.deliver()

    assert steps(world) == [0, 1, 2]
    assert refused.listed() == []


@pytest.mark.parametrize("body", [b"{}", b'{"run": 5, "experiment": null}'])
@pytest.mark.parametrize("experiment", ["", "wines"])
def test_the_reply_of_another_kind_of_server_keeps_the_lines_and_names_the_remedy(body: bytes, experiment: str) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with playing([reply]) as url:
        job = Job(url, experiment=experiment)
        job.deliver()

    assert ["Set MLFLOW_TRACKING_URI to" in text for text in job.said] == [True]


def test_what_is_logged_to_a_deleted_run_is_put_aside_and_said_once(world: World, job: Job) -> None:
    job.deliver()
    job.writer.close()
    job.deliver()
    stored(world).is_deleted = True
    for _ in range(3):
        again = Writer(Head(RUN, world.url), job.said.append)
        job.deliverer._boxes.append(Outbox(again.chain, again, is_awaited=RUN not in job.deliverer._gone))
        again.append(Kind.TAGS, b'[{"key": "a", "value": "b"}]')
        job.deliver()

    aside = [path for folder in places.folders() for path in (folder / places.ASIDE).iterdir()]
    assert (len(aside), len(job.said), job.deliverer.has_lost) == (1, 1, True)
    assert len(list(places.chains())) == 2


def test_nobody_waits_for_what_only_somebody_can_change(world: World) -> None:
    world.call_faults.extend([Status(401, "UNAUTHENTICATED")] * 100)
    job = Job(world.url)
    again = Writer(Head(RUN, world.url), job.said.append)
    again.append(Kind.TAGS, b"[]")
    job.deliverer.take(again)

    tried = []
    for _ in range(2):
        assert job.deliverer.flush(time.monotonic() + 60.0) > 0
        tried.append(100 - len(world.call_faults))
        # As after a long job that was refused again and again.
        for box in job.deliverer._boxes:
            box.pause.lengthen(90.0)

    assert 0 < tried[0] < tried[1] < 10
    job.deliverer.close()
    job.deliverer.end()


def test_what_the_server_does_not_know_beside_the_run_refuses_one_line(world: World, job: Job) -> None:
    job.deliver()
    world.call_faults.append(Status(404, "RESOURCE_DOES_NOT_EXIST"))
    job.run.call("/runs/delete-tag", {"run_id": RUN, "key": "none"})
    job.run.metric("loss", 0.5, 1, 1)

    job.deliver()

    assert steps(world) == [1]
    assert [line["entry"]["path"] for line in refused.listed()] == ["/runs/delete-tag"]


def test_a_tag_that_is_refused_with_the_run_is_refused_alone(world: World) -> None:
    job = Job(world.url, is_new=False)
    tags = [{"key": "refused", "value": "1"}, {"key": "b", "value": "2"}]
    body = {"run_id": RUN, "user_id": "ada", "start_time": 1, "run_name": "named", "tags": tags}
    create = {"body": body, "experiment_id": "0", "experiment_name": "", "join": False}
    job.writer.append(Kind.CREATE, json.dumps(create).encode())
    job.run.metric("loss", 0.5, 1, 1)
    world.call_faults.append(Status(400, "INVALID_PARAMETER_VALUE"))

    job.deliver()

    assert stored(world).tags == {"mlflow.runName": "named", "b": "2"}
    assert steps(world) == [1]
    assert [line["entry"]["key"] for line in refused.listed()] == ["refused"]


@pytest.mark.parametrize("status", [400, 404])
def test_while_the_run_cannot_be_created_its_lines_stay(world: World, status: int) -> None:
    world.call_faults.extend([Status(status, "INVALID_PARAMETER_VALUE")] * 2)
    job = Job(world.url)
    job.run.metric("loss", 0.5, 1, 1)
    job.deliver()
    before = list(world.tracking.runs)
    world.call_faults.clear()

    job.deliver()

    assert (before, steps(world)) == ([], [1])
    assert ["cannot be created" in text for text in job.said] == [True]


def test_an_experiment_s_name_that_is_no_text_keeps_the_lines_and_is_said_once(world: World) -> None:
    job = Job(world.url, experiment="half \ud800")

    for _ in range(2):
        job.deliver()

    assert ["no text" in text for text in job.said] == [True]
    assert job.deliverer.lines_left() == 1


def test_many_runs_that_wait_take_few_descriptors_and_all_arrive(world: World) -> None:
    deliverer = Deliverer(world.url, lambda _: None)
    world.call_faults.append(Status(503))
    for number in range(150):
        job = Job(world.url, f"{number:032x}")
        job.writer.close()
        deliverer._boxes.append(Outbox(job.writer.chain, job.writer))
        deliverer._runs.add(job.writer.chain.head.run_id)
    deliverer.round()
    few, left = len(deliverer._boxes), deliverer.lines_left()

    deliverer._begin()
    remaining = deliverer.flush(time.monotonic() + 60.0)
    deliverer.end()

    assert (few, left, remaining) == (64, 150, 0)
    assert len(world.tracking.runs) == 150


def test_many_runs_take_few_descriptors_while_the_server_says_nothing(world: World) -> None:
    world.delay = 0.2
    deliverer = Deliverer(world.url, lambda _: None)
    for number in range(150):
        job = Job(world.url, f"{number:032x}")
        job.writer.close()
        deliverer.take(job.writer)

    few = len(deliverer._boxes)
    world.delay = 0.0
    remaining = deliverer.flush(time.monotonic() + 60.0)
    deliverer.end()

    assert (few <= 128, remaining) == (True, 0)
    assert len(world.tracking.runs) == 150


def test_where_no_thread_starts_any_more_the_flush_delivers(
    world: World, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As at the end of the interpreter, from Python 3.12 on."""

    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "cumulog-delivery":
            raise RuntimeError("can't create new thread at interpreter shutdown")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    deliverer = Deliverer(world.url)
    job.run.metric("loss", 0.5, 1, None)
    deliverer.take(job.run.writer())

    assert deliverer.flush(time.monotonic() + 10) == 0
    assert steps(world) == [1]
    deliverer.end()


def test_a_flush_without_a_thread_stops_at_its_time(world: World, job: Job) -> None:
    for step in range(16_000):
        job.run.metric("loss", 0.5, step, None)
    deliverer = Deliverer(world.url)
    deliverer._is_alone = True
    deliverer._boxes.append(Outbox(job.writer.chain, job.writer))

    assert deliverer.flush(time.monotonic() + 0.001) > 0
    assert deliverer.flush(time.monotonic() + 60) == 0
