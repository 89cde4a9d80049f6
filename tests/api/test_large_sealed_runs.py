"""Sealed runs that are too much for one item: what is too long lies in the bucket, and nobody sees a difference."""

from typing import Any

import pytest

from chalicelib.storage import keys, tables
from chalicelib.storage.items import RunInfo, SealedRun
from chalicelib.tracking.runs.runs import SEALED
from tests import client as api
from tests.contract.index_audit import plain
from tests.contract.timeline import Timeline
from tests.sampling import times

pytestmark = pytest.mark.usefixtures("bucket")

METRICS = times(2000, nightly=5000)


def test_a_run_of_many_long_params_is_found_shown_whole_opened_and_sealed_again(experiment_id: str) -> None:
    run_id, time = api.create_run(experiment_id), Timeline()
    params = [{"key": f"p{number}", "value": _text(number)} for number in range(150)]
    for at in range(0, len(params), 50):
        api.done("/runs/log-batch", run_id=run_id, params=params[at : at + 50])
    time.sweep(3)
    stored = _sealed(run_id).stored

    assert stored
    assert _found(experiment_id, "params.p3 LIKE 'x%'") == [_shown(run_id)]
    time.do(lambda: api.done("/runs/set-tag", run_id=run_id, key="team", value="audio"))
    assert _found(experiment_id, "tags.team = 'audio'") == [_shown(run_id)]
    time.sweep(3)
    assert _sealed(run_id).stored not in (None, stored)
    assert _found(experiment_id, "tags.team = 'audio'") == [_shown(run_id)]


def test_a_run_of_thousands_of_metrics_moves_all_its_rows_when_it_is_deleted(experiment_id: str) -> None:
    run_id, time = api.create_run(experiment_id), Timeline()
    for start in range(0, METRICS, 1000):
        names = (f"layer {number} of the network/gradient norm" for number in range(start, start + 1000))
        metrics = [{"key": name, "value": 1, "timestamp": 1} for name in names]
        api.done("/runs/log-batch", run_id=run_id, metrics=metrics)
    time.sweep(3)
    deleted = {"run_view_type": "DELETED_ONLY", "order_by": ["metrics.`layer 7 of the network/gradient norm`"]}

    time.do(lambda: api.done("/runs/delete", run_id=run_id))
    time.sweep(4)

    assert _sealed(run_id).stale is None
    assert api.found_ids(experiment_id) == []
    assert api.found_ids(experiment_id, **deleted) == [run_id]
    rows = [pk for pk, _ in _rows(experiment_id)]
    assert len(rows) > METRICS
    assert [pk for pk in rows if "#follows#" in pk] == []


def _text(number: int) -> str:
    """6,000 characters that do not pack well."""
    return "x" + "".join(f"{(number * 7919 + at * 104729) % 99991:05x}" for at in range(1199))


def _sealed(run_id: str) -> SealedRun:
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    item = tables.get(SealedRun, keys.run(run_id), keys.SEALED)
    assert info is not None
    assert item is not None
    assert info.phase == SEALED
    return item


def _found(experiment_id: str, condition: str) -> list[Any]:
    reply = api.done("/runs/search", experiment_ids=[experiment_id], filter=condition)
    return [plain(run) for run in reply.get("runs", [])]


def _shown(run_id: str) -> Any:
    return plain(api.get("/runs/get", run_id=run_id).body["run"])


def _rows(experiment_id: str) -> list[tuple[str, str]]:
    found = (key for page in tables.scan_keys() for key in page.keys)
    return [key for key in found if key[0].startswith(keys.index_of(experiment_id))]
