"""Downloads: whole or not at all, inside the folder or not at all."""

import os

import pytest

import cumulog
from tests.unit.client.fake_server import Cut, Status

MIB = 1 << 20
LARGE = pytest.param(20 * MIB, marks=pytest.mark.slow)
QUICK = cumulog.Options(progress=False, retry=cumulog.Retry(sleep=lambda _: None))


def download(world, paths, folder, **how):
    return cumulog.download(paths, folder, cumulog.Api(world.url), QUICK, **how)


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def here(tmp_path):
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("size", [0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, LARGE])
def test_a_file_of_any_size_comes_back_byte_for_byte(world, here, size):
    world.objects["run/file"] = os.urandom(size)

    [place] = download(world, ["run/file"], here, root="run")

    assert place == here / "file"
    assert place.read_bytes() == world.objects["run/file"]
    assert files_in(here) == ["file"]


@pytest.mark.slow
def test_many_files_are_asked_for_a_hundred_at_a_time(world, here):
    world.objects.update({f"run/{n // 10}/{n}": str(n).encode() for n in range(250)})

    places = download(world, list(world.objects), here)

    assert [place.read_text() for place in places] == [str(n) for n in range(250)]
    assert world.calls == ["/downloads"] * 3


@pytest.mark.parametrize("size", [4 * MIB, LARGE])
def test_after_a_cut_only_the_rest_is_asked_for(world, here, size):
    world.objects["file"] = os.urandom(size)
    world.faults.extend([Cut(3 * MIB), Cut(MIB)])

    [place] = download(world, ["file"], here)

    assert place.read_bytes() == world.objects["file"]
    # A block that was cut in the middle may have to come again.
    assert world.got_bytes <= size + 2 * MIB


@pytest.mark.parametrize("fault", [Status(403, "AccessDenied"), Status(503)])
def test_a_refused_range_is_asked_for_by_a_fresh_url(world, here, fault):
    world.objects["file"] = os.urandom(20 * MIB)
    world.faults.append(fault)

    [place] = download(world, ["file"], here)

    assert place.read_bytes() == world.objects["file"]
    assert world.calls == ["/downloads"] * 2


@pytest.mark.parametrize("size", [0, 1, LARGE])
def test_what_is_not_what_was_stored_never_takes_its_place(world, here, size):
    world.objects["file"] = os.urandom(size)
    world.claimed_sha256 = "0" * 64
    (here / "file").write_text("what was there before")

    with pytest.raises(cumulog.ContentMismatch):
        download(world, ["file"], here)

    assert files_in(here) == ["file"]
    assert (here / "file").read_text() == "what was there before"


def test_a_failure_leaves_no_half_file(world, here):
    world.objects["file"] = os.urandom(20 * MIB)
    world.faults.extend([Status(404, "NoSuchKey")])

    with pytest.raises(cumulog.TransferFailed, match="404 NoSuchKey"):
        download(world, ["file"], here)

    assert files_in(here) == []


def test_a_missing_file_is_told_as_the_server_tells_it(world, here):
    with pytest.raises(cumulog.ApiError) as caught:
        download(world, ["missing"], here)

    assert (caught.value.status, caught.value.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


UNSAFE = ["../up", "a/../../up", "/etc/passwd", "a//b", "a/./b", "a\\b", "..", ".", "", "a\0b", "a/", "..\\up"]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_name_that_could_lead_out_is_refused_before_anything_is_asked(world, here, name):
    with pytest.raises(cumulog.UnsafePath):
        download(world, ["good", name], here)

    assert world.calls == []
    assert files_in(here.parent) == []


def test_a_link_that_leads_out_is_refused(world, here, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (here / "link").symlink_to(outside)

    with pytest.raises(cumulog.UnsafePath, match="link"):
        download(world, ["link/file"], here)

    assert files_in(outside) == []


def test_a_file_that_is_a_link_is_replaced_and_not_followed(world, here, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("untouched")
    (here / "file").symlink_to(outside)
    world.objects["file"] = b"content"

    download(world, ["file"], here)

    assert outside.read_text() == "untouched"
    assert (here / "file").read_bytes() == b"content"


def test_a_path_that_is_not_below_the_root_is_refused(world, here):
    with pytest.raises(cumulog.UnsafePath, match="below"):
        download(world, ["runner/file"], here, root="run")


@pytest.mark.parametrize("name", ["a b", "ü", "100%", "a+b", "#x", "q?x", "%41", "日本/語"])
def test_odd_names_are_kept(world, here, name):
    world.objects[name] = name.encode()

    [place] = download(world, [name], here)

    assert place == here / name
    assert place.read_bytes() == name.encode()
