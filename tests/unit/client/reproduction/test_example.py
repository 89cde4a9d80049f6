"""Models predict their input example, as plain values."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cumulog
from cumulog._reproduction.comparing.example import flat, predicted


def double(model_input: Any) -> Any:
    return [2 * each for each in model_input]


@pytest.mark.parametrize("given", [[1, 2.5], np.array([1.0, 2.5])])
def test_a_model_predicts_its_example_if_it_is_trusted(tmp_path: Path, given: Any) -> None:
    cumulog.save_model(double, tmp_path / "model", serialization_format="pickle", input_example=given)

    assert predicted(str(tmp_path / "model"), trust=True) == {"values": [2.0, 5.0]}
    assert "trust" in predicted(str(tmp_path / "model"), trust=False)["why"]


def test_a_folder_that_is_no_model_is_told(tmp_path: Path) -> None:
    assert predicted(str(tmp_path), trust=True)["why"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(np.array([[1.0, 2.0]]), [1.0, 2.0]), ({"a": [1], "b": np.float32(2)}, [1, 2.0]), (["x", None], ["x", None])],
)
def test_whatever_a_model_gives_becomes_a_list_of_values(value: Any, expected: list[Any]) -> None:
    assert list(flat(value)) == expected
