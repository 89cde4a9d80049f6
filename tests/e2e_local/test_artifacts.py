"""The stock client's files against the local stack: nothing of ours installed beside it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Before mlflow is imported: it reports its use to its makers, and it would retry a wrong answer for minutes.
os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true", MLFLOW_HTTP_REQUEST_MAX_RETRIES="0")

import mlflow
import pytest
import requests
from mlflow import MlflowClient
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

from chalicelib.artifacts import limits
from infra.local import engines, stack
from infra.local.stack import Stack

pytestmark = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")

SIZES = {"zero.bin": 0, "one.txt": 1, "four.bin": 4 << 20, "latin.txt": 3000, "picture.png": 5000, "x.json": 100}
BIG = 40 << 20
PARTS = {
    "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD": "true",
    "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE": str(limits.PARTS_FROM),
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stack.running(tmp_path_factory.mktemp("stack") / "data") as started:
        yield started


@pytest.fixture
def client(running: Stack) -> Iterator[MlflowClient]:
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(running.url)
    yield MlflowClient()
    mlflow.set_tracking_uri(before)


@pytest.fixture
def run_id(client: MlflowClient) -> str:
    return str(client.create_run("0").info.run_id)


def made(folder: Path, name: str, body: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(body)
    return file


def downloaded(client: MlflowClient, run_id: str, path: str, folder: Path) -> Path:
    folder.mkdir()
    return Path(client.download_artifacts(run_id, path, str(folder)))


def test_files_of_every_small_size_and_any_bytes_come_back(client: MlflowClient, run_id: str, tmp_path: Path) -> None:
    files = [made(tmp_path / "files", name, os.urandom(size)) for name, size in SIZES.items()]

    for file in files:
        client.log_artifact(run_id, str(file), "sub folder")

    got = downloaded(client, run_id, "sub folder", tmp_path / "got")
    assert {file.name: (got / file.name).read_bytes() for file in files} == {f.name: f.read_bytes() for f in files}
    listed = {entry.path: entry.file_size for entry in client.list_artifacts(run_id, "sub folder")}
    # MLflow's server too leaves out the size of an empty file.
    assert listed == {f"sub folder/{name}": size or None for name, size in SIZES.items()}
    assert [(entry.path, entry.is_dir) for entry in client.list_artifacts(run_id)] == [("sub folder", True)]


def test_a_large_file_is_refused_with_what_to_set_and_works_once_it_is_set(
    client: MlflowClient, run_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made(tmp_path, "large.bin", os.urandom(BIG))

    for _ in range(5):
        # The answer must reach a client that is still sending, each time.
        with pytest.raises(requests.HTTPError, match="413") as refused:
            client.log_artifact(run_id, str(file))
        assert all(f"{name}={value}" in str(refused.value) for name, value in PARTS.items())
        assert limits.OUR_PLUGIN in str(refused.value)
    for name, value in PARTS.items():
        monkeypatch.setenv(name, value)
    client.log_artifact(run_id, str(file))

    assert downloaded(client, run_id, "large.bin", tmp_path / "got").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("size", [limits.UPLOAD_BYTES, limits.UPLOAD_BYTES + 1, 5_000_000, 11 << 20])
def test_the_limit_of_a_single_put(client: MlflowClient, run_id: str, tmp_path: Path, size: int) -> None:
    file = made(tmp_path, "x.bin", bytes(size))

    if size <= limits.UPLOAD_BYTES:
        client.log_artifact(run_id, str(file))
        assert client.list_artifacts(run_id)[0].file_size == size
    else:
        with pytest.raises(requests.HTTPError, match="MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true"):
            client.log_artifact(run_id, str(file))


NAMES = [
    "with space.txt",
    "ünï 漢字 😀.txt",
    "100%.txt",
    "50%off.txt",
    "k+step+1.txt",
    "a&b=c;d.txt",
    "[x]{y}~!'\"@$.txt",
]


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_come_back_as_they_were(client: MlflowClient, run_id: str, tmp_path: Path, name: str) -> None:
    client.log_artifact(run_id, str(made(tmp_path / "files", name, name.encode())), "odd folder + 1%")

    got = downloaded(client, run_id, "", tmp_path / "got")

    assert (got / "odd folder + 1%" / name).read_bytes() == name.encode()
    assert [entry.path for entry in client.list_artifacts(run_id, "odd folder + 1%")] == [f"odd folder + 1%/{name}"]


# What MLflow's client itself makes of these before it sends them: not something that a server can mend.
AMBIGUOUS = [("a%20b.txt", "a b.txt"), ("%41.txt", "A.txt"), ("a#b.txt", "a")]


@pytest.mark.parametrize(("name", "stored"), AMBIGUOUS)
def test_names_that_the_stock_client_sends_as_others(
    client: MlflowClient, run_id: str, tmp_path: Path, name: str, stored: str
) -> None:
    client.log_artifact(run_id, str(made(tmp_path, name, b"x")))

    assert [entry.path for entry in client.list_artifacts(run_id)] == [stored]


def test_a_question_mark_is_refused_rather_than_half_a_name_stored(
    client: MlflowClient, run_id: str, tmp_path: Path
) -> None:
    with pytest.raises(requests.HTTPError, match=r"400.*%3F"):
        client.log_artifact(run_id, str(made(tmp_path, "a?b.txt", b"x")))

    assert client.list_artifacts(run_id) == []


def test_more_files_than_s3_lists_at_once_are_listed(running: Stack, client: MlflowClient, run_id: str) -> None:
    names = sorted(f"{number:04}.txt" for number in range(1100))
    root = client.get_run(run_id).info.artifact_uri.removeprefix("mlflow-artifacts:/")
    uploads = f"{running.url}/api/2.0/cumulog/artifacts/uploads"
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    def put_batch(at: int) -> None:
        files = [{"path": f"{root}/many/{name}", "size": 0, "sha256": empty} for name in names[at : at + 100]]
        with requests.Session() as http:
            for upload in http.post(uploads, json={"files": files}, timeout=30).json()["uploads"]:
                assert http.put(upload["url"], headers=upload["headers"], data=b"", timeout=30).status_code == 200

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put_batch, range(0, len(names), 100)))

    assert [entry.path for entry in client.list_artifacts(run_id, "many")] == [f"many/{name}" for name in names]
    listed = list(pages(running.url, f"{root}/many", 300))
    assert [len(page) for page in listed] == [300] * 3 + [200]
    assert sorted(name for page in listed for name in page) == names


def pages(url: str, folder: str, size: int) -> Iterator[list[str]]:
    """The names in a folder by our own listing, page by page."""
    query = {"path": folder, "max_results": str(size)}
    while True:
        reply = requests.get(f"{url}/api/2.0/cumulog/artifacts/list", params=query, timeout=30).json()
        yield [entry["path"] for entry in reply["files"]]
        if "next_page_token" not in reply:
            return
        query["page_token"] = reply["next_page_token"]


def test_deleting_a_folder_takes_all_below_it_and_nothing_else(
    client: MlflowClient, run_id: str, tmp_path: Path
) -> None:
    for folder in ("a", "a/b", "ab"):
        client.log_artifact(run_id, str(made(tmp_path, "x.txt", b"x")), folder)
    repository = get_artifact_repository(client.get_run(run_id).info.artifact_uri)

    for _ in range(2):
        repository.delete_artifacts("a")

    assert [entry.path for entry in client.list_artifacts(run_id)] == ["ab"]


@pytest.mark.sampled(keep=2, of="what survives a kill")
def test_what_was_logged_survives_a_kill(tmp_path: Path) -> None:
    data = tmp_path / "data"
    code = (
        "import sys, mlflow; mlflow.set_tracking_uri(sys.argv[1])\n"
        "with mlflow.start_run() as run: mlflow.log_text('kept', 'note.txt')\n"
        "print(run.info.run_id)"
    )
    # mlflow.set_experiment, which other tests call, leaves its experiment in the environment.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    with stack.running(data) as first:
        command = [sys.executable, "-c", code, first.url]
        played = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        run_id = next(line for line in played.stdout.split() if len(line) == 32)
        first.kill_all()

    with stack.running(data) as again:
        answer = requests.get(f"{again.url}/get-artifact", params={"run_uuid": run_id, "path": "note.txt"}, timeout=30)

    assert answer.text == "kept"
