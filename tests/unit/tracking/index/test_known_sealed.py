from collections.abc import Iterator

import pytest

from chalicelib import clock
from chalicelib.tracking.index import known_sealed
from chalicelib.tracking.index.known_sealed import ROWS


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    ROWS.forget_all()
    yield
    ROWS.forget_all()


def test_keys_are_known_once_all_were_taken() -> None:
    taken = ROWS.kept("place", iter(["a", "b"]))

    assert (next(taken), ROWS.get("place")) == ("a", None)
    assert (next(taken), ROWS.get("place")) == ("b", None)
    assert (list(taken), ROWS.get("place")) == ([], ["a", "b"])


def test_that_there_are_none_is_known_too() -> None:
    assert list(ROWS.kept("place", iter([]))) == ROWS.get("place") == []


def test_after_a_minute_they_are_read_again() -> None:
    with clock.frozen(1_000_000):
        list(ROWS.kept("place", iter(["a"])))
    with clock.frozen(1_060_000):
        assert ROWS.get("place") is None


def test_the_oldest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_sealed, "_MOST_ROWS", 5)
    for place in ("first", "second"):
        list(ROWS.kept(place, iter(["a", "b"])))

    assert (ROWS.get("first"), ROWS.get("second")) == (None, ["a", "b"])


def test_too_many_drop_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_sealed, "_MOST_ROWS", 5)
    list(ROWS.kept("few", iter(["a"])))
    list(ROWS.kept("many", iter("abcdef")))

    assert (ROWS.get("few"), ROWS.get("many")) == (["a"], None)
