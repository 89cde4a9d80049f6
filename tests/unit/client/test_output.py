"""What is printed is an artifact, and what the machine does are metrics, while a run goes on."""

import sys
from pathlib import Path

import pytest

import cumulog
from cumulog._delivery.sync import sync
from cumulog._record import output, system
from tests.unit.client.fake_server import World


def stored(world: World, name: str) -> str:
    sync(world.url, print)
    (found,) = [content for path, content in world.objects.items() if path.endswith(f"/artifacts/{name}")]
    return found.decode()


@pytest.fixture(autouse=True)
def offline() -> None:
    cumulog.set_tracking_uri("")


def test_what_is_printed_is_logged_when_the_run_ends_and_the_streams_are_given_back(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sys.stdout, sys.stderr
    with cumulog.start_run():
        cumulog.log_output()
        print("step 1")
        print("\r50 %", end="", file=sys.stderr, flush=True)
        sys.stdout.writelines(["a\n", "b\n"])
        assert sys.stdout.isatty() == before[0].isatty()
    print("later")

    assert (sys.stdout, sys.stderr) == before
    assert capsys.readouterr().out == "step 1\na\nb\nlater\n"
    assert stored(world, "output.log") == "step 1\n\r50 %a\nb\n"


def test_of_much_the_first_and_the_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_KEPT", 5)
    kept = output.Kept()

    for number in range(10):
        kept.add(f"{number:02}\n")

    assert kept.text() == "00\n01\n… 20 characters are left out here …\n8\n09\n"
    assert kept.count == 30


def test_what_is_printed_while_a_run_goes_on_is_logged_meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_SECONDS", 0.01)
    with cumulog.start_run() as run:
        cumulog.log_output("logs/mine.txt")
        print("early")
        files = run.writer().files
        assert files
        while not list(files.glob("*.txt")):
            pass

    assert stored(world, "logs/mine.txt") == "early\n"


def test_the_machine_is_sampled_in_mlflows_names_until_the_run_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psutil", reason="psutil is not installed")
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.1")
    monkeypatch.setenv("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "true")
    run = cumulog.start_run()
    writer = run.writer()
    while writer.written < 4:
        pass
    cumulog.end_run()
    sync(world.url, print)

    points = world.tracking.runs[run.info.run_id].points
    assert {key for key, *_ in points} == {
        *("system/cpu_utilization_percentage", "system/system_memory_usage_megabytes"),
        *("system/system_memory_usage_percentage", "system/disk_usage_percentage", "system/disk_usage_megabytes"),
        *("system/disk_available_megabytes", "system/network_receive_megabytes", "system/network_transmit_megabytes"),
    }
    assert {0, 1} <= {step for *_, step in points}


def test_without_psutil_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)

    with cumulog.start_run(log_system_metrics=True):
        pass

    assert "pip install psutil" in caplog.text


def test_an_interval_that_is_no_number_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert system._number({"SECONDS": "soon"}, "SECONDS", 10.0) == 10.0
    assert "SECONDS is no number, so 10 is used." in caplog.text
