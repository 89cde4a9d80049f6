"""A run is run again: what is honest comes out equal, and what was changed is named as the cause."""

import os
from pathlib import Path

import pytest

import cumulog
from cumulog._command.root import main
from tests.unit.client.fake_server import World
from tests.unit.client.reproduction.again import Home, again, causes

# Each starts a few programs.
pytestmark = pytest.mark.sampled(keep=8, of="runs that are run again")


def test_an_honest_run_is_equal_bit_for_bit_and_its_folder_is_untouched(world: World, home: Home) -> None:
    home.edit("0.5", "0.25")
    (home.folder / "more.txt").write_text("git does not know it")
    run_id, before = home.run("--seed=7"), home.manifest()

    report = again(world, run_id, "--verify")

    assert report["verdict"] == "equal"
    assert [(each["name"], each["verdict"], each["points"]) for each in report["metrics"]] == [("loss", "equal", 3)]
    assert {each["name"]: each["verdict"] for each in report["files"]} == {"last.txt": "equal"}
    assert causes(report) == []
    assert home.manifest() == before


def test_the_new_run_is_linked_to_the_old_in_the_same_experiment(world: World, home: Home) -> None:
    run_id = home.run()

    report = again(world, run_id)

    new = world.tracking.runs[report["reproduced_run_id"]]
    assert new.tags["cumulog.reproduces"] == run_id
    assert new.status == "FINISHED"
    assert new.body["experiment_id"] == "0"
    assert new.params == world.tracking.runs[run_id].params


def test_a_byte_of_the_data_is_named_as_the_cause(world: World, home: Home) -> None:
    run_id = home.run()
    (home.folder / "data.txt").write_text("1 2 4")

    report = again(world, run_id, "--verify", code=1)

    assert report["verdict"] == "different"
    assert causes(report)[0] == ("data", "The data changed: data: 'data.txt' is not what it was.")
    assert {kind for kind, _ in causes(report)} == {"data"}


def test_strict_starts_nothing_if_data_changed(world: World, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    run_id = home.run()
    (home.folder / "data.txt").unlink()

    assert main(["reproduce", run_id, "--strict"]) == 1

    assert "there is no 'data.txt'" in capsys.readouterr().err
    assert [*world.tracking.runs] == [run_id]


def test_a_seed_is_named_as_the_cause(world: World, home: Home) -> None:
    report = again(world, home.run("--seed=7"), "-P", "seed=8")

    assert report["metrics"][0]["verdict"] == "different"
    assert ("seed", "The seed of python is '8', it was '7'.") in causes(report)
    assert {kind for kind, _ in causes(report)} == {"arguments", "parameter", "seed"}


def test_an_uncommitted_edit_is_named_as_the_cause(world: World, home: Home) -> None:
    run_id = home.run()
    home.edit("random.random(), step", "random.random() + 1, step")

    report = again(world, run_id, "--current-code")

    assert causes(report) == [("code", "Uncommitted edits differ in train.py.")]


def test_the_default_of_a_parameter_is_named_as_the_cause(world: World, home: Home) -> None:
    run_id = home.run()
    home.edit("0.5", "0.75")
    home.commit()

    kinds = dict(causes(again(world, run_id, "--current-code")))

    assert kinds["parameter"] == "The parameter rate is '0.75', it was '0.5': nobody gave it, so its default changed."
    assert kinds["code"].startswith("The commit is ")


def test_a_variable_is_named_as_the_cause(world: World, home: Home) -> None:
    run_id = home.run(OMP_SCALE="2")

    assert again(world, run_id)["verdict"] == "equal"
    assert causes(again(world, run_id, "--set", "OMP_SCALE=3")) == [("variable", "OMP_SCALE is '3', it was '2'.")]


def test_a_variable_that_was_not_set_is_not_set_again(
    world: World, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = home.run()
    monkeypatch.setenv("OMP_SCALE", "5")

    report = again(world, run_id, "--verify")

    assert report["verdict"] == "equal"
    assert os.environ["OMP_SCALE"] == "5"


def test_the_version_of_a_library_is_named_as_the_cause(world: World, home: Home, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install(site, "1.0")
    home.edit("* random.random()", "* __import__('tiny').FACTOR")
    run_id = home.run(PYTHONPATH=os.pathsep.join([str(site), str(Path(cumulog.__file__).parents[1])]))
    (site / "tiny-1.0.dist-info").rmdir()
    install(site, "1.1")

    report = again(world, run_id, "--env-manager", "local")

    assert report["metrics"][0]["verdict"] == "different"
    assert causes(report) == [("package", "tiny is 1.1, it was 1.0.")]


def install(site: Path, version: str) -> None:
    """A package as pip leaves it."""
    (site / f"tiny-{version}.dist-info").mkdir(parents=True)
    (site / "tiny.py").write_text(f"FACTOR = {version}\n")


def test_a_small_difference_is_within_the_tolerance_that_is_given(world: World, home: Home) -> None:
    run_id = home.run(OMP_SCALE="1")

    report = again(world, run_id, "--set", "OMP_SCALE=1.0000001", "--rtol", "1e-6", "--verify")

    assert report["verdict"] == "within_tolerance"
    assert report["metrics"][0]["verdict"] == "within"


def test_a_run_that_fails_this_time_is_told_with_its_code(world: World, home: Home) -> None:
    report = again(world, home.run(), "-P", "seed=x", code=1)

    assert report["verdict"] == "failed"
    assert report["failure"] == "the command ended with 1"


def test_the_code_is_rebuilt_though_the_commit_is_on_no_branch_any_more(world: World, home: Home) -> None:
    run_id = home.run()
    home.edit("0.5", "0.75")
    home.git("commit", "-qa", "--amend", "-m", "another")

    assert again(world, run_id, "--verify")["verdict"] == "equal"


@pytest.mark.parametrize(
    "start",
    [("-m", "train"), ("-O", "train.py"), ("-c", "import runpy; runpy.run_path('train.py', run_name='__main__')")],
)
def test_it_is_started_as_it_was(world: World, home: Home, start: tuple[str, ...]) -> None:
    run_id = home.run(start=start)

    assert again(world, run_id, "--verify")["verdict"] == "equal"


def test_one_of_several_processes_is_told_to_be_alone(world: World, home: Home) -> None:
    run_id = home.run(WORLD_SIZE="4", RANK="0")

    report = again(world, run_id)

    assert report["verdict"] == "equal"
    assert ("variable", "WORLD_SIZE is not set, it was '4'.") in causes(report)
    assert any("one of 4 processes" in each["sentence"] for each in report["missing"])


def test_a_run_outside_of_a_repository_is_rebuilt_from_the_files_of_its_record(
    world: World, home: Home, tmp_path: Path
) -> None:
    (home.folder / ".git").rename(tmp_path / "elsewhere")
    run_id, before = home.run(), home.manifest()

    report = again(world, run_id)

    assert report["code"] == "the files of its record"
    assert home.manifest() == before


def test_a_run_without_code_or_command_starts_nothing(
    world: World, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    run_id = home.run(CUMULOG_RECORD="off")
    world.tracking.runs[run_id].tags.clear()

    assert main(["reproduce", run_id]) == 1

    assert f"Run {run_id} cannot be run again: it does not say what was run." in capsys.readouterr().err
    assert [*world.tracking.runs] == [run_id]
