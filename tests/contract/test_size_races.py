"""However many calls write to a run at the same time, it never holds more than a reply can carry."""

from chalicelib.edge.replies import MOST_BYTES, bytes_in_reply
from chalicelib.storage import keys, tables
from chalicelib.storage.items import RunSize
from tests import client as api
from tests.contract.at_once import at_once

VALUE = "\U0001f600" * 8000
TAGS = 10
WORKERS = 16


def test_calls_at_the_same_time_share_the_room_of_a_run() -> None:
    run_id = api.create_run(api.create_experiment())

    def work(worker: int) -> int:
        return api.post(
            "/runs/log-batch",
            run_id=run_id,
            tags=[{"key": f"{worker} {number}", "value": VALUE} for number in range(TAGS)],
        ).status

    statuses = at_once(work, WORKERS)

    assert set(statuses) == {200, 400}
    run = api.get("/runs/get", run_id=run_id).body["run"]
    assert bytes_in_reply(run) <= MOST_BYTES
    assert "cut" not in run
    assert len(run["data"]["tags"]) == TAGS * statuses.count(200) + 1
    size = tables.get(RunSize, keys.run(run_id), keys.SIZE)
    assert size is not None
    assert size.writing == {}
