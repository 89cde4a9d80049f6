"""A project's folder as a zip: what it has, and what it leaves out."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from cumulog._cloud import packing
from cumulog._projects.errors import ProjectError

GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    place = tmp_path / "project"
    files = {
        "train.py": "print(1)",
        "lib/code.py": "x = 1",
        "data/big.bin": "0" * 100,
        "data/small.csv": "1",
        ".env": "SECRET=1",
        "notes.txt": "aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzzKEYaa",
        ".gitignore": "*.bin\n",
        ".cumulogignore": "lib/unused\n",
        "lib/unused/x": "y",
    }
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(content)
    return place


WANTED = [".cumulogignore", ".gitignore", "data/small.csv", "lib/code.py", "train.py"]


def git(folder: Path, *words: str) -> None:
    subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True)


def test_what_git_ignores_or_the_project_does_not_need_stays_and_so_do_secrets(folder: Path, tmp_path: Path) -> None:
    packed = packing.pack(folder, tmp_path / "a.zip")

    assert packed.names == WANTED
    assert [each.partition(":")[0] for each in packed.left_out] == [".env", "notes.txt"]


def test_in_a_repository_it_is_the_same_and_deleted_files_are_not_there(folder: Path, tmp_path: Path) -> None:
    (folder / "gone.py").write_text("")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    (folder / "gone.py").unlink()
    (folder / "new.py").write_text("")

    assert packing.pack(folder, tmp_path / "a.zip").names == sorted([*WANTED, "new.py"])


def test_without_git_everything_but_what_tools_made_is_packed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (folder / ".venv").mkdir()
    (folder / ".venv" / "python").write_text("")

    assert packing.pack(folder, tmp_path / "a.zip").names == sorted([*WANTED, "data/big.bin", "lib/unused/x"])


def test_files_of_a_repository_within_are_packed_too(folder: Path, tmp_path: Path) -> None:
    git(folder, "init", "-q")
    (folder / "inner").mkdir()
    (folder / "inner" / "model.py").write_text("")
    git(folder / "inner", "init", "-q")

    assert "inner/model.py" in packing.pack(folder, tmp_path / "a.zip").names


def test_a_link_out_of_the_project_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "private").write_text("mine")
    (folder / "link").symlink_to(tmp_path / "private")

    packed = packing.pack(folder, tmp_path / "a.zip")
    assert "link" not in packed.names
    assert "link: it is a link that leads out of the project" in packed.left_out


def test_the_same_files_make_the_same_zip_and_come_back_as_they_were(folder: Path, tmp_path: Path) -> None:
    (folder / "train.py").chmod(0o755)
    packing.pack(folder, tmp_path / "a.zip")
    os.utime(folder / "train.py", (1, 1))
    packing.pack(folder, tmp_path / "b.zip")

    packing.unpack(tmp_path / "a.zip", tmp_path / "back")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert (tmp_path / "back" / "data/small.csv").read_text() == "1"
    assert os.access(tmp_path / "back" / "train.py", os.X_OK)
    assert not os.access(tmp_path / "back" / "lib/code.py", os.X_OK)


def test_too_much_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST_BYTES", 10)

    with pytest.raises(ProjectError, match=r"\.cumulogignore"):
        packing.pack(folder, tmp_path / "a.zip")


def test_a_zip_cannot_write_beside_its_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../outside", "x")
        archive.writestr("/absolute", "x")

    packing.unpack(tmp_path / "a.zip", tmp_path / "back")
    assert sorted(each.name for each in (tmp_path / "back").iterdir()) == ["absolute", "outside"]


def test_what_is_no_zip_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("no")

    with pytest.raises(ProjectError, match="unpacked"):
        packing.unpack(tmp_path / "a.zip", tmp_path / "back")
