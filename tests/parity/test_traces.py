"""Random traces: the same calls in the same order, and the same answers."""

import pytest

from tests.parity.compare import Pair
from tests.parity.traces import trace

CALLS = 150


@pytest.mark.sampled(keep=1)
@pytest.mark.parametrize("seed", [1, 2, 3, 5, 8])
def test_ours_answers_a_random_trace_as_mlflow_does(pair: Pair, seed: int) -> None:
    before = pair.tally.calls

    found = [sentence for call in trace(seed, CALLS) for sentence in pair.compare(call)]

    assert not found, "\n".join([f"{len(found)} answers differ; the first of them:", *found[:10]])
    assert pair.tally.calls - before >= CALLS
