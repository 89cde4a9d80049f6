"""Models as folders and in the journal, with the standard library's means; tests/parity has MLflow and frameworks."""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest

import cumulog
from cumulog._journal import chains, places
from cumulog._journal.records import Kind
from cumulog._models import requirements
from cumulog._models.flavors import pickled
from cumulog._models.mlmodel import read

Said = pytest.LogCaptureFixture


def double(model_input: Any) -> Any:
    return [2 * each for each in model_input]


class Stubborn:
    def predict(self, model_input: Any) -> Any:
        raise ValueError(f"no: {model_input}")


def saved(folder: Path, **said: Any) -> Path:
    cumulog.save_model(double, folder / "model", serialization_format="pickle", **said)
    return folder / "model"


def test_a_function_is_a_model_that_predicts_when_it_is_trusted(tmp_path: Path) -> None:
    folder = saved(tmp_path, input_example=[1, 2], metadata={"team": "red"})

    model = cumulog.load_model(folder, trust=True)

    assert model.predict([3]) == [6]
    assert (model.get_raw_model(), model.flavors, model.metadata) == (double, ["python_function"], {"team": "red"})
    assert model.signature == cumulog.infer_signature([1, 2], [2, 4])


def test_a_model_of_code_is_not_loaded_until_it_is_trusted(tmp_path: Path) -> None:
    with pytest.raises(cumulog.CumulogError, match="pass trust=True"):
        cumulog.load_model(saved(tmp_path))


def test_a_file_of_code_is_a_model(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def predict(context, model_input):\n    return context.artifacts['word']\n")
    (tmp_path / "word.txt").write_text("hello")

    cumulog.save_model(
        tmp_path / "mine.py", tmp_path / "model", artifacts={"word": str(tmp_path / "word.txt")}, pip_requirements=[]
    )

    assert Path(cumulog.load_model(tmp_path / "model", trust=True).predict([])).read_text() == "hello"


def test_a_model_that_cannot_predict_its_example_is_saved_without_a_signature(tmp_path: Path, caplog: Said) -> None:
    cumulog.save_model(Stubborn(), tmp_path / "model", serialization_format="pickle", input_example=[1])

    assert cumulog.load_model(tmp_path / "model", trust=True).signature is None
    assert "cannot predict its input_example: ValueError: no: [1]" in caplog.text


@pytest.mark.parametrize(
    ("model", "said", "expected"),
    [
        (3, {}, "A int is no model"),
        (Stubborn, {}, "not the class itself"),
        (lambda x: x, {"serialization_format": "pickle"}, "cannot be pickled"),
        (double, {"serialization_format": "onnx"}, "no serialization format"),
        (double, {"flavor": "spark"}, "no flavor"),
        (double, {"code_paths": ["nowhere"]}, "no code at 'nowhere'"),
        (double, {"code_paths": "one"}, "code_paths is a list"),
        (double, {"artifacts": {"word": "nowhere"}}, "artifact 'word' is not there"),
        (double, {"pip_requirements": "nowhere.txt"}, "no file of requirements"),
        (double, {"pip_requirements": ["a\nb"]}, "is no requirement"),
        (double, {"input_example": [object()]}, "cannot be written as JSON"),
    ],
)
def test_a_model_that_cannot_be_saved_leaves_no_folder_and_says_why(
    tmp_path: Path, model: Any, said: dict[str, Any], expected: str
) -> None:
    with pytest.raises(cumulog.CumulogError, match=expected):
        cumulog.save_model(model, tmp_path / "model", **{"serialization_format": "pickle", **said})

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")

    with pytest.raises(cumulog.CumulogError, match="is there already"):
        cumulog.save_model(double, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flavors: [", "cannot be read"),
        ("just a text", "names no flavors"),
        ("flavors: {python_function: {}}", "no flavor that can be loaded"),
        ("flavors: {python_function: {loader_module: cumulog_missing}}", "pip install cumulog_missing"),
        ("flavors: {python_function: {loader_module: os, data: ../../x}}", "which its MLmodel names"),
        ("flavors: {xgboost: {data: x, model_class: os.system}}", "none of XGBoost's|package xgboost is needed"),
    ],
)
def test_an_mlmodel_that_makes_no_sense_is_refused_with_a_sentence(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "MLmodel").write_text(text)

    with pytest.raises(cumulog.CumulogError, match=expected):
        cumulog.load_model(tmp_path, trust=True)


def test_a_pickle_is_looked_into_without_running_it() -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return exec, ("raise SystemExit",)

    several = pickle.dumps([OrderedDict(), Path("x"), OrderedDict(a=Path("y"))])

    assert {"collections", "pathlib"} <= pickled.modules_of(several)
    assert pickled.modules_of(pickle.dumps(Bomb())) == {"builtins"}


def test_requirements_are_pinned_and_those_of_a_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("# mine\nnumpy==2.0  # old\n\npandas\n")

    assert requirements.given(str(tmp_path / "requirements.txt")) == ["numpy==2.0", "pandas"]
    assert requirements.of_modules({"pytest.x", "os", "__main__"}) == [f"pytest=={pytest.__version__}"]


def test_a_logged_model_lies_in_the_journal_with_its_files_between_its_begin_and_its_end(tmp_path: Path) -> None:
    cumulog.set_tracking_uri("")
    with cumulog.start_run() as run:
        info = cumulog.log_model(double, "doubling", serialization_format="pickle", registered_model_name="doubling")

    (folder,) = places.chains()
    chain = chains.found(folder)
    assert chain
    kinds = [record.kind for record in chain.batch()]
    chain.close()
    models = kinds[kinds.index(Kind.MODEL) : kinds.index(Kind.MODEL_FILES) + 1]
    assert models == [Kind.MODEL, *[Kind.FILE] * 7, Kind.MODEL_FILES]
    assert (info.run_id, info.model_uri) == (run.info.run_id, f"models:/{info.model_id}")
    assert not [path for path in folder.rglob("*") if path.is_dir() and path.name.startswith("model-")]


def test_a_model_that_cannot_be_logged_leaves_nothing_in_the_journal(tmp_path: Path) -> None:
    cumulog.set_tracking_uri("")
    cumulog.start_run()

    for wrong in ({"name": "a/b"}, {"serialization_format": "x"}):
        with pytest.raises(cumulog.CumulogError):
            cumulog.log_model(double, **wrong)
    cumulog.end_run()

    (folder,) = places.chains()
    assert not list(folder.rglob("*.yaml"))


def test_a_model_that_was_logged_says_of_which_run_and_model_it_is(tmp_path: Path) -> None:
    cumulog.set_tracking_uri("")
    with cumulog.start_run() as run:
        info = cumulog.log_model(double, serialization_format="pickle")

    (folder,) = places.chains()
    (path,) = [each for each in folder.rglob("*") if each.is_file() and b"\nmodel_uuid:" in each.read_bytes()]
    path.rename(tmp_path / "MLmodel")
    tree = read(tmp_path)
    assert (tree["model_id"], tree["run_id"]) == (info.model_id, run.info.run_id)
