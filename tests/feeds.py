"""What the sweeper does to a feed, at once rather than when it is worth it."""

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import RunInfo
from chalicelib.tracking.experiments import experiments, slices
from chalicelib.tracking.feed import moving
from chalicelib.tracking.metrics import folding

_UNTIL_CLOSED_MS = 10_000


def fold(run_id: str) -> None:
    """Fold all that was logged to a run so far."""
    folding.fold(run_id, moved(run_id))


def moved(run_id: str) -> int:
    """Move all that was logged so far to a run and those beside it into their logs; return up to where these go."""
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    assert info is not None
    slices.advance(experiments.load(info.experiment_id))
    with clock.frozen(clock.now_ms() + _UNTIL_CLOSED_MS):
        item = experiments.load(info.experiment_id)
        item = moving.move(item, slices.closed(item.experiment_id, slices.of(item)))
    return keys.slice_position(slices.of(item).moved)
