"""What names a project."""

from pathlib import Path

import pytest

from cumulog._projects.errors import ProjectError
from cumulog._projects.sources import naming
from cumulog._projects.sources.naming import Name


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("folder", "a@b", "c#d@e", "git", "x:y"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("folder", Name("folder")),
        ("folder@main", Name("folder", "", "main")),
        ("folder#sub/dir", Name("folder", "sub/dir")),
        ("folder#sub@v1.0", Name("folder", "sub", "v1.0")),
        ("a@b", Name("a@b")),
        ("a@b@main", Name("a@b", "", "main")),
        ("c#d@e", Name("c#d@e")),
        ("x:y", Name("x:y")),
        ("https://host/team/p", Name("https://host/team/p")),
        ("https://host/team/p@v1", Name("https://host/team/p", "", "v1")),
        ("https://user@host/team/p", Name("https://user@host/team/p")),
        ("https://user@host/team/p@v1", Name("https://user@host/team/p", "", "v1")),
        ("https://user@host", Name("https://user@host")),
        ("https://user:word@host/p#sub@v1", Name("https://user:word@host/p", "sub", "v1")),
        ("ssh://git@host:22/p", Name("ssh://git@host:22/p")),
        ("git@host:team/p", Name("git@host:team/p")),
        ("git@host:team/p@0a1b2c3", Name("git@host:team/p", "", "0a1b2c3")),
        ("host:p#sub", Name("host:p", "sub")),
    ],
)
def test_a_name_has_a_place_a_subfolder_and_a_revision(given: str, name: Name) -> None:
    assert naming.read(given, "") == name


def test_the_revision_may_be_given_apart() -> None:
    assert naming.read("folder", "main").revision == naming.read("folder@main", "main").revision == "main"
    with pytest.raises(ProjectError, match="given twice: 'main' and 'v1'"):
        naming.read("folder@main", "v1")


def test_a_url_of_a_file_is_a_path(here: Path) -> None:
    assert naming.read(f"file://{here}/a%40b", "").local() == here / "a@b"


@pytest.mark.parametrize("given", ["", "-x", "--upload-pack=touch ran", "a\0b", "a\nb", "x" * 2001, "fol\x1b[31mder"])
def test_what_looks_like_an_option_or_is_no_text_is_refused(given: str) -> None:
    with pytest.raises(ProjectError, match="names no project"):
        naming.read(given, "")


@pytest.mark.parametrize(
    "given", ["none", "x" * 1000, "~nobody-of-this-name/x", "ext::sh -c 'touch ran'", "fd://1", "javascript://host/p"]
)
def test_what_is_neither_there_nor_a_url_is_refused(given: str) -> None:
    with pytest.raises(ProjectError, match="There is no folder or archive"):
        naming.read(given, "")


def test_a_url_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ProjectError, match="URL cannot be read"):
        naming.read("https://user:word@[host/p", "")


@pytest.mark.parametrize(
    "revision", ["-x", "--upload-pack=x", "a b", "a:b", "a..b", "a~1", "a^", "a@{1}", "a*", "a\\b", "\x7f", "+a"]
)
def test_a_revision_is_a_branch_a_tag_or_a_commit(revision: str) -> None:
    with pytest.raises(ProjectError, match="is no branch, tag or commit"):
        naming.read("folder", revision)


@pytest.mark.parametrize("subfolder", ["/etc", "..", "a/../../b"])
def test_a_subfolder_is_inside(subfolder: str) -> None:
    with pytest.raises(ProjectError, match="leads out of the project"):
        naming.read(f"folder#{subfolder}", "")
