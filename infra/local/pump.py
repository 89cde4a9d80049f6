"""The event pump: what S3 and EventBridge do when deployed, here a thread that reads the S3 engine's journal.

The journal has a line per object created or removed, `[bucket, key, event]`. How far it was read is kept in a file
beside it, written after the events before it were received: a stack that is killed receives some again, and loses none.
Another S3 than our own engine has no journal: there the sweeper finds models alone.
"""

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from chalicelib.errors import CumulogError

SECONDS = 0.5
_LONG_BYTES = 4 << 20
_KINDS = {"ObjectCreated": "Object Created", "ObjectRemoved": "Object Deleted"}

log = logging.getLogger("cumulog.local")

Receive = Callable[[Mapping[str, Any]], object]


@contextmanager
def pumping(journal: Path, receive: Receive, seconds: float = SECONDS) -> Iterator[None]:
    """Inside the block a thread hands every event to `receive`, as EventBridge would."""
    stop = threading.Event()
    thread = threading.Thread(target=_pump_until, args=(stop, seconds, journal, receive), name="pump", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def shorten(journal: Path) -> None:
    """Begin a new journal if all of a long one was read. Only while no engine writes to it."""
    place = _place(journal)
    if journal.exists() and _LONG_BYTES < journal.stat().st_size == _offset(place, journal):
        place.unlink()
        journal.unlink()


def pump(journal: Path, receive: Receive) -> int:
    """Hand over what came since the last time; how many events. Raises what `receive` does: the rest comes again."""
    place = _place(journal)
    start = end = _offset(place, journal)
    count = 0
    try:
        for line, behind in _lines(journal, start):
            event = event_of(line)
            if event is not None:
                receive(event)
                count += 1
            end = behind
    finally:
        if end != start:
            _write(place, end)
    return count


def event_of(line: bytes) -> dict[str, Any] | None:
    """The event that EventBridge would deliver for a line of the journal; None for what is no such line."""
    try:
        bucket, key, event = json.loads(line)
        kind = _KINDS.get(event.split(":")[1])
    except (ValueError, IndexError, AttributeError, TypeError):
        # Half a line, where the engine was killed: the sweeper finds its object.
        return None
    if kind is None:
        return None
    return {
        "version": "0",
        "id": "local",
        "detail-type": kind,
        "source": "aws.s3",
        "account": "000000000000",
        "time": "1970-01-01T00:00:00Z",
        "region": "us-east-1",
        "resources": [f"arn:aws:s3:::{bucket}"],
        "detail": {"version": "0", "bucket": {"name": bucket}, "object": {"key": key}},
    }


def matching(pattern: Mapping[str, Any], handler: Callable[..., object]) -> Receive:
    """A Lambda's handler behind EventBridge's rule with a pattern: other events do not reach it."""
    return lambda event: handler(event, None) if matches(event, pattern) else None


def matches(event: Mapping[str, Any], pattern: Mapping[str, Any]) -> bool:
    """Whether EventBridge would deliver the event: lists of allowed values, one of which may be a suffix."""
    return all(_allows(wanted, event.get(name)) for name, wanted in pattern.items())


def _allows(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(value, Mapping) and matches(value, wanted)
    return any(str(value).endswith(each["suffix"]) if isinstance(each, Mapping) else value == each for each in wanted)


def _pump_until(stop: threading.Event, seconds: float, journal: Path, receive: Receive) -> None:
    while not stop.wait(seconds):
        try:
            pump(journal, receive)
        except CumulogError as error:
            log.warning("An event could not be received and will come again in %g s: %s", seconds, error.message)


def _lines(journal: Path, start: int) -> Iterator[tuple[bytes, int]]:
    """Whole lines from a position on, each with the position behind it."""
    with suppress(FileNotFoundError), journal.open("rb") as file:
        file.seek(start)
        for line in file:
            if not line.endswith(b"\n"):
                return
            start += len(line)
            yield line, start


def _place(journal: Path) -> Path:
    return journal.with_name(journal.name + ".read")


def _offset(place: Path, journal: Path) -> int:
    try:
        offset = int(place.read_text())
    except (FileNotFoundError, ValueError):
        return 0
    return offset if journal.exists() and offset <= journal.stat().st_size else 0


def _write(place: Path, offset: int) -> None:
    fresh = place.with_name(place.name + ".new")
    fresh.write_text(str(offset))
    fresh.replace(place)
