"""Folders of models from elsewhere: whatever they hold, they are refused with a sentence, and run nothing."""

import os
from pathlib import Path
from typing import Any

import pytest

import cumulog
from cumulog._models import mlmodel
from cumulog._models.flavors.kinds import within
from cumulog._models.signature import Signature

LINES_OF_MERGES = [
    "a: &a {k0: 1, k1: 1, k2: 1}",
    *[
        f"{name}: &{name} {{<<: [{', '.join([f'*{before}'] * 9)}]}}"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ],
]


@pytest.mark.parametrize(
    "text",
    [
        "flavors: !!python/object/apply:os.system ['exit 1']",
        "flavors: " + "[" * 5000,
        "flavors: " + "{a: " * 5000,
        "flavors: {}\nx: " + "9" * 10_000,
        "flavors: {sklearn: 2020-99-99}",
        "\n".join([*LINES_OF_MERGES, "flavors: {python_function: *i}"]),
        "x: " + "a" * (5 << 20),
    ],
    ids=["tag", "lists", "mappings", "number", "date", "merges", "length"],
)
def test_an_mlmodel_that_is_an_attack_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "MLmodel").write_text(text)

    with pytest.raises(cumulog.CumulogError, match="cannot be read"):
        cumulog.load_model(tmp_path, trust=True)


@pytest.mark.parametrize("entries", ["null", "5", "text", "[a]"])
def test_a_flavor_without_entries_is_none(tmp_path: Path, entries: str) -> None:
    (tmp_path / "MLmodel").write_text(f"flavors: {{sklearn: {entries}}}")

    with pytest.raises(cumulog.CumulogError, match="names no flavors"):
        cumulog.load_model(tmp_path)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a\0b", "x" * 5000, "circle", "out", "pipe", "nowhere", None])
def test_a_file_that_is_not_in_the_folder_is_not_read(tmp_path: Path, name: Any) -> None:
    (tmp_path / "x").write_text("secret")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path / "x")
    (folder / "circle").symlink_to(folder / "circle")
    os.mkfifo(folder / "pipe")

    with pytest.raises(cumulog.CumulogError, match="which its MLmodel names"):
        within(folder, name)


@pytest.mark.parametrize(("loader", "expected"), [("os", "loads no models"), (".x", "no name of a module")])
def test_a_module_that_loads_no_models_is_not_called(tmp_path: Path, loader: str, expected: str) -> None:
    (tmp_path / "MLmodel").write_text(f"flavors: {{python_function: {{loader_module: {loader}}}}}")

    with pytest.raises(cumulog.CumulogError, match=expected):
        cumulog.load_model(tmp_path, trust=True)


def test_what_a_models_own_code_raises_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("raise KeyError('gone')")
    cumulog.save_model(tmp_path / "mine.py", tmp_path / "model", pip_requirements=[])

    with pytest.raises(cumulog.CumulogError, match="cannot be loaded: KeyError: 'gone'"):
        cumulog.load_model(tmp_path / "model", trust=True)


@pytest.mark.parametrize("schema", ["5", "[1]", "{", "[" * 100_000])
def test_a_signature_that_is_none_is_refused(schema: str) -> None:
    with pytest.raises(cumulog.CumulogError, match="signature cannot be read"):
        Signature.from_dict({"inputs": schema})


def test_an_mlmodel_may_repeat_a_list_by_an_alias(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text("flavors: {onnx: {a: &a [x], b: *a}}")

    assert mlmodel.read(tmp_path)["flavors"] == {"onnx": {"a": ["x"], "b": ["x"]}}


def test_two_models_whose_code_has_one_name_each_use_their_own(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("import its_own\ndef predict(model_input):\n    return its_own.number()\n")
    for number in ("1", "2"):
        (tmp_path / "its_own.py").write_text(f"def number():\n    return {number}\n")
        code = [tmp_path / "its_own.py"]
        cumulog.save_model(tmp_path / "mine.py", tmp_path / number, code_paths=code, pip_requirements=[])

    one, two = (cumulog.load_model(tmp_path / number, trust=True) for number in ("1", "2"))

    assert (one.predict(None), two.predict(None)) == (1, 2)
    assert cumulog.load_model(tmp_path / "1", trust=True).predict(None) == 1
