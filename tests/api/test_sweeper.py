"""The sweeper as Lambda calls it: one scheduled event, one round over runs, catalogue and forgotten uploads."""

import pytest

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import RunInfo
from chalicelib.sweeper.schedule import sweep_on_schedule
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
