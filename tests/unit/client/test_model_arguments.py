"""What is said of a model when it is logged: what cannot be is refused at once, and never by the server later."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import cumulog
from cumulog._models import begun, mlmodel
from cumulog._models.begun import Begun


class Whole:
    """A number as numpy has it."""

    def __index__(self) -> int:
        return 3


def double(model_input: Any) -> Any:
    return model_input


def test_a_models_fields_are_texts_and_a_whole_number() -> None:
    fields = begun.fields(Begun("wine 漢字", None, Whole(), {1: 2.5}, {"a": "\udcff"}))

    assert fields == {
        "name": "wine 漢字",
        "model_type": "",
        "step": 3,
        "params": [{"key": "1", "value": "2.5"}],
        "tags": [{"key": "a", "value": "\\udcff"}],
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"name": ""}, "no name of a model"),
        ({"name": "a/b"}, "no name of a model"),
        ({"name": "\udcff"}, "no name of a model"),
        ({"name": None}, "no name of a model"),
        ({"step": 1.5}, "step is a whole number"),
        ({"step": "3"}, "step is a whole number"),
        ({"step": 2**70}, "fit 64 bits"),
        ({"params": [("a", 1)]}, "params is a dictionary"),
        ({"params": {"x" * 256: 1}}, "cannot be a name in params"),
        ({"tags": 5}, "tags is a dictionary"),
        ({"registered_model_name": 5}, "no name of a registered model"),
        ({"registered_model_name": "a/b"}, "no name of a registered model"),
        ({"registered_model_name": "x" * 257}, "no name of a registered model"),
        ({"metadata": "x"}, "metadata is a dictionary"),
        ({"metadata": {"a": object()}}, "takes texts, numbers"),
        ({"model_config": "conf.yaml"}, "model_config is a dictionary"),
        ({"artifacts": ["x"]}, "artifacts is a dictionary"),
        ({"artifacts": {"a": 5}}, "cannot be saved: TypeError"),
        ({"signature": "x"}, "signature is what infer_signature gives"),
        ({"extra_pip_requirements": 5}, "are no requirements"),
        ({"code_paths": [5]}, "5 is no path"),
        ({"code_paths": [""]}, "'' is no path"),
    ],
)
def test_a_model_of_which_nonsense_is_said_is_refused_and_nothing_of_it_is_logged(
    said: Mapping[str, Any], expected: str, tmp_path: Path
) -> None:
    cumulog.set_tracking_uri("")

    with cumulog.start_run(), pytest.raises(cumulog.CumulogError, match=expected):
        cumulog.log_model(double, **{"serialization_format": "pickle", **said})


def test_a_place_that_cannot_be_written_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(cumulog.CumulogError, match="cannot be saved"):
        cumulog.save_model(double, tmp_path / "file" / "model")


def code_of(tmp_path: Path, *paths: Path) -> set[str]:
    """The files of code that go along."""
    model = tmp_path / "made" / "model"
    cumulog.save_model(double, model, serialization_format="pickle", code_paths=list(paths), pip_requirements=[])
    code = model / "code"
    return {str(path.relative_to(code)) for path in code.rglob("*") if path.is_file()} - {"cumulog_python_model_1.py"}


def test_links_in_circles_are_copied_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "code" / name).mkdir(parents=True)
        (tmp_path / "code" / name / f"{name}.py").write_text("")
        (tmp_path / "code" / name / "up").symlink_to(tmp_path / "code")
        (tmp_path / "code" / name / "self").symlink_to(".")
    (tmp_path / "code" / "one" / "other").symlink_to(tmp_path / "code" / "two")
    (tmp_path / "code" / "two" / "other").symlink_to(tmp_path / "code" / "one")
    (tmp_path / "code" / "gone").symlink_to("nowhere")

    files = code_of(tmp_path, tmp_path / "code")

    assert files == {f"code/{each}" for each in ("one/one.py", "one/other/two.py", "two/two.py", "two/other/one.py")}


def test_a_folder_that_holds_the_model_is_copied_without_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")

    assert code_of(tmp_path, tmp_path) == {f"{tmp_path.name}/a.py"}


def test_a_link_to_a_file_of_code_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "version_1.py").write_text("")
    (tmp_path / "mine.py").symlink_to("version_1.py")

    assert code_of(tmp_path, tmp_path / "mine.py", tmp_path / "mine.py") == {"mine.py"}


def test_two_files_of_code_with_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.py").write_text(name)

    with pytest.raises(cumulog.CumulogError, match=r"have the name 'mine\.py'"):
        code_of(tmp_path, tmp_path / "a" / "mine.py", tmp_path / "b" / "mine.py")


def test_metadata_may_hold_numbers_of_numpys_and_tuples(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    mlmodel.write(tmp_path, {"flavors": {}, "metadata": {"a": numpy.float32(0.5), "b": (1, numpy.arange(2))}})

    assert mlmodel.read(tmp_path)["metadata"] == {"a": 0.5, "b": [1, [0, 1]]}


class Columns:
    """A frame as Polars has it."""

    def item(self) -> Any:
        raise ValueError("several items")

    def to_pandas(self) -> Any: ...


def test_a_frame_that_is_not_of_pandas_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(cumulog.CumulogError, match=r"a Columns has no form in JSON: pass to_pandas\(\) of it"):
        cumulog.save_model(double, tmp_path / "m", serialization_format="pickle", input_example=Columns())
