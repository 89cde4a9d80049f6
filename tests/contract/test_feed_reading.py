"""What is new in a feed is found whenever it comes, and what was seen is counted rather than read again."""

import random

import pytest

from chalicelib.storage import keys, tables
from chalicelib.storage.items import FeedEntry
from chalicelib.tracking.feed import reading

EXPERIMENT = "7"
SLICE = 3
NOW_MS = 1_700_000_000_000
LONG_AGO_MS = NOW_MS - 10_000_000


def put(shard: int, received_ms: int, unique: str, is_old: bool = False) -> str:
    """An entry; versions before this one did not say when it was received but in the key."""
    sort_key = keys.feed_entry(SLICE, f"{random.Random(unique).getrandbits(128):032x}", received_ms, unique)
    received = None if is_old else received_ms
    tables.put(FeedEntry(keys.feed(EXPERIMENT, shard), sort_key, points=b"points", received=received))
    return sort_key


def new(seen: dict[str, int], shards: int = 2) -> list[str]:
    """The keys of what is new, which is seen from now on."""
    found = list(reading.since(EXPERIMENT, shards, SLICE, seen))
    seen.update((entry.key, entry.stamp) for entry in found)
    return [entry.key for entry in found]


@pytest.mark.parametrize("seed", range(3))
def test_each_entry_is_new_once_whatever_its_time(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MANY", 5)
    chance = random.Random(seed)
    seen: dict[str, int] = {}

    for turn in range(40):
        acknowledged = [
            put(
                shard=chance.randrange(2),
                received_ms=NOW_MS + chance.choice([100 * turn, 100 * turn - 900, chance.randrange(4_000)]),
                unique=f"{turn}-{number}",
                is_old=chance.random() < 0.1,
            )
            for number in range(chance.randrange(6))
        ]
        assert sorted(new(seen)) == sorted(acknowledged)


def test_of_what_was_seen_only_the_last_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    rows = tables.Since.__iter__
    monkeypatch.setattr(reading.Since, "__iter__", lambda since: (sent.append(row) or row for row in rows(since)))
    seen: dict[str, int] = {}
    for number in range(200):
        put(0, NOW_MS + 10 * number, f"{number}")
    new(seen)

    fresh = put(0, NOW_MS + 2_000, "fresh")

    assert new(seen) == [fresh]
    assert len(sent) == 1 + 200 // 8 + 25
    assert new(seen) == []


def test_a_writer_whose_clock_is_late_is_read() -> None:
    seen: dict[str, int] = {}
    for number in range(200):
        put(0, NOW_MS + 10 * number, f"{number}")
    new(seen)

    late = put(1, LONG_AGO_MS, "late")

    assert new(seen) == [late]
    assert new(seen) == []
