"""Who holds a lease, when a run counts as silent, and what is said of it then."""

import pytest

from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking.runs import lease_rules
from chalicelib.tracking.runs.lease_rules import Held

MINE = Held("me", since=1_000, held_until=5_000, renewed=3_000, expires=5_000)


def test_the_first_who_asks_holds_the_lease():
    assert lease_rules.taken(None, "me", 1_000, 3_000) == Held("me", 1_000, 3_000, 1_000, 3_000)


def test_the_holder_prolongs_its_lease_and_keeps_its_beginning():
    assert lease_rules.taken(MINE, "me", 4_000, 6_000) == Held("me", 1_000, 6_000, 4_000, 6_000)


def test_another_one_prolongs_the_lease_and_does_not_become_its_holder():
    assert lease_rules.taken(MINE, "you", 4_000, 6_000) == Held("me", 1_000, 5_000, 4_000, 6_000)


def test_another_one_who_asks_for_less_shortens_nothing():
    assert lease_rules.taken(MINE, "you", 4_000, 4_500).expires == 5_000


def test_another_one_becomes_the_holder_when_the_first_has_been_silent():
    prolonged = Held("me", since=1_000, held_until=5_000, renewed=4_000, expires=9_000)

    assert lease_rules.taken(prolonged, "you", 5_000, 7_000) == Held("you", 5_000, 7_000, 5_000, 7_000)


@pytest.mark.parametrize(
    ("logged", "now", "silent"),
    [(0, 4_999, False), (0, 5_000, True), (4_500, 6_499, False), (4_500, 6_500, True)],
)
def test_a_run_is_silent_when_its_lease_ran_out_and_nothing_was_logged_for_as_long(logged: int, now: int, silent: bool):
    assert lease_rules.is_silent(MINE, logged, now) is silent


def test_the_remark_says_when_and_whose():
    lease = Held("gpu-7:4242", 0, 0, 0, 1_795_000_600_000)

    assert lease_rules.remark(lease, 1_795_000_000_999) == (
        "ran out at 2026-11-18T11:16:40Z, last sign of life at 2026-11-18T11:06:40Z, held by gpu-7:4242"
    )


@pytest.mark.parametrize("number", [4, 86_401, -1, 0])
def test_a_lease_that_is_too_short_or_too_long_is_refused(number: int):
    with pytest.raises(InvalidParameterValue, match="5 to 86,400 seconds"):
        lease_rules.seconds(number)


@pytest.mark.parametrize("number", [5, 86_400])
def test_the_shortest_and_the_longest_lease_are_taken(number: int):
    assert lease_rules.seconds(number) == number


@pytest.mark.parametrize("name", ["h" * 251, "two\nlines", "bell\a"])
def test_a_holder_has_a_name_that_can_be_shown(name: str):
    with pytest.raises(InvalidParameterValue, match="holder"):
        lease_rules.holder(name)
