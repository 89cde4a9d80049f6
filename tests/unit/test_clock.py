"""The clock that tests hold still."""

from chalicelib import clock


def test_of_nested_freezes_the_inner_one_counts() -> None:
    with clock.frozen(1):
        with clock.frozen(2):
            assert (clock.now_ms(), clock.steady_s()) == (2, 0.002)
        assert clock.now_ms() == 1
    assert clock.now_ms() > 2


def test_freezes_that_end_in_the_order_in_which_they_began_leave_nothing_frozen() -> None:
    first, second = clock.frozen(1), clock.frozen(1)

    with first:
        second.__enter__()
    assert clock.now_ms() == 1
    second.__exit__(None, None, None)

    assert clock.now_ms() > 1
