"""A process of its own collects the record: it shares nothing with the one that trains, and ends with the run."""

import json
import os
import subprocess
import sys
import time
import zipapp
from pathlib import Path
from typing import Any

import pytest

import cumulog
from cumulog._delivery.sync import sync
from cumulog._record import beginning, code, collecting, git, programs, recording, started
from cumulog._record.wanted import Wanted
from tests.unit.client.fake_server import World

REPOSITORY = "git init -qb main && git -c user.name=n -c user.email=e commit -qm first --allow-empty"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, in no repository."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("CUMULOG_RECORD", "on")
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    cumulog.set_tracking_uri("")
    return place


def program(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program on the path, as the only one of its name."""
    programs = folder.parent / "programs"
    programs.mkdir(exist_ok=True)
    (programs / name).write_text(f"#!/bin/sh\n{script}\n")
    (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")


def begun(folder: Path, *arguments: str, **variables: str) -> started.Started:
    """A script of these arguments, as if it ran here."""
    environment = {**os.environ, "CUMULOG_RECORD_LOCK": "off"} | variables
    return started.taken(started.Command(str(folder), [*arguments], ["python", *arguments], environment))._replace(
        module=""
    )


def told(start: started.Started) -> dict[str, Any]:
    """What run.json says."""
    parts = {part.path: part.content for part in collecting.collected(Wanted(start))}
    found: dict[str, Any] = json.loads(parts["cumulog/run.json"])
    return found


def has_ended(pid: str) -> bool:
    """Whether a process ends within some seconds. One that nobody has waited for has no command line any more."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if not Path("/proc", pid, "cmdline").read_bytes():
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def run_files(world: World) -> list[str]:
    return sorted(path for path in world.objects if path.endswith("cumulog/run.json"))


def test_what_takes_longer_comes_after_the_rest(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    program(folder, "uv", "cat > /dev/null; sleep 0.2; echo 'a==1 --hash=sha256:00'", monkeypatch)
    with cumulog.start_run():
        deadline = time.monotonic() + 20
        while not list(cache.glob("cumulog/locks/*.txt")) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)

    sync(world.url, print)

    files = {path.partition("/artifacts/cumulog/")[2]: content for path, content in world.objects.items()}
    assert files["requirements.lock"] == b"a==1 --hash=sha256:00\n"
    facts = json.loads(files["run.json"])
    assert facts["pending"] == []
    assert facts["lock"] == {"path": "cumulog/requirements.lock"}
    assert facts["files"].keys() == {"cumulog/requirements.txt", "cumulog/requirements.lock"}


def test_programs_that_are_still_asked_end_with_the_run(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(folder, "uv", f"echo $$ > {folder}/pid; exec sleep 50", monkeypatch)
    with cumulog.start_run():
        deadline = time.monotonic() + 20
        while not (folder / "pid").is_file() and time.monotonic() < deadline:
            time.sleep(0.02)

    sync(world.url, print)

    (path,) = run_files(world)
    assert json.loads(world.objects[path])["pending"] == ["lock"]
    assert has_ended((folder / "pid").read_text().strip())


def test_runs_soon_after_each_other_share_what_was_found(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(*arguments: Any, **options: Any) -> Any:
        asked.append(arguments)
        return begin(*arguments, **options)

    begin = recording.programs.begun
    monkeypatch.setattr(recording.programs, "begun", counted)
    for _ in range(3):
        with cumulog.start_run():
            pass

    sync(world.url, print)

    assert len(run_files(world)) == 3
    assert len(asked) == 1


def test_a_run_that_ends_before_all_was_found_leaves_the_next_one_to_look_again(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "_SECONDS_AT_END", 0.2)
    program(folder, "git", '[ -e slow ] && sleep 1; exec /usr/bin/git "$@"', monkeypatch)
    (folder / "slow").touch()
    with cumulog.start_run():
        pass
    (folder / "slow").unlink()
    monkeypatch.setattr(beginning, "_SECONDS_AT_END", 20)
    with cumulog.start_run():
        pass

    sync(world.url, print)

    assert len(run_files(world)) == 1


def test_a_run_that_begins_with_other_variables_is_looked_at_anew(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUMULOG_RECORD_LOCK", "off")
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        with cumulog.start_run():
            pass

    sync(world.url, print)

    told = [json.loads(world.objects[path]) for path in run_files(world)]
    assert {each["environment"]["PYTHONHASHSEED"] for each in told} == {"1", "2"}


def test_a_process_that_is_killed_leaves_none_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(folder, "git", f"echo $PPID $$ > {folder}/part; mv {folder}/part {folder}/pids; exec sleep 50", monkeypatch)
    source = str(Path(cumulog.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", source)
    with subprocess.Popen(
        [sys.executable, "-c", "import cumulog, time; cumulog.start_run(); time.sleep(50)"]
    ) as script:
        deadline = time.monotonic() + 20
        while not (folder / "pids").is_file() and time.monotonic() < deadline:
            time.sleep(0.02)
        script.kill()

    assert all(has_ended(pid) for pid in (folder / "pids").read_text().split())


def test_a_working_directory_that_is_gone_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder.rmdir()
    with cumulog.start_run():
        pass

    assert "What was run is not recorded: FileNotFoundError" in caplog.text


@pytest.mark.parametrize("form", ["archive", "folder"])
def test_an_archive_and_a_folder_of_pythons_are_scripts(folder: Path, form: str) -> None:
    (folder / "app").mkdir()
    (folder / "app/__main__.py").write_text(
        "import sys; from cumulog._record import started; "
        "start = started.taken(started.Command('.', sys.argv, [], {})); print(start.script(), start.sources)"
    )
    if form == "archive":
        zipapp.create_archive(folder / "app", folder / "app.pyz")
    env = {**os.environ, "PYTHONPATH": str(Path(cumulog.__file__).parents[1])}
    name = "app.pyz" if form == "archive" else "app"

    said = subprocess.run([sys.executable, name], env=env, check=True, capture_output=True, text=True).stdout

    assert said.split() == (
        ["app.pyz", "[]"] if form == "archive" else ["app/__main__.py", f"['{folder}/app/__main__.py']"]
    )


def test_a_program_that_is_none_of_pythons_is_not_started_again(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/sbin/uwsgi")
    monkeypatch.setenv("CUMULOG_RECORD_LOCK", "off")
    monkeypatch.setattr(recording, "_START", "raise SystemExit(1)")
    with cumulog.start_run():
        pass

    sync(world.url, print)

    assert len(run_files(world)) == 1


def test_a_process_that_fails_is_told_of_once_and_the_run_goes_on(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recording, "_START", "raise SystemExit('no such module')")
    with cumulog.start_run() as run:
        cumulog.log_metric("loss", 1.0)

    sync(world.url, print)

    assert "What was run is not recorded: no such module" in caplog.text
    assert world.tracking.runs[run.info.run_id].status == "FINISHED"


def test_a_script_outside_of_a_repository_is_kept_with_what_it_loaded(folder: Path) -> None:
    (folder / "train.py").write_text("import helper")
    (folder / "helper.py").write_text("x = 1")
    (folder / "other.py").write_text("")
    start = begun(folder, "train.py", "--lr", "1")._replace(sources=[str(folder / "helper.py")])

    parts = {part.path: part.content for part in collecting.collected(Wanted(start))}

    facts = json.loads(parts["cumulog/run.json"])
    assert facts["sources"] == {"folder": str(folder), "names": ["helper.py", "train.py"], "left_out": []}
    assert "cumulog/sources.tar.gz" in parts
    assert "not a git repository" in facts["why_no_git"]
    assert facts["entry_point"]["arguments"] == ["--lr", "1"]


def test_the_repository_is_that_of_the_script(folder: Path) -> None:
    (folder / "repository").mkdir()
    subprocess.run(REPOSITORY, shell=True, check=True, cwd=folder / "repository")
    (folder / "repository/train.py").write_text("")

    facts = told(begun(folder, "repository/train.py"))

    assert facts["git"]["untracked"] == ["train.py"]
    assert facts["entry_point"]["script"] == "train.py"
    assert facts["entry_point"]["working_directory"] == str(folder)


def test_a_repository_without_a_commit_is_kept_whole(folder: Path) -> None:
    subprocess.run("git init -qb main && echo 1 > a && git add a && echo 2 > b", shell=True, check=True, cwd=folder)

    facts = told(begun(folder))

    assert (facts["git"]["commit"], facts["git"]["has_patch"], facts["git"]["untracked"]) == ("", True, ["b"])
    assert facts["git"]["is_complete"]


def test_changes_inside_of_a_submodule_are_named_as_missing(folder: Path) -> None:
    subprocess.run(
        f"git init -q inner && cd inner && {REPOSITORY} && touch a && git add a && git -c user.name=n -c user.email=e "
        f"commit -qm a && mkdir ../outer && cd ../outer && {REPOSITORY} && "
        "git -c protocol.file.allow=always submodule add -q ../inner && git -c user.name=n -c user.email=e "
        "commit -qm s && echo 1 > inner/a",
        shell=True,
        check=True,
        cwd=folder,
    )

    facts = told(begun(folder / "outer"))

    assert facts["git"]["left_out"] == [{"path": "inner", "why": "a submodule with changes of its own"}]
    assert not facts["git"]["is_complete"]


def test_what_git_does_not_tell_is_said_to_be_missing(folder: Path) -> None:
    subprocess.run(REPOSITORY, shell=True, check=True, cwd=folder)
    (folder / "a").write_text("")
    state, _ = git.state(folder)
    assert state
    (folder / ".git/index").write_bytes(b"no index")

    (left_out,) = code.of(state).left_out

    assert left_out.path == "."
    assert "git could not tell the changes" in left_out.why


def test_lines_in_the_working_directory_are_no_part_of_the_code(folder: Path) -> None:
    subprocess.run(REPOSITORY, shell=True, check=True, cwd=folder)
    (folder / "journal").mkdir()
    (folder / "journal/1.lines").write_text("")
    (folder / "a.py").write_text("")

    facts = told(begun(folder)._replace(journals=[str(folder / "journal")]))

    assert facts["git"]["untracked"] == ["a.py"]


def test_a_program_that_says_too_much_is_ended_before_it_fills_the_disk() -> None:
    assert programs.asked(["yes"], 60) == (b"", "it says more than 64 MB")


def test_a_program_that_takes_too_long_is_ended() -> None:
    assert programs.asked(["sleep", "50"], 0.01) == (b"", "it took longer than 0.01 seconds")


def test_a_notebook_is_told_by_its_name(folder: Path) -> None:
    (folder / "a.ipynb").write_text("{}")
    facts = told(begun(folder, "/x/ipykernel_launcher.py", "-f", "/x.json", JPY_SESSION_NAME=str(folder / "a.ipynb")))

    assert facts["entry_point"]["notebook"] == str(folder / "a.ipynb")
    assert facts["sources"]["names"] == ["a.ipynb"]
    assert facts["entry_point"]["arguments"] == []


def test_gpus_are_told_as_their_makers_program_lists_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = "name, uuid, memory.total [MiB], driver_version\nNVIDIA H100 80GB, GPU-1, 81559 MiB, 550.54"
    program(folder, "nvidia-smi", f"echo '{table}'", monkeypatch)
    start = begun(folder)
    first = {part.path: part.content.decode() for part in collecting.collected(Wanted(start))}

    (rest,) = collecting.collected(Wanted(start, True, first["cumulog/run.json"], ""))

    assert json.loads(first["cumulog/run.json"])["pending"] == ["accelerators"]
    assert json.loads(rest.content)["accelerators"] == [
        {
            "maker": "NVIDIA",
            "name": "NVIDIA H100 80GB",
            "uuid": "GPU-1",
            "memory.total": "81559 MiB",
            "driver_version": "550.54",
        }
    ]
