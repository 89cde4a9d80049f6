"""Runs whose series are folded, and what a chart of them must show; forty points count as many here."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import PyramidItem
from chalicelib.tracking.metrics import compaction, parts, pyramids
from tests import client as api
from tests import curves, feeds


@pytest.fixture(autouse=True)
def short_series_count_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pyramid for forty points, ten in a part."""
    monkeypatch.setattr(pyramids, "LEAST_POINTS", 40)
    monkeypatch.setattr(pyramids, "MOST_WAITING", 80)
    monkeypatch.setattr(parts, "MOST_POINTS", 10)
    monkeypatch.setattr(compaction, "_FEW_POINTS", 5)


def log(run_id: str, steps: range, spike: int | None = None, key: str = "loss") -> None:
    points = [
        {"key": key, "value": 1e9 if step == spike else step / 7, "timestamp": 10 * step, "step": step}
        for step in steps
    ]
    api.done("/runs/log-batch", run_id=run_id, metrics=points)


def new_run() -> str:
    return api.create_run(api.create_experiment(clock.unique_id()))


def folded_run(points: int = 200, spike: int | None = None) -> str:
    run_id = new_run()
    log(run_id, range(points), spike)
    feeds.fold(run_id)
    return run_id


def pyramid_items(run_id: str) -> list[PyramidItem]:
    return list(tables.query(PyramidItem, keys.run(run_id), PyramidItem.sk.startswith(keys.PYRAMID)))


def check_shows_history(run_id: str, key: str = "loss", **question: Any) -> None:
    """That a chart of a run has the extremes of its whole history, and begins and ends where that does."""
    history = api.history(run_id, key)
    series = curves.one(runs=[run_id], keys=[key], **question)
    value = curves.values(history)
    assert repr(curves.extremes(*curves.lows_and_highs(series))) == repr(curves.extremes(value, value))
    x = [point["step" if question.get("x", "step") == "step" else "timestamp"] for point in history]
    end = series["x"] if series["exact"] else series["end"]
    assert (min(curves.starts(series)), max(end)) == (min(x), max(x))
    assert series["exact"] or sum(series["count"]) >= len(history)
