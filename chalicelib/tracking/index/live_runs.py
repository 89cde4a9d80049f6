"""The open runs of an experiment as this process knows them, brought up to date for each search.

The first search reads them from the digest, or one by one. Each further one reads the slices of the feed that were not
closed the last time, and takes from them what is new: points, which may come in any order and more than once; and news,
for which the run's INFO is read again. So a search costs what was logged since the one before. Where the last one ended
is known before the experiment is read, so both are read at once.

A run stays here until the sweeper has moved a slice, also if it was sealed meanwhile: all that was logged to it is
here, and whoever opens it again says so in the feed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import chain, count, islice
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple

from chalicelib.errors import TemporarilyUnavailable
from chalicelib.remembered import known_to_tests
from chalicelib.storage import keys, tables
from chalicelib.storage.connection import connection
from chalicelib.storage.items import ExperimentItem, OpenRun, RunInfo
from chalicelib.storage.parallel import Ahead, Deadline
from chalicelib.tracking.experiments import slices
from chalicelib.tracking.experiments.slices import Slices
from chalicelib.tracking.feed import reading as feed
from chalicelib.tracking.feed import writing
from chalicelib.tracking.feed.reading import Entry
from chalicelib.tracking.index import digests, known_sealed, live
from chalicelib.tracking.index.live import Live
from chalicelib.tracking.runs import reading
from chalicelib.tracking.runs.reading import Run

# What is kept in memory of all experiments, in characters of replies: some five times as much as Python's objects.
_MOST_KEPT = 20_000_000

# So many entries close a slice for the sake of the next search, or one for every second run if those are more: each
# search reads again what is not closed, and whoever reads one run asks each slice.
_LONG_SLICE = 100
_RUNS_PER_ENTRY = 2
# A call of ten metrics; longer ones count for several.
_USUAL_BYTES = 500
# Entries that are in memory together.
_AT_ONCE = 5_000
# Runs that are read without a digest between two looks at the search's deadline.
_READ_AT_ONCE = 500


class View(NamedTuple):
    """An experiment's open runs by id. Of the slices from `first` on, `seen` has the stamps of the entries that are in.

    `moved` was the last moved slice when it was last looked at which runs are still open; `listing` is the number of
    that look in this process, and `since` the number of the first one, from which on this view has followed the feed.
    `counts` says how much each slice holds that was not moved at that last look, in usual calls. `now` is how far the
    feed was when the experiment was last read.
    """

    first: int
    moved: int
    listing: int
    since: int
    now: Slices
    runs: Mapping[str, Live]
    seen: Mapping[str, int] = MappingProxyType({})
    counts: Mapping[int, int] = MappingProxyType({})


class _Kept:
    """The view of one experiment. `begun` counts its updates; `updated` is the number of the last that succeeded."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.begun = 0
        self.updated = 0
        self.view: View | None = None
        self.size = 0

    def begin(self) -> int:
        """The number of an update that begins; the caller has the lock."""
        self.begun += 1
        return self.begun

    def keep(self, view: View, number: int) -> None:
        self.view, self.updated = view, number
        self.size = sum(each.size for each in view.runs.values())


class _Views:
    """The views of the experiments that were searched last, up to a size."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, str], _Kept] = {}
        self._lock = Lock()
        known_to_tests(self)

    def of(self, experiment_id: str) -> _Kept:
        with self._lock:
            key = (connection(), experiment_id)
            # The one that was asked for last comes last.
            kept = self._kept.pop(key, None) or _Kept()
            self._kept[key] = kept
            return kept

    def known(self, experiment_id: str) -> _Kept | None:
        """That of an experiment which was searched before."""
        with self._lock:
            return self._kept.get((connection(), experiment_id))

    def make_room(self) -> None:
        with self._lock:
            size = sum(kept.size for kept in self._kept.values())
            while size > _MOST_KEPT:
                size -= self._kept.pop(next(iter(self._kept))).size

    def forget_all(self) -> None:
        with self._lock:
            self._kept.clear()


_views = _Views()
_listings = count(1)


class _Reading(NamedTuple):
    """New entries of a feed, in order; nothing acknowledged before is missing in the slices before `first`."""

    first: int
    entries: Iterator[Entry]


def _reading(experiment_id: str, view: View, now: Slices) -> _Reading:
    """What is read of a feed from here on, by how far it is known to be. What is closed now is complete in that."""
    first = max(view.first, slices.closed(experiment_id, now) + 1)
    return _Reading(first, feed.since(experiment_id, now.shards, view.first, view.seen))


class BegunUpdate:
    """An update of a view that was begun before the experiment was read. It has the lock."""

    def __init__(self, experiment_id: str, kept: _Kept, view: View) -> None:
        self.kept = kept
        self.number = kept.begin()
        self.shards = view.now.shards
        self._all = _reading(experiment_id, view, view.now)
        self._ahead = Ahead(lambda: list(islice(self._all.entries, _AT_ONCE)))

    def reading(self) -> _Reading:
        return self._all._replace(entries=chain(self._ahead.answer(), self._all.entries))


@contextmanager
def begun_for(experiment_id: str) -> Iterator[BegunUpdate | None]:
    """Inside the block the view of the experiment is being updated, if there is one here and nobody updates it already.

    No other update may be waited for inside the block: two searches would wait for each other.
    """
    kept = _views.known(experiment_id)
    if kept is None or kept.view is None or not kept.lock.acquire(blocking=False):
        yield None
        return
    try:
        yield BegunUpdate(experiment_id, kept, kept.view)
    finally:
        kept.lock.release()


def is_possible(item: ExperimentItem) -> bool:
    """Whether all changes of the experiment's open runs are in its feed by now."""
    return slices.closed(item.experiment_id, slices.of(item)) >= 0


def of(item: ExperimentItem, until: Deadline | None = None, begun: BegunUpdate | None = None) -> View:
    """The open runs of an experiment that was just read, with all that was acknowledged before this call.

    Or before `begun`, if the update was begun. Raises TemporarilyUnavailable if they are so many that reading each
    takes too long for a search. The sweeper makes a digest of them, and a search that comes then begins with that.
    """
    kept = begun.kept if begun else _views.of(item.experiment_id)
    arrived = kept.begun
    with nullcontext() if begun else kept.lock:
        if kept.updated > arrived and kept.view is not None:
            # Another call's update began after this call, and what it read will do.
            return kept.view
        number = begun.number if begun else kept.begin()
        view = _brought_up(item, kept.view, until, begun)
        kept.keep(view, number)
    _views.make_room()
    return view


def _brought_up(item: ExperimentItem, view: View | None, until: Deadline | None, begun: BegunUpdate | None) -> View:
    now = slices.of(item)
    if view is None or view.first < now.moved:
        view, begun = _beginning(item, now, until), None
    if begun is not None and begun.shards == now.shards:
        first, entries = begun.reading()
    else:
        first, entries = _reading(item.experiment_id, view, now)
    runs = dict(view.runs)
    still = keys.feed_slice(first)
    seen = {key: stamp for key, stamp in view.seen.items() if key > still} if first > view.first else dict(view.seen)
    counts = Counter({number: calls for number, calls in view.counts.items() if number > now.moved})
    while together := list(islice(entries, _AT_ONCE)):
        runs.update(_changed(runs, together))
        # Not the news of a run whose INFO is on its way.
        known = [entry for entry in together if entry.run_id in runs]
        for entry in known:
            if entry.slice > now.moved:
                counts[entry.slice] += 1 + len(entry.points or b"") // _USUAL_BYTES
        seen.update((entry.key, entry.stamp) for entry in known if entry.slice >= first)
    is_long = counts[now.current] > max(_LONG_SLICE, len(runs) // _RUNS_PER_ENTRY)
    if is_long and slices.advance(item):
        now = now._replace(current=now.current + 1)
    view = View(first, view.moved, view.listing, view.since, now, runs, seen, counts)
    return view if view.moved == now.moved else _still_open(item, view, now.moved)


def _beginning(item: ExperimentItem, now: Slices, until: Deadline | None) -> View:
    listing = next(_listings)
    known = digests.load(item.experiment_id, now.digest) if now.digest else None
    if known is not None:
        runs = {run.info.run_id: Live.of(run, last_ms) for run, last_ms in known.runs}
        return View(known.slice + 1, now.moved, listing, listing, now, runs)
    run_ids = [row.sk for row in tables.query(OpenRun, keys.open_runs(item.experiment_id))]
    found = (Live.of(run) for run in _read_each(run_ids, until))
    return View(now.moved + 1, now.moved, listing, listing, now, {each.info.run_id: each for each in found})


def _read_each(run_ids: Sequence[str], until: Deadline | None) -> Iterator[Run]:
    for at in range(0, len(run_ids), _READ_AT_ONCE):
        if until is not None and until.is_over():
            raise TemporarilyUnavailable(
                f"The {len(run_ids)} runs of this experiment that are being written are not gathered yet: after an "
                "upgrade that takes some minutes. Please search again then."
            )
        yield from reading.read_without_feed(run_ids[at : at + _READ_AT_ONCE])


def _changed(runs: Mapping[str, Live], new: Iterable[Entry]) -> dict[str, Live]:
    """The runs that the entries say something of, as they now are; without those that were never acknowledged."""
    by_run: dict[str, list[Entry]] = {}
    for entry in new:
        by_run.setdefault(entry.run_id, []).append(entry)
        if entry.news == writing.OPENED:
            known_sealed.RUNS.forget(entry.run_id)
    texts = _read_again(runs, by_run)
    return {
        run_id: live.later(runs.get(run_id), texts.get(run_id), entries)
        for run_id, entries in by_run.items()
        if run_id in texts or run_id in runs
    }


def _read_again(runs: Mapping[str, Live], by_run: Mapping[str, list[Entry]]) -> dict[str, Run]:
    """The runs of which there is news, with the metrics that were known, and those that were not known, in full."""
    unknown = [run_id for run_id, entries in by_run.items() if run_id not in runs and not _is_created(entries)]
    told = [
        run_id
        for run_id, entries in by_run.items()
        if run_id not in unknown and (run_id not in runs or any(entry.news for entry in entries))
    ]
    infos = tables.get_each(RunInfo, [(keys.run(run_id), keys.INFO) for run_id in told])
    found = reading.read_texts(infos) + (reading.read_without_feed(unknown) if unknown else [])
    return {run.info.run_id: run for run in found}


def _is_created(entries: Iterable[Entry]) -> bool:
    return any(entry.news == writing.CREATED for entry in entries)


def _still_open(item: ExperimentItem, view: View, moved: int) -> View:
    """Without the runs that were sealed since; a run that is opened again meanwhile is in the feed when it counts."""
    listing = next(_listings)
    listed = {row.sk for row in tables.query(OpenRun, keys.open_runs(item.experiment_id))}
    kept = {run_id: each for run_id, each in view.runs.items() if run_id in listed}
    return view._replace(moved=moved, listing=listing, runs=kept)
