"""What was run is recorded: the record rebuilds the tree that ran, and holds no run up."""

import io
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

import cumulog
from cumulog._delivery import refused
from cumulog._delivery.sync import sync
from cumulog._record import code, git
from tests.unit.client.fake_server import Status, World


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a repository with one commit, and changes of every kind."""
    folder = tmp_path / "repository"
    folder.mkdir()
    for name, content in {
        "a.py": b"print(1)\n",
        "gone.txt": b"old\n",
        "b.bin": bytes(range(256)),
        "same": b"x",
    }.items():
        (folder / name).write_bytes(content)
    asked(folder, "init", "-q", "-b", "main")
    asked(folder, "remote", "add", "origin", "https://robot:hunter2@git.example/a.git")
    asked(folder, "add", ".")
    asked(folder, "-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "first")
    (folder / "a.py").write_text("print(2)\ndiff --git\n")
    (folder / "a.py").chmod(0o755)
    (folder / "gone.txt").unlink()
    (folder / "b.bin").write_bytes(bytes(reversed(range(256))))
    (folder / "staged ü.txt").write_text("new")
    asked(folder, "add", "staged ü.txt")
    (folder / "sub").mkdir()
    (folder / "sub/untracked.py").write_text("x = 1\n")
    monkeypatch.chdir(folder)
    return folder


def asked(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True).stdout


def recorded(world: World, monkeypatch: pytest.MonkeyPatch, how: str = "on") -> dict[str, bytes]:
    """The record of a run that has ended, by path below `cumulog/`."""
    monkeypatch.setenv("CUMULOG_RECORD", how)
    monkeypatch.setenv("PATH", "/usr/local/bin:/usr/bin:/bin")
    cumulog.set_tracking_uri("")
    with cumulog.start_run():
        pass
    sync(world.url, print)
    marks = [(path.partition("/artifacts/cumulog/")[2], content) for path, content in world.objects.items()]
    return {name: content for name, content in marks if name}


def files_of(folder: Path) -> dict[str, tuple[bytes, bool]]:
    """Content of each file, and whether it may be run."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {str(path.relative_to(folder)): (path.read_bytes(), bool(path.stat().st_mode & 0o100)) for path in paths}


def test_commit_patch_and_untracked_files_give_the_tree_that_ran(
    world: World, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = recorded(world, monkeypatch)

    facts = json.loads(record["run.json"])
    asked(tmp_path, "clone", "-q", str(repository), "again")
    asked(tmp_path / "again", "checkout", "-q", facts["git"]["commit"])
    (tmp_path / "patch").write_bytes(record["changes.patch"])
    asked(tmp_path / "again", "apply", "--binary", str(tmp_path / "patch"))
    with tarfile.open(fileobj=io.BytesIO(record["untracked.tar.gz"])) as archive:
        archive.extractall(tmp_path / "again", filter="data")
    assert files_of(tmp_path / "again") == files_of(repository)
    assert facts["git"]["is_complete"]
    assert facts["git"]["remote"] == "https://git.example/a.git"
    assert "pytest==" in record["requirements.txt"].decode()


def test_what_holds_a_secret_is_left_out_and_named(
    world: World, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "ghp_" + "a1B2c3D4e5" * 4
    (repository / "a.py").write_text(f"print(2)\n# {secret}\n")
    (repository / "untracked.txt").write_text(secret)
    (repository / ".env").write_text("X=1")

    record = recorded(world, monkeypatch)

    facts = json.loads(record["run.json"])["git"]
    assert {each["path"] for each in facts["left_out"]} == {"a.py", "untracked.txt", ".env"}
    assert not facts["is_complete"]
    with tarfile.open(fileobj=io.BytesIO(record["untracked.tar.gz"])) as archive:
        assert archive.getnames() == ["sub/untracked.py"]
    everything = str([*record.values(), [run.tags for run in world.tracking.runs.values()]])
    assert secret not in everything
    assert "hunter2" not in everything


def test_large_files_links_and_too_many_of_them_are_left_out(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "large.bin").write_bytes(b"0" * (code.MOST_OF_ONE + 1))
    (repository / "link").symlink_to("/etc/passwd")
    asked(repository, "checkout", "-q", "b.bin")
    monkeypatch.setattr(code, "MOST_UNTRACKED", 4)

    state, _ = git.state(repository)
    assert state
    kept = code.of(state)

    assert {each.path: each.why for each in kept.left_out} == {
        "large.bin": "it is larger than 1 MB",
        "link": "it is no plain file",
        "sub/untracked.py": "there are too many",
    }


def test_the_code_is_named_by_mlflows_tags_alone_if_that_is_wanted(
    world: World, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recorded(world, monkeypatch, "tags") == {}

    (run,) = world.tracking.runs.values()
    state, _ = git.state(repository)
    assert state
    assert {name.rpartition(".")[2]: tag for name, tag in run.tags.items() if "git" in name} == {
        "commit": state.commit,
        "branch": "main",
        "repoURL": "https://git.example/a.git",
        "dirty": "true",
    }


def test_nothing_is_recorded_if_nothing_is_wanted(
    world: World, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recorded(world, monkeypatch, "off") == {}
    (run,) = world.tracking.runs.values()
    assert [name for name in run.tags if "git" in name] == []


def test_outside_of_a_repository_the_rest_is_recorded(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "uv.lock").write_text("version = 1\n")

    record = recorded(world, monkeypatch)

    facts: Any = json.loads(record["run.json"])
    assert record.keys() == {"run.json", "requirements.txt", "locks/uv.lock"}
    assert facts["git"] is None
    assert facts["host"]["cpus"] >= 1


def test_a_record_that_s3_does_not_take_holds_up_nothing(
    world: World, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUMULOG_RECORD", "on")
    cumulog.set_tracking_uri("")
    with cumulog.start_run() as run:
        cumulog.log_metric("loss", 1.0)
    world.faults.extend([Status(403)] * 60)

    sync(world.url, print)

    assert world.tracking.runs[run.info.run_id].status == "FINISHED"
    assert {point[0] for point in world.tracking.runs[run.info.run_id].points} == {"loss"}
    assert any("missing in the record" in str(line) for line in refused.listed())


def test_child_runs_and_those_that_are_gone_on_with_are_not_recorded_again(
    world: World, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUMULOG_RECORD", "on")
    cumulog.set_tracking_uri("")
    with cumulog.start_run() as parent, cumulog.start_run(nested=True):
        pass
    with cumulog.start_run(run_id=parent.info.run_id):
        pass

    sync(world.url, print)

    recorded_runs = {path.split("/")[1] for path in world.objects if path.endswith("cumulog/run.json")}
    assert recorded_runs == {parent.info.run_id}
    assert len([path for path in world.objects if path.endswith("run.json")]) == 1


def test_declared_seeds_are_tags(world: World) -> None:
    cumulog.set_tracking_uri("")
    with cumulog.start_run() as run:
        cumulog.declare_seeds(numpy=1, torch=2)
    sync(world.url, print)

    tags = world.tracking.runs[run.info.run_id].tags
    assert {name: tag for name, tag in tags.items() if "seed" in name} == {
        "cumulog.seed.numpy": "1",
        "cumulog.seed.torch": "2",
    }
