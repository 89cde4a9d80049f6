"""The names under which MLflow has the functions of models: `cumulog.pyfunc.log_model` and its kin."""

from pathlib import Path
from typing import Any

import pytest

import cumulog

Said = pytest.LogCaptureFixture


class Doubling(cumulog.pyfunc.PythonModel):
    def predict(self, context: Any, model_input: Any) -> Any:
        return [2 * each for each in model_input]


def test_a_python_models_name_and_path_come_first_as_in_mlflow(tmp_path: Path) -> None:
    cumulog.set_tracking_uri("")
    with cumulog.start_run():
        info = cumulog.pyfunc.log_model("doubling", python_model=Doubling(), serialization_format="pickle")
    cumulog.pyfunc.save_model(tmp_path / "model", python_model=Doubling(), serialization_format="pickle")

    assert info.name == "doubling"
    assert cumulog.pyfunc.load_model(str(tmp_path / "model"), trust=True).predict([2]) == [4]


def test_a_python_model_may_come_first_too(tmp_path: Path) -> None:
    cumulog.pyfunc.save_model(Doubling(), tmp_path / "model", serialization_format="pickle")

    assert cumulog.pyfunc.load_model(str(tmp_path / "model"), trust=True).predict([2]) == [4]


def test_arguments_of_mlflows_without_effect_are_taken_and_others_are_named(tmp_path: Path) -> None:
    said: dict[str, Any] = {"python_model": Doubling(), "serialization_format": "pickle"}
    cumulog.pyfunc.save_model(tmp_path / "model", await_registration_for=5, conda_env=None, **said)

    with pytest.raises(cumulog.CumulogError, match=r"does not have MLflow's conda_env\. Requirements are given by"):
        cumulog.pyfunc.save_model(tmp_path / "other", conda_env={"name": "x"}, **said)
    with pytest.raises(TypeError, match="input_exmple"):
        cumulog.pyfunc.save_model(tmp_path / "other", input_exmple=[1], **said)


@pytest.mark.parametrize("framework", ["xgboost", "lightgbm", "onnx", "pytorch"])
def test_a_model_of_another_framework_is_refused(framework: str, tmp_path: Path) -> None:
    with pytest.raises(cumulog.CumulogError, match=f"A Doubling is no model of {framework}'s"):
        getattr(cumulog, framework).save_model(Doubling(), tmp_path / "model")


def test_what_only_mlflows_autolog_has_is_left_out_and_said(caplog: Said) -> None:
    with pytest.raises(TypeError, match="silnt"):
        cumulog.sklearn.autolog(silnt=True)

    cumulog.sklearn.autolog(disable=True, silent=True, pos_label=1, log_datasets=False)

    assert "autolog leaves out pos_label, which" in caplog.text
