from collections.abc import Iterator
from threading import Barrier, Thread

import pytest

from chalicelib import clock, remembered
from chalicelib.remembered import Remembered

NOW = 1_000_000


@pytest.fixture(autouse=True)
def _at_rest() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def test_a_value_is_loaded_once() -> None:
    cache, loads = Remembered[str, int](most=2), []

    for _ in range(2):
        cache.read("a", lambda: loads.append(1) or 7)

    assert (cache.get("a"), len(loads)) == (7, 1)


@pytest.mark.parametrize(("later", "expected"), [(0, 7), (4_999, 7), (5_000, None), (-1, None)])
def test_a_value_is_believed_for_its_seconds_and_not_before_it_was_read(later: int, expected: int | None) -> None:
    cache = Remembered[str, int](most=2, seconds=5)
    cache.read("a", lambda: 7)

    with clock.frozen(NOW + later):
        assert cache.get("a") == expected


def test_its_seconds_count_from_before_the_read() -> None:
    cache = Remembered[str, int](most=2, seconds=5)
    reading = cache.begin()

    with clock.frozen(NOW + 5_000):
        cache.keep(reading, "a", 7)
        assert cache.get("a") is None


def test_the_oldest_gives_way() -> None:
    cache = Remembered[str, int](most=2)
    for key in "aba":
        cache.refresh(key, lambda: 7)

    cache.read("c", lambda: 7)

    assert [key for key in "abc" if cache.get(key)] == ["a", "c"]


def test_a_slow_reader_cannot_put_back_what_was_forgotten() -> None:
    cache, started, forgotten = Remembered[str, str](most=2), Barrier(2), Barrier(2)

    def load() -> str:
        started.wait(10)
        forgotten.wait(10)
        return "old"

    slow = Thread(target=lambda: cache.read("a", load))
    slow.start()
    started.wait(10)
    cache.forget("a")
    forgotten.wait(10)
    slow.join()

    assert cache.get("a") is None


def test_a_slow_reader_cannot_replace_what_was_read_after_it() -> None:
    cache = Remembered[str, str](most=2)
    slow = cache.begin()
    with clock.frozen(NOW + 1):
        cache.refresh("a", lambda: "new")

    cache.keep(slow, "a", "old")

    assert cache.get("a") == "new"


def test_a_clock_that_was_set_back_does_not_end_the_remembering() -> None:
    cache = Remembered[str, str](most=2, seconds=5)
    cache.refresh("a", lambda: "before")

    with clock.frozen(NOW - 60_000):
        cache.refresh("a", lambda: "after")

        assert cache.get("a") == "after"


def test_what_raises_is_not_kept() -> None:
    cache = Remembered[str, int](most=2)

    with pytest.raises(ZeroDivisionError):
        cache.read("a", lambda: 1 // 0)

    assert cache.get("a") is None


def test_a_test_can_make_every_cache_forget() -> None:
    first, second = Remembered[str, int](most=2), Remembered[str, int](most=2)
    for cache in (first, second):
        cache.read("a", lambda: 7)

    remembered.forget_all()

    assert (first.get("a"), second.get("a")) == (None, None)
