from contextvars import copy_context
from threading import Thread

import pytest

from chalicelib import principal


def test_nobody_is_named_by_the_empty_text() -> None:
    assert principal.current() == ""


def test_the_innermost_block_says_who_asks() -> None:
    with principal.acting_as("ada"):
        with principal.acting_as("grace"):
            assert principal.current() == "grace"
        assert principal.current() == "ada"
    assert principal.current() == ""


def test_an_error_ends_the_acting_too() -> None:
    with pytest.raises(LookupError), principal.acting_as("ada"):
        raise LookupError

    assert principal.current() == ""


def test_other_threads_ask_for_others_unless_they_copy_the_context() -> None:
    seen = []

    with principal.acting_as("ada"):
        context = copy_context()
        for target in (lambda: seen.append(principal.current()), lambda: context.run(note, seen)):
            thread = Thread(target=target)
            thread.start()
            thread.join()

    assert seen == ["", "ada"]


def note(seen: list[str]) -> None:
    seen.append(principal.current())
