"""Data are compared with the digests that the run logged, wherever they lie."""

import hashlib
import json
from pathlib import Path

import pytest

from cumulog._client.client import Client
from cumulog._reproduction.rebuilding import places, stored
from cumulog._reproduction.rebuilding.places import Data
from cumulog._reproduction.recorded.reading import Server
from cumulog._reproduction.recorded.run import Code, Dataset, Recorded
from cumulog._transfer.api import Api
from tests.unit.client.fake_server import World
from tests.unit.client.fake_tracking import Run
from tests.unit.client.reproduction.test_causes import PLAIN

CONTENT = b"1,2\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()[:36]


def with_dataset(digest: str, source: str) -> Recorded:
    return PLAIN._replace(datasets=(Dataset("table", digest, "local", source),))


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        (SHA256, Data()),
        (hashlib.md5(CONTENT).hexdigest(), Data()),
        ("0" * 36, Data(changed=("table: 'a.csv' is not what it was",))),
        ("12345678", Data(unchecked=("table: its digest is not one of bytes; the new run's is compared with it",))),
    ],
)
@pytest.mark.parametrize("source", ["a.csv", json.dumps({"uri": "file://a.csv"})])
def test_a_local_file_is_compared_by_a_digest_of_its_bytes(
    tmp_path: Path, digest: str, source: str, expected: Data
) -> None:
    (tmp_path / "a.csv").write_bytes(CONTENT)

    assert places.checked(with_dataset(digest, source), tmp_path) == expected


def test_a_link_in_the_code_leads_no_copy_out_of_the_folder(tmp_path: Path) -> None:
    home, tree, outside = (tmp_path / name for name in ("home", "tree", "outside"))
    for folder in (home / "link", tree, outside):
        folder.mkdir(parents=True)
    (home / "link/a.csv").write_bytes(CONTENT)
    (tree / "link").symlink_to(outside)
    code = Code(root=str(home), left_out=(("link/a.csv", "git ignores it"),))

    assert list(places.fill(PLAIN._replace(code=code), tree)) == []
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("uri", [f"runs:/{'d' * 32}/a.csv", f"mlflow-artifacts:/0/{'d' * 32}/artifacts/a.csv"])
def test_an_artifact_is_compared_by_the_servers_digest(world: World, tmp_path: Path, uri: str) -> None:
    world.tracking.runs["d" * 32] = Run({"experiment_id": "0"})
    world.objects[f"0/{'d' * 32}/artifacts/a.csv"] = CONTENT
    server = Server(Client(world.url), Api(world.url))

    def checked(digest: str) -> Data:
        recorded = with_dataset(digest, json.dumps({"uri": uri}))
        return stored.checked(server, recorded, places.checked(recorded, tmp_path))

    assert checked(SHA256) == Data()
    assert checked("0" * 36).changed == (f"table: '{uri}' is not what it was",)


def test_an_artifact_of_a_run_that_is_gone_is_missing(world: World) -> None:
    uri, server = f"runs:/{'e' * 32}/a.csv", Server(Client(world.url), Api(world.url))

    found = stored.checked(server, with_dataset(SHA256, uri), Data())

    assert found.missing == (f"table: there is no '{uri}'",)


def test_what_a_name_says_is_private_stays_where_it_is(tmp_path: Path) -> None:
    root, tree = tmp_path / "home", tmp_path / "tree"
    for folder in (root / ".ssh", tree):
        folder.mkdir(parents=True)
    (root / ".ssh/id_rsa").write_text("key")
    (root / "data.csv").write_text("1")
    left_out = ((".ssh/id_rsa", "no reason"), ("data.csv", "it is large"))

    told = list(places.fill(PLAIN._replace(code=PLAIN.code._replace(root=str(root), left_out=left_out)), tree))

    assert [each.name for each in tree.rglob("*")] == ["data.csv"]
    assert any("hold secrets" in each.sentence for each in told)
