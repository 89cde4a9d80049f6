"""Files that are logged: through the journal, in order, as they were when they were logged."""

import os
from pathlib import Path

import pytest

import cumulog
from cumulog._delivery import refused
from cumulog._delivery.sync import sync
from cumulog._fluent import artifacts
from cumulog._fluent.process import process
from cumulog._journal import places
from tests.unit.client.fake_server import Status, World


@pytest.fixture(autouse=True)
def offline() -> None:
    cumulog.set_tracking_uri("")


def delivered(world: World) -> dict[str, bytes]:
    """What the server has of the run that is ended with this, by its paths below the run's artifacts."""
    run = cumulog.active_run()
    assert run
    cumulog.end_run()
    sync(world.url, print)
    return {path.removeprefix(f"0/{run.info.run_id}/artifacts/"): body for path, body in world.objects.items()}


def test_files_arrive_as_they_were_when_they_were_logged(world: World, tmp_path: Path) -> None:
    local = tmp_path / "model.txt"
    (tmp_path / "folder/inner").mkdir(parents=True)
    (tmp_path / "folder/inner/a").write_text("a")

    cumulog.start_run()
    local.write_text("first")
    cumulog.log_artifact(local)
    local.write_text("second")
    cumulog.log_artifact(local, "later")
    local.unlink()
    cumulog.log_artifact(tmp_path / "folder")
    cumulog.log_text("größe", "notes/read.me")
    cumulog.log_dict({"a": [1, 2]}, "plain.json")

    found = delivered(world)
    assert found.pop("plain.json").split() == [b"{", b'"a":', b"[", b"1,", b"2", b"]", b"}"]
    assert found == {
        "model.txt": b"first",
        "later/model.txt": b"second",
        "folder/inner/a": b"a",
        "notes/read.me": "größe".encode(),
    }
    assert list(places.chains()) == []


def test_a_large_file_that_changed_meanwhile_is_put_aside_and_the_rest_is_delivered(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "_COPIED_BYTES", 3)
    local, gone = tmp_path / "large", tmp_path / "gone"
    local.write_text("large")
    gone.write_text("deleted")

    cumulog.start_run()
    cumulog.log_artifact(local)
    cumulog.log_artifact(gone)
    cumulog.log_text("x", "after")
    with local.open("a") as file:
        file.write("r")
    gone.unlink()

    assert delivered(world) == {"gone": b"deleted", "after": b"x"}
    assert ["changed" in line["why"] for line in refused.listed()] == [True]


def test_a_small_file_that_became_another_is_noticed_whatever_its_time_says(world: World) -> None:
    run = cumulog.start_run()
    cumulog.log_text("first", "damaged")
    cumulog.log_text("x", "whole")
    (kept,) = (path for path in run.writer().files.glob("*") if path.read_text() == "first")  # type: ignore[union-attr]
    before = kept.stat().st_mtime_ns
    kept.write_text("other")
    os.utime(kept, ns=(before, before))

    assert delivered(world) == {"whole": b"x"}
    assert ["is not what it was" in line["why"] for line in refused.listed()] == [True]


def test_a_file_waits_while_s3_is_away(world: World) -> None:
    cumulog.start_run()
    cumulog.log_text("x", "file")
    cumulog.log_metric("loss", 1.0)
    world.faults.append(Status(400, "AccountProblem"))
    run = cumulog.active_run()
    assert run
    cumulog.end_run()

    assert list(sync(world.url, print).left.values()) != []
    assert sync(world.url, print).left == {}

    assert list(world.objects.values()) == [b"x"]
    assert len(world.tracking.runs[run.info.run_id].points) == 1


def test_a_dataset_is_an_input_of_its_run(world: World) -> None:
    wine = {"name": "wine", "digest": "d1", "source_type": "local", "source": "wine.csv"}
    cumulog.start_run()
    cumulog.log_input(wine, context="training")
    cumulog.log_input({"name": "incomplete"})

    delivered(world)

    (run,) = world.tracking.runs.values()
    assert run.inputs == [{"dataset": wine, "tags": [{"key": "mlflow.data.context", "value": "training"}]}]


def test_a_path_among_the_artifacts_is_read_as_mlflow_reads_it(world: World) -> None:
    cumulog.start_run()
    cumulog.log_text("a", Path("notes") / "a")
    cumulog.log_text("b", "./notes//b")

    assert delivered(world) == {"notes/a": b"a", "notes/b": b"b"}


def test_what_cannot_be_logged_raises_nothing(world: World, tmp_path: Path) -> None:
    cumulog.start_run()

    cumulog.log_artifact(tmp_path / "missing")
    cumulog.log_text("x", "../outside")
    cumulog.log_figure(object(), "figure.png")

    assert delivered(world) == {}
    assert process.active() is None
