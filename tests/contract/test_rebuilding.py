"""Rebuilding an index: what is missing comes back, what nothing stands for goes, and what is right stays."""

import json

import pytest

from chalicelib import remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.items import FeedEntry, IndexRow, OpenRun, SealedRun
from chalicelib.storage.tables import Key
from chalicelib.tracking.index import rebuilding
from tests import client as api
from tests.client import Answer
from tests.contract.sweeping import seal

RIGHT = {"put": 0, "deleted": 0, "opened": 0}


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment()


@pytest.fixture
def run_id(experiment_id: str) -> str:
    """A sealed run with a metric, a param and a tag."""
    run_id = api.create_run(experiment_id, run_name="a", tags=[{"key": "team", "value": "audio"}])
    point = {"key": "loss", "value": 0.5, "timestamp": 1, "step": 1}
    api.done("/runs/log-batch", run_id=run_id, metrics=[point], params=[{"key": "depth", "value": "3"}])
    seal(run_id)
    return run_id


def asked(experiment_id: str, token: str = "") -> Answer:
    body = json.dumps({"experiment_id": experiment_id, "page_token": token}).encode()
    return api.send("POST", "/api/2.0/cumulog/index/rebuild", body)


def rebuild(experiment_id: str) -> dict[str, int]:
    """What all portions together looked at and did."""
    total: dict[str, int] = {}
    token = ""
    while True:
        answer = asked(experiment_id, token)
        assert answer.status == 200, answer.body
        token = answer.body.pop("next_page_token", "")
        total = {name: total.get(name, 0) + count for name, count in answer.body.items()}
        if not token:
            return total


def index_rows(experiment_id: str) -> list[Key]:
    found = (key for page in tables.scan_keys() for key in page.keys)
    return sorted(key for key in found if key[0].startswith(keys.index_of(experiment_id)))


def test_an_index_as_the_sweeper_left_it_is_right(experiment_id: str, run_id: str) -> None:
    rows = index_rows(experiment_id)

    report = rebuild(experiment_id)

    assert report == {"checked_runs": 1, "checked_rows": len(rows), **RIGHT}
    assert index_rows(experiment_id) == rows


def test_missing_rows_are_put(experiment_id: str, run_id: str) -> None:
    rows = index_rows(experiment_id)
    tables.delete_all(IndexRow(*key) for key in rows)
    assert api.found_ids(experiment_id) == []

    report = rebuild(experiment_id)

    assert report["put"] == len(rows)
    assert index_rows(experiment_id) == rows
    assert api.found_ids(experiment_id, filter="tags.team = 'audio'") == [run_id]


def test_rows_that_nothing_stands_for_are_deleted(experiment_id: str, run_id: str) -> None:
    rows = index_rows(experiment_id)
    pk, sk = next(key for key in rows if key[0].endswith("tag#team"))
    strays = [
        (pk, "video" + sk[5:]),
        (pk, sk[:-32] + "f" * 32),
        (keys.index(experiment_id, "differs0", "tag", "x"), sk),
    ]
    tables.put_all(IndexRow(*key) for key in strays)

    report = rebuild(experiment_id)

    assert report["deleted"] == len(strays)
    assert index_rows(experiment_id) == rows


def test_other_experiments_and_open_runs_are_left_alone(experiment_id: str, run_id: str) -> None:
    other = api.create_experiment("other")
    seal(api.create_run(other))
    api.create_run(experiment_id)
    tables.delete_all(IndexRow(*key) for key in index_rows(other))

    report = rebuild(experiment_id)

    assert (report["checked_runs"], report["put"], report["opened"]) == (2, 0, 0)
    assert index_rows(other) == []


def test_a_run_that_was_sealed_without_its_piece_is_sealed_anew(experiment_id: str, run_id: str) -> None:
    rows = index_rows(experiment_id)
    tables.delete_all([SealedRun(keys.run(run_id), keys.SEALED), *(IndexRow(*key) for key in rows)])

    report = rebuild(experiment_id)

    assert report["opened"] == 1
    assert api.found_ids(experiment_id) == [run_id]
    seal(run_id)
    assert index_rows(experiment_id) == rows


def test_an_open_run_whose_row_is_lost_is_found_again(experiment_id: str) -> None:
    run_id = api.create_run(experiment_id)
    tables.delete(OpenRun(keys.open_runs(experiment_id), run_id))
    tables.delete_all(list(tables.query(FeedEntry, keys.feed(experiment_id, 0))))
    remembered.forget_all()
    assert api.found_ids(experiment_id) == []

    report = rebuild(experiment_id)

    assert report["opened"] == 1
    assert api.found_ids(experiment_id) == [run_id]


def test_a_row_of_a_run_that_is_being_written_is_not_judged(experiment_id: str, run_id: str) -> None:
    rows = index_rows(experiment_id)
    api.done("/runs/set-tag", run_id=run_id, key="team", value="video")

    report = rebuild(experiment_id)

    assert (report["put"], report["deleted"]) == (0, 0)
    assert index_rows(experiment_id) == rows


def test_portions_together_are_the_whole(experiment_id: str, run_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = index_rows(experiment_id)
    tables.delete_all(IndexRow(*key) for key in rows[::2])
    monkeypatch.setattr(rebuilding, "_SECONDS", 0.0)
    monkeypatch.setattr(tables, "_SCANNED_AT_ONCE", 3)

    report = rebuild(experiment_id)

    assert report["put"] == len(rows[::2])
    assert index_rows(experiment_id) == rows


@pytest.mark.parametrize("token", ["x", "====", "bm8gc2VwYXJhdG9y", "\u00e9"])
def test_a_token_that_is_none_is_refused(experiment_id: str, token: str) -> None:
    answer = asked(experiment_id, token)

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_an_unknown_experiment_is_refused() -> None:
    answer = asked("987654321")

    assert (answer.status, answer.body["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
