"""What the sweeper does to a feed, at once rather than when it is worth it; and one-line log calls and searches."""

from typing import Any

from chalicelib import clock
from chalicelib.access.identity import Identity, acting_as
from chalicelib.storage import keys, tables
from chalicelib.storage.capacity import Meter, metered
from chalicelib.storage.items import RunInfo
from chalicelib.tracking.experiments import experiments, slices
from chalicelib.tracking.feed import moving
from chalicelib.tracking.index import search
from chalicelib.tracking.index.schemas import SearchRuns
from chalicelib.tracking.metrics import folding
from tests import client as api

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


def log(run_id: str, step: int, **more: Any) -> None:
    """A log call of one point, and whatever else a call may hold."""
    point = {"key": "loss", "value": step, "timestamp": step, "step": step}
    api.done("/runs/log-batch", run_id=run_id, metrics=[point], **more)


def searched(experiment_id: str, **question: Any) -> tuple[list[str], Meter]:
    """The runs found, and what that consumed."""
    with metered() as meter, acting_as(Identity("admin", is_admin=True)):
        reply = search.search(SearchRuns.model_validate({"experiment_ids": [experiment_id], **question}))
    return [run["info"]["run_id"] for run in reply.get("runs", [])], meter
