"""Uploads, against a server that verifies what it is sent and can break off at any byte."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import cumulog
from tests.unit.client.fake_server import PART_BYTES, Cut, Status

ROOT = Path(__file__).resolve().parents[3]
MIB = 1 << 20
LARGE = pytest.param(20 * MIB, marks=pytest.mark.slow)
QUICK = cumulog.Options(progress=False, retry=cumulog.Retry(sleep=lambda _: None))


def content(size, seed=0):
    return (seed.to_bytes(8, "big") + os.urandom(MIB - 8)) * (size // MIB) + os.urandom(size % MIB)


def written(folder, size, name="file"):
    local = folder / name
    local.write_bytes(content(size))
    return local


def journals(cache):
    return [path for path in cache.rglob("*") if path.is_file()]


def upload(world, **files):
    cumulog.upload(files, cumulog.Api(world.url), QUICK)


@pytest.mark.parametrize("size", [0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, LARGE])
def test_a_file_of_any_size_arrives_byte_for_byte(world, tmp_path, cache, size):
    local = written(tmp_path, size)

    upload(world, file=local)

    assert world.objects["file"] == local.read_bytes()
    assert world.uploads == {}
    assert journals(cache) == []


@pytest.mark.slow
def test_small_files_are_asked_for_a_hundred_at_a_time(world, tmp_path):
    files = {f"folder/{n}": written(tmp_path, n, str(n)) for n in range(300)}

    cumulog.upload(files, cumulog.Api(world.url), QUICK)

    assert {path: len(body) for path, body in world.objects.items()} == {f"folder/{n}": n for n in range(300)}
    assert world.calls == ["/uploads"] * 3


@pytest.mark.slow
def test_a_batch_of_larger_files_is_limited_in_bytes(world, tmp_path):
    local = written(tmp_path, 8 * MIB)

    cumulog.upload({str(n): local for n in range(10)}, cumulog.Api(world.url), QUICK)

    assert world.calls == ["/uploads"] * 2


@pytest.mark.parametrize("fault", [Status(403, "AccessDenied"), Status(503, "SlowDown"), Status(500), Cut(1000)])
@pytest.mark.parametrize("size", [4 * MIB, LARGE])
def test_what_fails_for_a_moment_is_sent_again_by_a_fresh_url(world, tmp_path, fault, size):
    local = written(tmp_path, size)
    world.faults.extend([fault, fault])

    upload(world, file=local)

    assert world.objects["file"] == local.read_bytes()
    signed = world.calls_of("/uploads") + world.calls_of("/multipart/sign")
    assert signed == 1 + 2


def test_waits_are_longer_and_longer_and_end(world, tmp_path):
    waits = []
    retry = cumulog.Retry(attempts=4, first=1, most=2, sleep=waits.append)
    world.faults.extend([Status(503)] * 4)

    with pytest.raises(cumulog.TransferFailed, match=r"503.*4 attempts"):
        cumulog.upload({"file": written(tmp_path, 1)}, cumulog.Api(world.url), cumulog.Options(retry=retry))

    assert [0 <= wait <= most for wait, most in zip(waits, [1, 2, 2], strict=True)] == [True] * 3
    assert world.objects == {}


def test_a_refusal_for_good_is_not_repeated(world, tmp_path):
    world.faults.append(Status(400, "InvalidRequest"))

    with pytest.raises(cumulog.TransferFailed, match="400 InvalidRequest"):
        upload(world, file=written(tmp_path, 1))

    assert world.puts == 1


@pytest.mark.slow
def test_an_upload_that_was_cut_is_resumed_by_the_next_call(world, tmp_path, cache):
    local = written(tmp_path, 64 * MIB)
    one_at_a_time = cumulog.Options(threads=1, retry=cumulog.Retry(attempts=1))
    world.faults.extend([None] * 5 + [Cut(MIB)])

    with pytest.raises(cumulog.TransferFailed):
        cumulog.upload({"file": local}, cumulog.Api(world.url), one_at_a_time)
    assert sorted(parts_of(world)) == [1, 2, 3, 4, 5]
    world.put_bytes = 0
    upload(world, file=local)

    assert world.objects["file"] == local.read_bytes()
    assert world.put_bytes == 3 * PART_BYTES
    assert world.calls_of("/multipart/create") == 1
    assert journals(cache) == []


SCRIPT = "import cumulog, sys; cumulog.upload({'file': sys.argv[2]}, cumulog.Api(sys.argv[1]))"


def started(world, local):
    env = {**os.environ, "PYTHONPATH": str(ROOT / "client/python/src")}
    return subprocess.Popen([sys.executable, "-c", SCRIPT, world.url, str(local)], env=env)


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def parts_of(world):
    return [number for upload in world.uploads.values() for number in upload]


@pytest.mark.slow
def test_a_second_process_goes_on_where_the_first_was_killed(world, tmp_path, cache):
    local = written(tmp_path, 80 * MIB)
    world.hold_from = 6

    first = started(world, local)
    until(lambda: len(parts_of(world)) == 5 and world.puts >= 6)
    first.send_signal(signal.SIGKILL)
    first.wait()
    # The entry and its lock.
    kept = len(journals(cache))
    # What was held belongs to the dead process; S3 would have dropped it with the connection.
    world.hold_from, world.put_bytes = 1 << 30, 0
    second = started(world, local)

    assert second.wait(60) == 0
    assert kept == 2
    assert world.objects["file"] == local.read_bytes()
    assert world.put_bytes == 5 * PART_BYTES
    assert world.calls_of("/multipart/create") == 1
    assert journals(cache) == []


@pytest.mark.slow
def test_a_part_that_arrived_with_other_bytes_is_sent_again(world, tmp_path):
    local = written(tmp_path, 24 * MIB)
    world.hold_from = 3
    first = started(world, local)
    until(lambda: len(parts_of(world)) == 2 and world.puts >= 3)
    first.kill()
    first.wait()
    world.hold_from, world.put_bytes = 1 << 30, 0

    before = local.stat()
    with local.open("r+b") as file:
        file.seek((parts_of(world)[0] - 1) * PART_BYTES)
        file.write(b"other bytes, but the same size and time")
    os.utime(local, ns=(before.st_atime_ns, before.st_mtime_ns))
    upload(world, file=local)

    assert world.objects["file"] == local.read_bytes()
    assert world.put_bytes == 2 * PART_BYTES


@pytest.mark.slow
def test_an_upload_that_the_server_dropped_begins_anew(world, tmp_path, cache):
    local = written(tmp_path, 24 * MIB)
    world.hold_from = 2
    first = started(world, local)
    until(lambda: world.puts >= 2)
    first.kill()
    first.wait()
    world.hold_from = 1 << 30
    world.uploads.clear()

    upload(world, file=local)

    assert world.objects["file"] == local.read_bytes()
    assert journals(cache) == []


def test_a_file_that_changes_meanwhile_is_refused_and_leaves_nothing_behind(world, tmp_path, cache):
    local = written(tmp_path, 24 * MIB)
    api = cumulog.Api(world.url)
    sign = api.sign_parts

    def sign_then_change(*arguments):
        targets = sign(*arguments)
        local.write_bytes(content(24 * MIB, seed=1))
        return targets

    api.sign_parts = sign_then_change

    with pytest.raises(cumulog.ContentMismatch, match="changed"):
        cumulog.upload({"file": local}, api, QUICK)

    assert world.calls_of("/multipart/complete") == 0
    assert world.objects == {}
    assert world.uploads == {}
    assert journals(cache) == []


@pytest.mark.slow
def test_a_file_of_two_states_is_not_completed(world, tmp_path, cache):
    local = written(tmp_path, 24 * MIB)
    world.hold_from = 3
    process = started(world, local)
    until(lambda: world.puts == 3)

    local.touch()
    world.released.set()

    assert process.wait(60) == 1
    assert world.calls_of("/multipart/complete") == 0
    assert world.objects == {}
    assert world.uploads == {}
    assert journals(cache) == []


def test_without_a_cache_folder_it_works_but_forgets(world, tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    world.faults.append(Status(400, "InvalidRequest"))

    with pytest.raises(cumulog.TransferFailed):
        upload(world, file=written(tmp_path, 20 * MIB))

    assert world.uploads == {}
    upload(world, file=written(tmp_path, 20 * MIB))
    assert len(world.objects["file"]) == 20 * MIB


def test_a_missing_file_is_found_out_before_anything_is_sent(world, tmp_path):
    with pytest.raises(FileNotFoundError):
        upload(world, there=written(tmp_path, 1), missing=tmp_path / "missing")

    assert world.calls == []
