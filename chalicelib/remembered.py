"""The one cache of the handlers: values read from the store, which this process trusts for a few seconds.

A slow reader must not put back what has changed meanwhile. So a value is kept together with the `Reading` that it
belongs to, and dropped if anything was forgotten since that reading began, or if a later reading was kept.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, NamedTuple, Protocol, TypeVar

from chalicelib import clock

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Forgets(Protocol):
    """What keeps something that was read from the store."""

    def forget_all(self) -> None: ...


_all: list[Forgets] = []


class Reading(NamedTuple):
    """When a read of the store began: how often something was forgotten before, and the time by both clocks."""

    generation: int
    since_ms: int
    since_s: float

    def age_s(self) -> float:
        """Seconds since then, rather too many: a process that was put to sleep sees it by one clock only."""
        return max(clock.steady_s() - self.since_s, (clock.now_ms() - self.since_ms) / 1000)


class Remembered(Generic[Key, Value]):
    """At most `most` values by key; the oldest are dropped first.

    Each value is trusted for `seconds`, or without them until it is forgotten.
    """

    def __init__(self, most: int, seconds: float | None = None) -> None:
        self._most = most
        self._ms = None if seconds is None else seconds * 1000
        self._entries: dict[Key, tuple[Reading, Value]] = {}
        self._generation = 0
        self._lock = Lock()
        known_to_tests(self)

    def get(self, key: Key) -> Value | None:
        """The value if it is still trusted, or None."""
        entry = self._entries.get(key)
        return entry[1] if entry and self._is_recent(entry[0]) else None

    def read(self, key: Key, load: Callable[[], Value]) -> Value:
        """The value if it is still trusted; otherwise what `load` returns, which is kept."""
        known = self.get(key)
        return self.refresh(key, load) if known is None else known

    def refresh(self, key: Key, load: Callable[[], Value]) -> Value:
        """What `load` returns, which is kept."""
        reading = self.begin()
        value = load()
        self.keep(reading, key, value)
        return value

    def begin(self) -> Reading:
        """Call this before a read of the store whose result is to be kept."""
        return Reading(self._generation, clock.now_ms(), clock.steady_s())

    def keep(self, reading: Reading, key: Key, value: Value) -> None:
        """Keep what was read, unless something was forgotten or a later reading was kept in the meantime."""
        with self._lock:
            known = self._entries.get(key)
            # An entry from before the clock was set back looks newer, and is not trusted either.
            is_later = known is not None and self._is_recent(known[0]) and known[0].since_ms > reading.since_ms
            if reading.generation != self._generation or is_later:
                return
            # Deleted first, so that the newest are last.
            self._entries.pop(key, None)
            if len(self._entries) >= self._most:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = (reading, value)

    def forget(self, key: Key) -> None:
        """Call this after the key's value changed in the store, so that the next call reads it again."""
        with self._lock:
            self._generation += 1
            self._entries.pop(key, None)

    def forget_all(self) -> None:
        """Forget every value."""
        with self._lock:
            self._generation += 1
            self._entries.clear()

    def _is_recent(self, reading: Reading) -> bool:
        # A clock that was set back must not prolong anything.
        return self._ms is None or 0 <= clock.now_ms() - reading.since_ms < self._ms


def known_to_tests(keeper: Forgets) -> None:
    """Have `forget_all` forget what this keeps, too."""
    _all.append(keeper)


def forget_all() -> None:
    """Forget everything, like a process that has just started. For tests."""
    for each in _all:
        each.forget_all()
