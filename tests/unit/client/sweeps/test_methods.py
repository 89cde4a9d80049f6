"""What each way to search a space suggests."""

from collections import Counter

import pytest

from cumulog._projects.errors import ProjectError
from cumulog._sweeps.choosing import method
from cumulog._sweeps.declared import Objective, Sweep
from cumulog._sweeps.space import Choice, Range

DEPTH = Range("depth", 1, 4, is_whole=True)
RATE = Range("rate", 1e-5, 1e-1, is_log=True)
MODEL = Choice("model", ("a", "b"))


def test_a_grid_has_each_combination_once() -> None:
    grid = method(Sweep((MODEL, DEPTH, Range("p", 0, 0.3, step=0.1)), "grid"))

    suggested = [tuple(grid.suggested(number).values()) for number in range(grid.trials)]

    assert grid.trials == len(set(suggested)) == 32
    assert suggested[:5] == [
        ("a", "1", "0.0"),
        ("a", "1", "0.1"),
        ("a", "1", "0.2"),
        ("a", "1", "0.3"),
        ("a", "2", "0.0"),
    ]


def test_a_grid_may_be_cut_off_and_needs_an_end() -> None:
    assert method(Sweep((MODEL, DEPTH), "grid", trials=3)).trials == 3
    with pytest.raises(ProjectError, match="needs a step for 'rate'"):
        method(Sweep((RATE,), "grid"))
    with pytest.raises(ProjectError, match="1000000 combinations"):
        method(Sweep((Range("n", 1, 1000, is_whole=True), Range("m", 1, 1000, is_whole=True)), "grid"))


def test_random_values_depend_on_the_seed_and_the_number_alone() -> None:
    one, same, other = (method(Sweep((MODEL, DEPTH, RATE), trials=500, seed=seed)) for seed in (1, 1, 2))

    assert [one.suggested(number) for number in (7, 3)] == [same.suggested(number) for number in (7, 3)]
    assert one.suggested(7) != other.suggested(7)


def test_random_values_fill_their_range_evenly() -> None:
    drawn = method(Sweep((MODEL, DEPTH, RATE, Range("step", 0, 1, step=0.25)), trials=2000))

    suggested = [drawn.suggested(number) for number in range(2000)]

    for name, values in (("depth", "1234"), ("model", "ab"), ("step", ("0.0", "0.25", "0.5", "0.75", "1.0"))):
        counts = Counter(each[name] for each in suggested)
        assert set(counts) == set(values)
        assert min(counts.values()) > 2000 / len(counts) * 0.8
    rates = [float(each["rate"]) for each in suggested]
    assert min(rates) >= 1e-5
    assert max(rates) <= 1e-1
    # Half of them lie below the middle of the log scale.
    assert 900 < sum(rate < 1e-3 for rate in rates) < 1100


def test_tpe_finds_the_valley_and_goes_on_from_what_an_earlier_process_learnt() -> None:
    pytest.importorskip("optuna", reason="optuna is not installed")
    sweep = Sweep((Range("x", -10.0, 10.0), Range("n", 1, 8, is_whole=True), MODEL), "tpe", 60, 3, Objective("loss"))
    first, second = method(sweep), method(sweep)

    def loss(params: dict[str, str]) -> float:
        return (float(params["x"]) - 2) ** 2 + int(params["n"]) + (params["model"] == "b")

    ended = []
    for number in range(40):
        params = first.suggested(number)
        first.told(number, params, None if number % 10 == 9 else loss(params))
        ended.append((number, params, loss(params)))
    for each in ended:
        second.told(*each)

    assert min(loss(second.suggested(40 + number)) for number in range(5)) < 8
    assert min(each[2] for each in ended) < 5
