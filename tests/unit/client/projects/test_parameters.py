"""Parameters, from what was typed to what a command gets."""

from pathlib import Path

import pytest

from cumulog._projects.errors import ProjectError
from cumulog._projects.project import EntryPoint, Parameter, Values
from cumulog._projects.reading import parameters


def resolved(folder: Path, declared: list[Parameter], **given: str) -> Values:
    entry = EntryPoint("main", "", {each.name: each for each in declared})
    return parameters.resolved(entry, given, folder, folder / "storage", lambda url, place: place / url[-1:])


def test_defaults_fill_in_and_what_is_not_declared_comes_last(tmp_path: Path) -> None:
    declared = [Parameter("a", "float", "0.5"), Parameter("b", "int"), Parameter("c", "string", "")]

    values = resolved(tmp_path, declared, x="'y z'", b="no number")

    assert values.given == {"a": "0.5", "b": "no number", "c": "", "x": "'y z'"}
    assert values.declared == {"a": "0.5", "b": "no number", "c": ""}
    assert list(values.extra.items()) == [("x", "'y z'")]


def test_what_is_missing_is_named_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="'main' needs a value for 'a', 'c': -P NAME=VALUE"):
        resolved(tmp_path, [Parameter("a"), Parameter("b", default="1"), Parameter("c")])


def test_a_path_is_seen_from_the_project_and_else_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, folder = tmp_path / "here", tmp_path / "project"
    for place in (here, folder):
        place.mkdir()
        (place / "both").touch()
    (here / "mine").touch()
    monkeypatch.chdir(here)
    declared = [Parameter(name, "path") for name in "abcd"]

    values = resolved(folder, declared, a="both", b="mine", c=f"file://{here}/mine", d="../here/mine")

    assert list(values.declared.values()) == [f"{folder}/both", *[f"{here}/mine"] * 3]
    assert list(values.given.values()) == ["both", "mine", f"file://{here}/mine", "../here/mine"]


@pytest.mark.parametrize("value", ["", "none", "x" * 5000, "//[x", "file:///none", "\udcff"])
def test_a_path_that_is_not_there_is_told(tmp_path: Path, value: str) -> None:
    with pytest.raises(ProjectError, match=r"'a' names .* no such file or folder"):
        resolved(tmp_path, [Parameter("a", "path")], a=value)


def test_a_path_that_is_a_url_is_fetched_to_a_place_of_its_own(tmp_path: Path) -> None:
    declared = [Parameter("a"), Parameter("b", "path", "https://host/b"), Parameter("c", "path")]

    values = resolved(tmp_path, declared, a="https://host/a", c="s3://bucket/c")

    storage = tmp_path / "storage"
    assert list(values.declared.values()) == ["https://host/a", f"{storage}/param_1/b", f"{storage}/param_2/c"]
    assert values.given["b"] == "https://host/b"


def test_a_uri_has_a_scheme_and_stays_as_it_is(tmp_path: Path) -> None:
    assert resolved(tmp_path, [Parameter("a", "uri")], a="s3://bucket/x").declared == {"a": "s3://bucket/x"}
    for value in ("", "a/b", "//[x"):
        with pytest.raises(ProjectError, match="'a' is a URI, as in https"):
            resolved(tmp_path, [Parameter("a", "uri")], a=value)


@pytest.mark.parametrize(
    ("value", "message"),
    [("a\0b", "has a NUL in it"), ("x" * (128 << 10), "is longer than"), ("\ud800", "none of Unicode's")],
)
def test_what_no_program_can_be_given_is_refused_also_as_a_default(tmp_path: Path, value: str, message: str) -> None:
    for declared, given in (([Parameter("a", default=value)], {}), ([], {"a": value})):
        with pytest.raises(ProjectError, match=message):
            resolved(tmp_path, declared, **given)


def test_there_is_an_end_to_parameters(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="at most 1000 parameters"):
        resolved(tmp_path, [], **{f"a{number}": "" for number in range(1001)})
