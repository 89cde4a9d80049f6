"""The sweeper as Lambda calls it: one scheduled event, one round over runs, catalogue and forgotten uploads."""

import pytest

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import BusyExperiments, RunInfo
from chalicelib.sweeper.schedule import sweep_on_schedule
from chalicelib.sweeper.sweep import sweep_all
from chalicelib.tracking.runs.runs import CLOSING, OPEN, SEALED
from tests import client as api

FIELDS = ("version", "account", "region", "detail", "detail-type", "source", "id", "resources")


def tick(minute: int) -> None:
    """What EventBridge does every minute."""
    sweep_on_schedule({**dict.fromkeys(FIELDS, ""), "time": f"2026-11-23T15:{minute:02}:00Z"}, None)


def phase(run_id: str) -> str:
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    assert info is not None
    return str(info.phase)


@pytest.mark.usefixtures("bucket")
def test_a_scheduled_event_makes_a_round(run_id: str) -> None:
    api.post("/runs/update", run_id=run_id, status="FINISHED")

    with clock.frozen(clock.now_ms() + 120_000):
        tick(10)

    assert phase(run_id) == CLOSING


@pytest.mark.usefixtures("bucket")
def test_between_whole_rounds_only_experiments_are_looked_at_that_had_open_runs_in_the_last_one(run_id: str) -> None:
    api.post("/runs/update", run_id=run_id, status="FINISHED")
    later = clock.now_ms() + 120_000

    with clock.frozen(later):
        tick(9)
        assert phase(run_id) == OPEN
        sweep_all()
    with clock.frozen(later + 120_000):
        tick(11)

    assert phase(run_id) == SEALED


@pytest.mark.usefixtures("bucket")
def test_an_experiment_in_which_all_is_sealed_is_left_alone_until_the_next_whole_round(run_id: str) -> None:
    api.post("/runs/update", run_id=run_id, status="FINISHED")
    for minutes in (2, 4, 6, 8):
        with clock.frozen(clock.now_ms() + 60_000 * minutes):
            sweep_all()

    known = tables.get(BusyExperiments, keys.SWEEP, keys.BUSY)

    assert phase(run_id) == SEALED
    assert known is not None
    assert known.experiments == []


@pytest.mark.usefixtures("bucket")
def test_a_round_tells_how_long_a_run_that_ended_has_waited(run_id: str) -> None:
    with clock.frozen(clock.now_ms()):
        api.post("/runs/update", run_id=run_id, status="FINISHED")
        ended = clock.now_ms()

    with clock.frozen(ended + 3_600_000):
        assert sweep_all() == 3600


@pytest.mark.usefixtures("bucket", "run_id")
def test_a_run_that_may_go_on_does_not_wait() -> None:
    assert sweep_all() == 0


@pytest.mark.usefixtures("bucket")
def test_a_run_that_cannot_be_sealed_waits_from_when_it_was_closed(run_id: str) -> None:
    api.post("/runs/update", run_id=run_id, status="FINISHED")
    closed = clock.now_ms() + 120_000
    with clock.frozen(closed):
        sweep_all()

    with clock.frozen(closed + 30_000):
        assert sweep_all() == 30
