"""The median rule."""

from cumulog._sweeps.declared import Objective, Stopping
from cumulog._sweeps.stopping import is_behind

LOSS, ACCURACY = Objective("loss"), Objective("acc", is_maximized=True)
RULE = Stopping(warmup=2, after=3)
OTHERS = [[(step, level - step * 0.1) for step in range(10)] for level in (1.0, 2.0, 3.0)]


def test_a_trial_whose_best_is_worse_than_the_median_at_its_step_is_behind() -> None:
    assert is_behind([(1, 9.0), (5, 1.6)], OTHERS, LOSS, RULE)
    assert not is_behind([(1, 1.4), (5, 9.0)], OTHERS, LOSS, RULE)
    assert is_behind([(5, 1.0)], OTHERS, ACCURACY, RULE)
    assert not is_behind([(5, 2.5)], OTHERS, ACCURACY, RULE)


def test_what_the_others_did_later_does_not_count() -> None:
    assert not is_behind([(3, 1.7)], [[(0, 2.0), (9, 0.0)]] * 3, LOSS, RULE)


def test_nothing_is_stopped_in_the_warmup_or_before_enough_trials_have_ended() -> None:
    assert not is_behind([(1, 9.0)], OTHERS, LOSS, RULE)
    assert not is_behind([(5, 9.0)], OTHERS[:2], LOSS, RULE)
    assert not is_behind([(5, 9.0)], [[(7, 1.0)]] * 3, LOSS, RULE)
    assert not is_behind([], OTHERS, LOSS, RULE)


def test_a_trial_of_nothing_but_nan_is_behind() -> None:
    assert is_behind([(1, float("nan")), (5, float("nan"))], OTHERS, LOSS, RULE)
