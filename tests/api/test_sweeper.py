"""The sweeper as Lambda calls it: one scheduled event, one round over runs, catalogue and forgotten uploads."""

import pytest

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import RunInfo
from chalicelib.sweeper.schedule import sweep_on_schedule
from chalicelib.sweeper.sweep import sweep_all
from chalicelib.tracking.runs import CLOSING
from tests import client as api

FIELDS = ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")


@pytest.mark.usefixtures("bucket")
def test_a_scheduled_event_makes_a_round(run_id: str) -> None:
    api.post("/runs/update", run_id=run_id, status="FINISHED")

    with clock.frozen(clock.now_ms() + 120_000):
        sweep_on_schedule(dict.fromkeys(FIELDS, ""), None)

    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    assert info is not None
    assert info.phase == CLOSING


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
