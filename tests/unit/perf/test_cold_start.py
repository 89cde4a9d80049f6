"""When the benchmark of cold starts says that one takes too long."""

import pytest

from tests.perf import cold_start
from tests.perf.cold_start import FLOOR, Case
from tests.starting import Start


def starts(*processor_seconds: float) -> list[Start]:
    return [Start(seconds=2 * seconds, processor_seconds=seconds) for seconds in processor_seconds]


@pytest.mark.parametrize(("ours", "faults"), [([0.26, 0.9], 0), ([0.27, 0.27], 1), ([0.1, 0.1], 0)])
def test_the_least_disturbed_start_may_take_1_3_times_the_floor(ours: list[float], faults: int) -> None:
    measured = {FLOOR: starts(0.2, 0.5), "API handler": starts(*ours)}

    found = list(cold_start.too_slow(measured, {"API handler": 1.3}))

    assert len(found) == faults


def test_what_has_no_limit_may_take_any_time() -> None:
    measured = {FLOOR: starts(0.2), "import mlflow.server": starts(4.0)}

    assert list(cold_start.too_slow(measured, {})) == []


def test_the_table_has_medians_in_milliseconds_and_the_multiple_of_the_floor() -> None:
    measured = {FLOOR: starts(0.2, 0.3, 0.4), "API handler": starts(0.25, 0.3, 0.7)}

    lines = list(cold_start.table(measured))

    assert lines[2:] == ["| floor | 600 | 300 | 1.00 |", "| API handler | 600 | 300 | 1.25 |"]


def test_cases_take_turns_and_the_first_round_does_not_count() -> None:
    begun: list[str] = []

    def case(name: str) -> Case:
        def start() -> Start:
            begun.append(name)
            return Start(seconds=len(begun), processor_seconds=0)

        return Case(name, start)

    counted = cold_start.rounds([case("one"), case("other")], number=2)

    assert begun == ["one", "other"] * 3
    assert [start.seconds for start in counted["one"]] == [3, 5]
