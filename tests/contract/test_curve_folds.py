"""Pyramids of series that an earlier version folded, or whose fold died, was doubled or came late."""

import pytest

from chalicelib.storage import keys, tables
from chalicelib.storage.items import SeriesPart, Snap
from chalicelib.tracking.metrics import compaction
from tests import client as api
from tests import feeds
from tests.contract import store
from tests.contract.at_once import at_once
from tests.contract.curve_runs import (
    check_shows_history,
    folded_run,
    log,
    pyramid_items,
)
from tests.contract.curve_runs import short_series_count_as_long as short_series_count_as_long
from tests.contract.faults import Crash, Fault, injected, once, writes
from tests.contract.sweeping import seal
from tests.sampling import some


def test_a_series_of_an_earlier_version_is_read_in_full_and_gets_a_pyramid_with_its_next_fold() -> None:
    run_id = folded_run(spike=17)
    _forget_pyramids(run_id)

    check_shows_history(run_id, points=8)
    assert pyramid_items(run_id) == []
    log(run_id, range(200, 203))
    feeds.fold(run_id)

    assert len(pyramid_items(run_id)) == 4
    check_shows_history(run_id, points=8)


def test_a_series_of_an_earlier_version_gets_a_pyramid_when_it_is_sealed() -> None:
    run_id = folded_run(spike=17)
    log(run_id, range(200, 240))
    feeds.fold(run_id)
    _forget_pyramids(run_id)

    seal(run_id)

    assert len(pyramid_items(run_id)) == 4
    check_shows_history(run_id, points=8)


def _forget_pyramids(run_id: str) -> None:
    """Leave a run as the version before folded it."""
    tables.delete_all(pyramid_items(run_id))
    snap = tables.get(Snap, keys.run(run_id), keys.SNAP)
    assert snap is not None
    snap.counts = None
    tables.put(snap)


def test_a_damaged_pyramid_is_not_used() -> None:
    run_id = folded_run(spike=17)
    for item in pyramid_items(run_id):
        item.packed = b"\0\0\1nonsense"
        tables.put(item)

    check_shows_history(run_id, points=8)
    check_shows_history(run_id, points=300, **{"from": -5})


def test_a_crash_at_any_write_of_a_fold_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = _two_calls()
    with injected(lambda _at, _operation: None, monkeypatch) as requests:
        _fold_and_compact(run_id)

    for fault in (Fault.CRASH_BEFORE, Fault.CRASH_AFTER):
        for at in some(writes(requests), 4):
            store.empty()
            run_id = _two_calls()
            with injected(once(at, fault), monkeypatch), pytest.raises(Crash):
                _fold_and_compact(run_id)

            check_shows_history(run_id, points=16)
            check_shows_history(run_id, points=300, **{"from": 0, "to": 10_000})
            log(run_id, range(300, 360), spike=333)
            _fold_and_compact(run_id)
            check_shows_history(run_id, points=16)
            check_shows_history(run_id, points=300, **{"from": 0, "to": 10_000})


def _two_calls() -> str:
    """A run that was folded once, and whose tail has a spike and points in between."""
    run_id = folded_run(100)
    log(run_id, range(90, 200), spike=170)
    return run_id


def _fold_and_compact(run_id: str) -> None:
    feeds.fold(run_id)
    compaction.compact(run_id)


def test_two_folds_and_two_compactions_at_once_hide_nothing() -> None:
    for _ in range(3):
        run_id = _two_calls()

        at_once(lambda _, run_id=run_id: _fold_and_compact(run_id), workers=2)  # type: ignore[misc]

        check_shows_history(run_id, points=16)
        check_shows_history(run_id, points=300, **{"from": 0, "to": 10_000})
        assert len(api.history(run_id, "loss")) == 200


def test_compaction_merges_small_and_overlapping_parts_and_leaves_the_others() -> None:
    run_id = folded_run(100)
    kept = {part.sk for part in _parts(run_id)}
    for at in range(100, 112, 2):
        log(run_id, range(at, at + 2))
        feeds.fold(run_id)
    before = api.history(run_id, "loss")

    compaction.compact(run_id)

    assert kept <= {part.sk for part in _parts(run_id)}
    assert len(_parts(run_id)) == len(kept) + 2
    assert api.history(run_id, "loss") == before
    check_shows_history(run_id, points=300, **{"from": 0, "to": 10_000})


def _parts(run_id: str) -> list[SeriesPart]:
    return list(tables.query(SeriesPart, keys.run(run_id), SeriesPart.sk.startswith(keys.SERIES)))


def test_parts_that_are_gone_are_found_under_their_new_names() -> None:
    run_id = folded_run(spike=55)
    (spans,) = [item for item in pyramid_items(run_id) if item.sk.endswith("PARTS")]
    log(run_id, range(40, 60))
    _fold_and_compact(run_id)
    tables.put(spans)

    check_shows_history(run_id, points=300, **{"from": 0, "to": 10_000})
