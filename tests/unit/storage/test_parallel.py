"""Calls that are made several at once."""

import time
from contextvars import ContextVar
from threading import Barrier

import pytest

from chalicelib.storage import parallel

_asked: ContextVar[str] = ContextVar("asked", default="nobody")


def test_answers_come_in_the_order_of_the_arguments() -> None:
    assert parallel.each(lambda number: _late(number, 0.01 / (number + 1)), range(8)) == list(range(8))


def test_four_calls_run_at_once() -> None:
    together = Barrier(4, timeout=10)

    assert sorted(parallel.each(lambda _: together.wait(), range(4))) == [0, 1, 2, 3]


def test_calls_see_what_the_caller_has_set() -> None:
    token = _asked.set("ada")
    try:
        assert parallel.each(lambda _: _late(_asked.get(), 0.005), range(6)) == ["ada"] * 6
    finally:
        _asked.reset(token)


def test_the_first_failure_is_raised_and_what_has_not_begun_is_left() -> None:
    begun = []

    def call(number: int) -> None:
        begun.append(number)
        time.sleep(0.02)
        raise ValueError(str(number))

    with pytest.raises(ValueError, match=r"^0$"):
        parallel.each(call, range(100))

    assert len(begun) <= 8


def test_calls_that_make_calls_themselves_end_however_many_they_are() -> None:
    def deep(level: int) -> int:
        return 1 if level == 0 else sum(parallel.each(lambda _: deep(level - 1), range(6)))

    assert deep(4) == 6**4


def _late(answer: object, seconds: float) -> object:
    time.sleep(seconds)
    return answer
