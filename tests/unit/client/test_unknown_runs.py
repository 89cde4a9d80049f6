"""Runs that the server does not know: yet, as another process creates them, or at all, as an id is wrong."""

import time

import pytest

from cumulog._delivery.deliverer import Deliverer
from cumulog._delivery.outbox import Outbox
from cumulog._journal.chains import Head
from cumulog._journal.points import ONE, named
from cumulog._journal.records import Kind
from cumulog._journal.writers import Writer
from tests.unit.client.fake_server import World
from tests.unit.client.jobs import RUN, Job, steps


def test_a_run_that_another_process_has_yet_to_create_is_waited_for(world: World, job: Job) -> None:
    other = Job(world.url, is_new=False)
    other.run.metric("loss", 0.5, 1, 1)
    other.deliver()
    assert (world.tracking.runs, other.said) == ({}, [])

    job.deliver()
    other.deliver()

    assert steps(world) == [1]


@pytest.mark.parametrize(("rank", "is_held"), [("", True), ("r0", True), ("r1", False)])
def test_a_run_that_no_process_may_create_is_said_and_not_waited_for(world: World, rank: str, is_held: bool) -> None:
    said: list[str] = []
    deliverer = Deliverer(world.url, said.append, adopts=False)
    box = Outbox((writer := Writer(Head("f" * 32, world.url), print, rank)).chain, writer)
    writer.append(Kind.METRICS, ONE.pack(1, 1, 0.5) + named("loss"))

    # The first time a process that creates it may just be about to.
    kept = [(deliverer._deliver(box), box.is_held, box.pause.end()) for _ in range(2)]

    assert [held for _, held, _ in kept] == [False, is_held]
    assert ["does not know the run: " in text for text in said] == [True] * is_held


def test_a_run_of_which_another_process_has_a_journal_is_waited_for(world: World, job: Job) -> None:
    deliverer = Deliverer(world.url, print, adopts=False)
    box = Outbox((writer := Writer(Head(RUN, world.url), print)).chain, writer)
    writer.append(Kind.METRICS, ONE.pack(1, 1, 0.5) + named("loss"))

    kept = [(deliverer._deliver(box), box.is_held, box.pause.end()) for _ in range(2)]

    assert [held for _, held, _ in kept] == [False, False]


def test_only_one_flush_waits_for_a_run_that_another_rank_may_create(world: World) -> None:
    deliverer = Deliverer(world.url, print, adopts=False)
    writer = Writer(Head("f" * 32, world.url), print, "r1")
    writer.append(Kind.METRICS, ONE.pack(1, 1, 0.5) + named("loss"))
    deliverer.take(writer)

    began = time.monotonic()
    lines = [deliverer.flush(time.monotonic() + seconds) for seconds in (1.0, 30.0, 30.0)]

    # The first one waits to its end, the others not at all.
    assert lines == [1, 1, 1]
    assert 1.0 <= time.monotonic() - began < 20
