import subprocess
import sys
import time

import pytest

from infra.local import folder
from infra.local.settings import AlreadyRuns, CannotStart, LocalSettings


@pytest.fixture
def data(tmp_path):
    return tmp_path / "deep" / "data"


def test_a_new_folder_is_made_private_and_marked_with_its_format(data):
    with folder.claimed(data):
        assert data.stat().st_mode & 0o777 == 0o700
        assert (data / "format").read_text() == f"{folder.FORMAT}\n"


def test_one_stack_at_a_time(data):
    with folder.claimed(data):
        folder.note(data, {"url": "http://127.0.0.1:5000"})

        with pytest.raises(CannotStart, match=r"already runs .*5000"), folder.claimed(data):
            pass

    with folder.claimed(data):
        assert folder.read_note(data) == {}


def settings(data, port=5000, **others):
    return LocalSettings(port, data, 30, None, None, **others)


RUNS = {"url": "http://127.0.0.1:5000", "access": "open", "in_memory": False}


@pytest.mark.parametrize("port", [5000, 0])
def test_a_second_start_of_what_runs_already_says_where_and_is_no_error(data, port):
    answer = folder.second(settings(data, port), RUNS)

    assert type(answer) is AlreadyRuns
    assert f"already runs at http://127.0.0.1:5000\n  data: {data}\n" in str(answer)
    assert "CUMULOG_PORT=5001" in str(answer)


DIFFERENT = [
    ({"port": 5001}, RUNS, "its port is not 5001"),
    ({"is_open": False}, RUNS, "its access is open, not closed"),
    ({"in_memory": True}, RUNS, "it keeps its data on disk"),
    ({}, {**RUNS, "in_memory": True}, "it keeps everything in memory"),
    # A stack of the version before does not say how it was started.
    ({}, {"url": RUNS["url"]}, "its access is unknown, not open"),
    ({"port": 5001, "is_open": False}, RUNS, "its port is not 5001 and its access is open, not closed"),
]


@pytest.mark.parametrize(("asked", "facts", "difference"), DIFFERENT)
def test_a_second_start_of_something_else_is_refused_with_the_difference(data, asked, facts, difference):
    answer = folder.second(settings(data, **asked), facts)

    assert type(answer) is CannotStart
    assert f"already runs at http://127.0.0.1:5000 on {data}, but {difference}." in str(answer)
    assert "CUMULOG_DATA" in str(answer)


def test_a_second_start_while_the_first_has_no_address_yet_says_to_wait(data):
    answer = folder.second(settings(data), {})

    assert type(answer) is CannotStart
    assert "starting or ending" in str(answer)


def test_only_a_stack_that_lives_is_in_the_way(data):
    folder.refuse_second(settings(data))
    with folder.claimed(data):
        folder.note(data, RUNS)

        with pytest.raises(AlreadyRuns):
            folder.refuse_second(settings(data))

    folder.note(data, RUNS)
    folder.refuse_second(settings(data))


@pytest.mark.parametrize("left", ["", '{"url": "ht'])
def test_a_note_that_a_power_cut_has_damaged_is_in_nobodys_way(data, left):
    with folder.claimed(data):
        pass
    (data / "stack.json").write_text(left)

    with folder.claimed(data):
        assert folder.read_note(data) == {}


def test_a_folder_from_a_newer_version_is_left_alone(data):
    with folder.claimed(data):
        pass
    (data / "format").write_text(f"{folder.FORMAT + 1}\n")

    with pytest.raises(CannotStart, match="newer Cumulog"), folder.claimed(data):
        pass

    assert (data / "format").read_text() == f"{folder.FORMAT + 1}\n"


def test_a_damaged_format_is_told(data):
    with folder.claimed(data):
        pass
    (data / "format").write_text("")

    with pytest.raises(CannotStart, match="damaged"), folder.claimed(data):
        pass


def test_somebody_elses_folder_is_not_written_to(data):
    data.mkdir(parents=True)
    (data / "thesis.tex").touch()

    with pytest.raises(CannotStart, match="other files"), folder.claimed(data):
        pass

    assert [entry.name for entry in data.iterdir()] == ["thesis.tex"]


def test_a_file_in_the_way_is_told(data):
    data.parent.mkdir()
    data.touch()

    with pytest.raises(CannotStart, match="cannot be used"), folder.claimed(data):
        pass


@pytest.fixture
def sleeper():
    """Starts processes that sleep, with some words on their command line."""
    started = []

    def start(*words):
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", *words])
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_an_engine_that_outlived_its_stack_is_ended_and_a_stranger_with_a_reused_id_is_not(data, sleeper):
    with folder.claimed(data):
        pass
    leftover, stranger = sleeper("--db-path", str(data / "runs.db")), sleeper("unrelated")
    folder.note(data, {"engines": {"dynamodb": leftover.pid, "s3": stranger.pid}})
    time.sleep(0.1)

    with folder.claimed(data):
        assert leftover.wait(60) == -9
        assert stranger.poll() is None
