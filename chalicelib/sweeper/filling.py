"""Rows that earlier versions did not write, for what they stored. Each whole round fills in, until all is there.

A Lambda of an earlier version may go on for some minutes after an upgrade. So rows count as complete from the first
whole round on that begins long enough after the first one of this version. When no round was made for 25 minutes, an
earlier version may have been back, and all is filled in again.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

from chalicelib import clock
from chalicelib.access import granted, levels
from chalicelib.access.filled import EARLIER_VERSIONS_MS
from chalicelib.registry import models
from chalicelib.search import codes
from chalicelib.search.intervals import START_TIME
from chalicelib.search.rows import row
from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import ExperimentItem, Filled
from chalicelib.tracking.experiments import lifecycle, populated
from chalicelib.tracking.index import digests
from chalicelib.tracking.index.index_rows import partition

# Longer than two whole rounds, of which one may fail.
_ABSENT_MS = 1_500_000
# The marker is renewed when it is this old.
_RENEWED_MS = 300_000


def fill_in(experiments: Sequence[ExperimentItem]) -> None:
    """Fill in what is not known to be complete."""
    now = clock.now_ms()
    marker = tables.get(Filled, keys.FILLED, keys.COMPLETE)
    if marker is None or marker.seen < now - _ABSENT_MS:
        marker = Filled(keys.FILLED, keys.COMPLETE, since=now, seen=0)
    feeds_since: float | None = marker.feeds_since
    if not marker.is_complete:
        _list_grants(experiments)
        parallel.each(_list_populated, experiments)
    elif feeds_since is not None and marker.seen > now - _RENEWED_MS:
        return
    marker.is_complete = marker.is_complete or marker.since <= now - EARLIER_VERSIONS_MS
    if feeds_since is None:
        # A version that knows of no feeds was at work. What it changed is in no digest.
        parallel.each(digests.forget, [each for each in experiments if each.digest])
        marker.feeds_since = now
    marker.seen = now
    tables.put(marker)


def _list_grants(experiments: Iterable[ExperimentItem]) -> None:
    """List the grants on all experiments and registered models beside their users (`access/granted.py`)."""
    grants = [(levels.EXPERIMENT, item.experiment_id, user) for item in experiments for user in item.grants]
    grants += [(levels.REGISTERED_MODEL, model.model_id, user) for model in models.load_all() for user in model.grants]
    parallel.each(lambda each: tables.put(granted.row(each[2], each[0], each[1])), grants)


def _list_populated(experiment: ExperimentItem) -> None:
    """List the experiment among those with open runs, with sealed runs, with models (`populated.py`)."""
    experiment_id = str(experiment.experiment_id)
    if any(islice(tables.query_keys(keys.open_runs(experiment_id), at_once=1), 1)):
        populated.put_with_open_run(experiment_id, [])
    if any(islice(tables.query_keys(keys.logged_models(experiment_id), at_once=1), 1)):
        populated.put_with_model(experiment_id, [])
    for group in (
        lifecycle.FOLLOWS,
        *map(lifecycle.differs, range(int(experiment.settled), int(experiment.epoch) + 1)),
    ):
        listing = partition(experiment_id, group, START_TIME)
        for newest in islice(tables.query_keys(listing, at_once=1), 1):
            populated.note_sealed(experiment_id, codes.from_falling(row(newest).start))
