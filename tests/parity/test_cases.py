"""The boundary and wrong cases that somebody thought of: MLflow and ours answer each call alike."""

import pytest

from tests.parity import tables
from tests.parity.compare import Pair


# All of them take a minute and a half.
@pytest.mark.sampled(keep=50)
@pytest.mark.parametrize("case", tables.load(), ids=lambda case: case.name)
def test_ours_answers_as_mlflow_does(scene: Pair, case: tables.Case) -> None:
    for call in tables.preparation(case):
        scene.prepare(call)

    found = [sentence for call in case.calls for sentence in scene.compare(call)]

    assert not found, "\n".join(found)
