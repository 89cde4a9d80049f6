"""MLflow's artifact protocols through HTTP, on moto, which checks no signature: what every endpoint does."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app import app
from chalicelib.artifacts import limits
from chalicelib.storage import bucket as s3
from infra.local import gateway
from tests import client as api
from tests.api.artifact_calls import ABSENT, AJAX, FILES, INVALID, PROXIED, outcome, post, put, stored, went_to

pytestmark = pytest.mark.usefixtures("bucket")


BYTES = bytes(range(256)) * 3


@pytest.mark.parametrize("prefix", PROXIED)
@pytest.mark.parametrize("content_type", ["application/octet-stream", "text/plain", "application/json", "x/y", None])
@pytest.mark.parametrize("body", [b"", b"x", BYTES], ids=["empty", "one byte", "all bytes"])
def test_a_put_stores_the_bytes_whatever_their_type(
    bucket: Any, root: str, prefix: str, content_type: str | None, body: bytes
) -> None:
    answer = api.send("PUT", f"{prefix}/artifacts/{root}/sub%20dir/f", body, content_type)

    assert (answer.status, answer.body) == (200, {})
    assert stored(bucket) == {f"{root}/sub dir/f": body}


def test_a_put_of_a_model(bucket: Any, model_root: str) -> None:
    assert put(f"{model_root}/MLmodel").status == 200
    assert stored(bucket) == {f"{model_root}/MLmodel": b"x"}


@pytest.mark.parametrize("size", [limits.UPLOAD_BYTES + 1, 5_000_000, gateway.GATEWAY_BYTES + 1])
def test_a_put_beyond_the_limit_says_what_to_set(bucket: Any, root: str, size: int) -> None:
    answer = put(f"{root}/large", bytes(size))

    assert outcome(answer) == (413, "INVALID_PARAMETER_VALUE")
    assert answer.body["message"] == limits.TOO_LARGE
    assert stored(bucket) == {}


@pytest.mark.parametrize("prefix", PROXIED)
def test_a_get_redirects_to_the_object_for_five_minutes(root: str, prefix: str) -> None:
    put(f"{root}/a b+%.txt")

    path, query = went_to(f"{prefix}/artifacts/{root}/a%20b+%25.txt")

    assert path.endswith(f"/{root}/a%20b%2B%25.txt")
    assert query["X-Amz-Expires"] == ["300"]
    assert query["response-content-disposition"] == ['attachment; filename="a b+%.txt"']
    assert query["response-content-type"] == ["text/plain; charset=utf-8"]


@pytest.mark.parametrize("endpoint", ["artifacts", "presigned"])
def test_what_is_missing_is_404_and_a_folder_is_400(root: str, endpoint: str) -> None:
    put(f"{root}/folder/f")

    def answer(path: str) -> tuple[int, Any]:
        return outcome(api.send("GET", f"/api/2.0/mlflow-artifacts/{endpoint}/{root}{path}"))

    assert answer("/nothing") == ABSENT
    assert answer("/fold") == ABSENT
    assert answer("/folder") == INVALID
    assert answer("/folder/") == INVALID
    assert answer("") == INVALID


@pytest.mark.parametrize("body", [b"", b"12345"])
def test_presigned_tells_the_size(root: str, body: bytes) -> None:
    put(f"{root}/f", body)

    answer = api.send("GET", f"/ajax-api/2.0/mlflow-artifacts/presigned/{root}/f")

    assert answer.body["url"].partition("?")[0].endswith(f"/{root}/f")
    assert (answer.body["headers"], answer.body["file_size"]) == ({}, len(body))


@pytest.mark.parametrize("prefix", PROXIED)
def test_the_proxied_list_has_basenames_and_one_level(root: str, prefix: str) -> None:
    for name in ("b.txt", "a/x", "a/y/z", "c/"):
        put(f"{root}/{name}".rstrip("/"), b"12")

    def listed(path: str) -> Any:
        answer = api.send("GET", f"{prefix}/artifacts", query={"path": path})
        assert answer.status == 200, answer
        return answer.body

    assert listed(root) == {
        "files": [
            {"path": "a", "is_dir": True},
            {"path": "b.txt", "is_dir": False, "file_size": 2},
            {"path": "c", "is_dir": False, "file_size": 2},
        ]
    }
    assert listed(f"{root}/a/")["files"] == [
        {"path": "x", "is_dir": False, "file_size": 2},
        {"path": "y", "is_dir": True},
    ]
    assert listed(f"{root}/b.txt") == {}
    assert listed(f"{root}/nothing") == {}


def test_a_folder_too_large_for_one_reply_is_refused(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE", 2)
    monkeypatch.setattr(limits, "ENTRIES", 4)
    for number in range(4):
        put(f"{root}/{number}")

    assert len(api.send("GET", FILES[:-1], query={"path": root}).body["files"]) == 4
    put(f"{root}/5")
    answer = api.send("GET", FILES[:-1], query={"path": root})

    assert outcome(answer) == INVALID
    assert "cumulog/artifacts/list" in answer.body["message"]


def test_a_run_is_listed_with_paths_of_its_own(experiment_id: str, run_id: str, root: str) -> None:
    put(f"{root}/a/b/c")
    put(f"{root}/top")

    whole = api.get("/artifacts/list", run_uuid=run_id).body
    inner = api.send("GET", AJAX + "/artifacts/list", query={"run_id": run_id, "path": "a"}).body

    assert whole["root_uri"] == inner["root_uri"] == f"mlflow-artifacts:/{root}"
    assert [entry["path"] for entry in whole["files"]] == ["a", "top"]
    assert inner["files"] == [{"path": "a/b", "is_dir": True}]
    assert api.get("/artifacts/list", run_id=run_id, path="nothing").body == {"root_uri": f"mlflow-artifacts:/{root}"}


def test_mlflows_listings_leave_out_the_size_of_an_empty_file(run_id: str, root: str) -> None:
    put(f"{root}/empty", b"")

    proxied = api.send("GET", FILES[:-1], query={"path": root}).body
    of_run = api.get("/artifacts/list", run_id=run_id).body
    ours = api.send("GET", "/api/2.0/cumulog/artifacts/list", query={"path": root}).body

    assert proxied["files"] == of_run["files"] == [{"path": "empty", "is_dir": False}]
    assert ours["files"] == [{"path": "empty", "is_dir": False, "file_size": 0}]


@pytest.mark.parametrize("form", ["a", "a/", "./a", "a/.", ".//a", "a/./"])
def test_a_folder_is_listed_by_its_path_in_other_words(run_id: str, root: str, form: str) -> None:
    put(f"{root}/a/b")

    proxied = api.send("GET", FILES[:-1], query={"path": f"{root}/{form}"}).body
    of_run = api.get("/artifacts/list", run_id=run_id, path=form).body
    ours = api.send("GET", "/api/2.0/cumulog/artifacts/list", query={"path": f"{root}/{form}"}).body

    assert [entry["path"] for entry in of_run["files"]] == ["a/b"]
    assert [entry["path"] for entry in proxied["files"]] == [entry["path"] for entry in ours["files"]] == ["b"]


def test_a_model_is_listed_and_read(model_root: str) -> None:
    put(f"{model_root}/env/conda.yaml")
    model = f"/logged-models/{model_root.split('/')[2]}/artifacts"

    listed = api.get(f"{model}/directories", artifact_directory_path="env").body

    assert listed["root_uri"] == f"mlflow-artifacts:/{model_root}"
    assert [entry["path"] for entry in listed["files"]] == ["env/conda.yaml"]
    path, _ = went_to(f"{AJAX}{model}/files", {"artifact_file_path": "env/conda.yaml"})
    assert path.endswith(f"/{model_root}/env/conda.yaml")


@pytest.mark.parametrize("name", ["run_id", "run_uuid"])
def test_get_artifact_redirects(run_id: str, root: str, name: str) -> None:
    put(f"{root}/a/b")

    path, query = went_to("/get-artifact", {name: run_id, "path": "a/b"})

    assert path.endswith(f"/{root}/a/b")
    assert query["response-content-disposition"] == ['attachment; filename="b"']
    assert query["response-content-type"] == ["application/octet-stream"]
    assert went_to("/get-artifact", {name: run_id, "path": "./a//b/"})[0] == path
    assert outcome(api.send("GET", "/get-artifact", query={name: run_id, "path": "a"})) == INVALID
    assert outcome(api.send("GET", "/get-artifact", query={name: run_id, "path": "c"})) == ABSENT
    assert outcome(api.send("GET", "/get-artifact", query={name: "nobody", "path": "c"})) == ABSENT


def test_a_web_page_uploads_a_file(bucket: Any, run_id: str, root: str) -> None:
    path = f"{AJAX}/upload-artifact?"
    status, _, _ = gateway.call(
        app, "POST", path[:-1], {"run_uuid": run_id, "path": "t/x.json"}, {"content-type": "text/plain"}, b"\xff{}"
    )

    assert status == 200
    assert stored(bucket) == {f"{root}/t/x.json": b"\xff{}"}


@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_a_folder_is_deleted_with_all_below_it(bucket: Any, root: str, method: str) -> None:
    for name in ("a", "a/x", "a/y/z", "ab", "b"):
        put(f"{root}/{name}")

    for _ in range(2):
        answer = api.send("DELETE", FILES + root + "/a") if method == "DELETE" else post("/delete", path=f"{root}/a")
        assert (answer.status, answer.body) == (200, {})

    assert set(stored(bucket)) == {f"{root}/ab", f"{root}/b"}
    assert api.send("DELETE", FILES + root + "/").status == 200
    assert stored(bucket) == {}


def test_a_large_folder_is_deleted_call_by_call(bucket: Any, root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DELETIONS", 2)
    for number in range(3):
        put(f"{root}/{number}")

    first, second = (post("/delete", path=root) for _ in range(2))

    assert (first.status, second.status) == (503, 200)
    assert "Retry-After" in first.headers
    assert stored(bucket) == {}


def test_mlflow_uploads_in_parts(bucket: Any, root: str) -> None:
    at = f"/api/2.0/mlflow-artifacts/mpu/{{}}/{root}/sub%20dir"

    def call(step: str, **fields: Any) -> api.Answer:
        return api.send("POST", at.format(step), json.dumps({"path": "C:\\ada\\big.bin", **fields}).encode())

    created = call("create", num_parts=3).body

    assert [each["part_number"] for each in created["credentials"]] == [1, 2, 3]
    assert all(each["headers"] == {} for each in created["credentials"])
    url = urlsplit(created["credentials"][2]["url"])
    assert url.path.endswith(f"/{root}/sub%20dir/big.bin")
    assert parse_qs(url.query)["X-Amz-SignedHeaders"] == ["host"]
    bodies = [b"a" * (5 << 20), b"b" * (5 << 20), b"c"]
    parts = [
        {
            "part_number": number,
            "etag": uploaded(created["upload_id"], f"{root}/sub dir/big.bin", number, body),
            "url": "",
        }
        for number, body in enumerate(bodies, 1)
    ]
    assert outcome(call("complete", upload_id=created["upload_id"], parts=parts[1:])) == INVALID
    assert call("complete", upload_id=created["upload_id"], parts=parts[::-1]).status == 200
    assert stored(bucket) == {f"{root}/sub dir/big.bin": b"".join(bodies)}


def uploaded(upload_id: str, key: str, number: int, body: bytes) -> str:
    answer = s3.client().upload_part(Bucket=s3.name(), Key=key, UploadId=upload_id, PartNumber=number, Body=body)
    return str(answer["ETag"])


def test_an_upload_in_parts_that_mlflow_aborts_is_gone(root: str) -> None:
    at = f"/ajax-api/2.0/mlflow-artifacts/mpu/{{}}/{root}"
    upload_id = api.send("POST", at.format("create"), b'{"path": "x", "num_parts": 1}').body["upload_id"]
    body = json.dumps({"path": "x", "upload_id": upload_id}).encode()

    assert api.send("POST", at.format("abort"), body).status == 200
    assert outcome(api.send("POST", at.format("abort"), body)) == ABSENT


@pytest.mark.parametrize("count", [0, -1, limits.MLFLOW_PARTS + 1])
def test_mlflow_may_not_ask_for_any_number_of_parts(root: str, count: int) -> None:
    body = json.dumps({"path": "x", "num_parts": count}).encode()

    assert outcome(api.send("POST", f"{PROXIED[0]}/mpu/create/{root}", body)) == INVALID
