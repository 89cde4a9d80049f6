"""Files of two runs are compared by their digests, and looked into where they hold the time of their making."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from cumulog._client.client import Client
from cumulog._reproduction.comparing.files import Stored, compared
from cumulog._reproduction.recorded.reading import Server
from cumulog._transfer.api import Api
from tests.unit.client.fake_server import World


def verdict(world: World, name: str, old: bytes, new: bytes, folder: Path) -> tuple[str, str]:
    world.objects |= {"old": old, "new": new}
    server = Server(Client(world.url), Api(world.url))
    stored = [{name: Stored(path, len(world.objects[path]), None)} for path in ("old", "new")]
    (found,) = compared(server, stored[0], stored[1], folder)
    return found.verdict, found.why


def zipped(files: dict[str, bytes], year: int = 2020) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), content)
    return place.getvalue()


def skops(identity: int, array: str, value: int = 1) -> bytes:
    schema = {"__class__": "SGD", "__id__": identity, "content": {"file": array}}
    return zipped({"schema.json": json.dumps(schema).encode(), array: b"%d" % value})


MODEL = "artifact_path: model\nflavors:\n  sklearn:\n    version: {}\nmodel_id: {}\nutc_time_created: '{}'\n"


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("a.txt", b"1", b"1", "equal"),
        ("a.txt", b"1", b"2", "different"),
        ("a.pt", zipped({"a/data": b"1"}), zipped({"b/data": b"1"}, 2024), "within"),
        ("a.pt", zipped({"a/data": b"1"}), zipped({"a/data": b"2"}), "different"),
        ("a.gz", gzip.compress(b"1", mtime=1), gzip.compress(b"1", mtime=2), "within"),
        ("a.gz", gzip.compress(b"1", mtime=1), gzip.compress(b"2", mtime=1), "different"),
        ("a.gz", b"\x1f\x8b broken", b"\x1f\x8b broken too", "different"),
        ("a.json", b'{"a": 1, "b": 2}', b'{"b": 2, "a": 1}', "within"),
        ("m/MLmodel", MODEL.format(1, "m-1", "a").encode(), MODEL.format(1, "m-2", "b").encode(), "within"),
        ("m/MLmodel", MODEL.format(1, "m-1", "a").encode(), MODEL.format(2, "m-1", "a").encode(), "different"),
        ("m/model.skops", skops(1, "a.npy"), skops(2, "b.npy"), "within"),
        ("m/model.skops", skops(1, "a.npy"), skops(2, "b.npy", 2), "different"),
    ],
)
def test_files_that_mean_the_same_are_told_from_those_that_differ(
    world: World, tmp_path: Path, name: str, old: bytes, new: bytes, expected: str
) -> None:
    found, why = verdict(world, name, old, new, tmp_path)

    assert found == expected
    assert bool(why) == (expected == "within")


def test_a_file_that_only_one_run_has_is_missing_or_extra(world: World, tmp_path: Path) -> None:
    server, stored = Server(Client(world.url), Api(world.url)), Stored("old", 1, None)

    found = compared(server, {"a": stored}, {"b": stored}, tmp_path)

    assert [(each.name, each.verdict) for each in found] == [("a", "missing"), ("b", "extra")]
