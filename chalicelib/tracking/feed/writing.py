"""Writing to an experiment's feed: a log call, and the news that something else of a run has changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chalicelib import clock, errors
from chalicelib.storage import keys, tables
from chalicelib.storage.items import FeedEntry, LogCall, RunInfo
from chalicelib.tracking.experiments import experiments, recent_experiments, slices
from chalicelib.tracking.experiments.slices import Slices

# A run that has nothing yet but INFO and what else was put with it.
CREATED = "created"
OPENED = "opened"
CHANGED = "changed"


def log(info: RunInfo, points: bytes, news: str | None = None) -> None:
    """Log packed points to an open run. Acknowledge nothing before this returns."""
    _until_it_counts(info, lambda now: _put_call(info, now, points, news))


def tell(info: RunInfo) -> None:
    """Tell the readers of the feed that a run has changed. Call this after the change, and acknowledge it after this.

    Also when a call has found its change already made: the call that made it may have ended before it told.
    """
    _until_it_counts(info, lambda now: _put_news(info, now))


def opened(info: RunInfo, news: str, put: Callable[[list[FeedEntry]], None]) -> None:
    """Put what makes a run open, together with the news of it. Putting it twice must do no harm."""
    _until_it_counts(info, lambda now: put([_entry(info, now, news=news)] if now.current else []))


def _until_it_counts(info: RunInfo, write: Callable[[Slices], None]) -> None:
    """Write by what is known of the experiment, again if that took so long that the slice may be closed."""
    for _ in tables.attempts():
        known = recent_experiments.with_feed(info.experiment_id)
        with _widened_if_refused(info.experiment_id):
            write(known.slices)
        if known.is_usable():
            return
        recent_experiments.forget(info.experiment_id)


@contextmanager
def _widened_if_refused(experiment_id: str) -> Iterator[None]:
    """Have the next slice spread over more partitions if DynamoDB finds this one too busy. The caller tries again."""
    try:
        yield
    except errors.RequestLimitExceeded:
        item = experiments.load(experiment_id)
        if slices.of(item).current:
            slices.advance(item, factor=2)
        raise


def _put_call(info: RunInfo, now: Slices, points: bytes, news: str | None) -> None:
    tables.put(_entry(info, now, points, news) if now.current else _call(info, points))


def _put_news(info: RunInfo, now: Slices) -> None:
    if now.current:
        tables.put(_entry(info, now, news=CHANGED))


def _entry(info: RunInfo, now: Slices, points: bytes | None = None, news: str | None = None) -> FeedEntry:
    received_ms = clock.now_ms()
    partition = keys.feed(info.experiment_id, now.shard(info.run_id))
    sort_key = keys.feed_entry(now.current, info.run_id, received_ms, clock.short_id())
    return FeedEntry(partition, sort_key, points=points, news=news, received=received_ms)


def _call(info: RunInfo, points: bytes) -> LogCall:
    """A log call of a run without a feed: it goes into the run's own log."""
    # The time of this put, not of the request: the fold relies on a put being done soon after the time in its key.
    # Never a time that is already folded: correcting a clock that was ahead must not hide later points.
    received_ms = max(clock.now_ms(), int(info.floor or 0) + 1)
    return LogCall(info.pk, keys.log(received_ms, clock.short_id()), points=points)
