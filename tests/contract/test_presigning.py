"""Presigned URLs against an S3 that verifies signature, expiry, length and checksum: what they allow, and no more."""

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib import clock
from chalicelib.artifacts import expiry, limits
from chalicelib.storage import bucket, objects, presigned
from infra.local import engines
from tests import client as api
from tests.contract import s3
from tests.contract.own_s3 import artifacts as artifacts
from tests.contract.own_s3 import ministack as ministack

pytestmark = pytest.mark.skipif(not engines.installed()[1], reason="ministack is not installed")

OURS = "/api/2.0/cumulog/artifacts"
BODY = b"weights" * 100
MIB = 1 << 20


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment()


@pytest.fixture
def root(experiment_id: str) -> str:
    return f"{experiment_id}/{api.create_run(experiment_id)}/artifacts"


@pytest.fixture
def other_root(experiment_id: str) -> str:
    return f"{experiment_id}/{api.create_run(experiment_id)}/artifacts"


def post(endpoint: str, /, **fields: Any) -> api.Answer:
    return api.send("POST", OURS + endpoint, json.dumps(fields).encode())


def signed(path: str, body: bytes = BODY) -> dict[str, Any]:
    answer = post("/uploads", files=[{"path": path, "size": len(body), "sha256": s3.sha256(body)}])
    assert answer.status == 200, answer
    upload: dict[str, Any] = answer.body["uploads"][0]
    return upload


def download(path: str) -> dict[str, Any]:
    answer = post("/downloads", paths=[path])
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.body["downloads"][0]
    return found


NAMES = [
    "m.bin",
    "sub/with space.txt",
    "ünï 漢字.txt",
    "100%.txt",
    "100%25.txt",
    "a%20b",
    "a+b",
    "a#b?c&d=e;f",
    "~!$'()*,:@[]",
]


@pytest.mark.sampled(keep=4)
@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_comes_back_byte_for_byte(root: str, name: str) -> None:
    assert s3.put(signed(f"{root}/{name}"), BODY).status == 200

    found = download(f"{root}/{name}")

    answer = s3.ask("GET", found["url"])
    assert (answer.status, answer.body) == (200, BODY)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Type"] in ("text/plain; charset=utf-8", "application/octet-stream")
    assert (found["size"], found["sha256"]) == (len(BODY), s3.sha256(BODY))


def test_an_empty_file_is_a_file(root: str) -> None:
    assert s3.put(signed(f"{root}/empty", b""), b"").status == 200

    found = download(f"{root}/empty")

    assert found["size"] == 0
    assert s3.ask("GET", found["url"]).body == b""


def changed(upload: dict[str, Any], **headers: str) -> dict[str, str]:
    return {**upload["headers"], **headers}


TAMPERED = {
    "other key": lambda up: s3.ask("PUT", up["url"].replace("/m.bin", "/n.bin"), BODY, up["headers"]),
    "key of the folder above": lambda up: s3.ask(
        "PUT", up["url"].replace("artifacts/m.bin", "m.bin"), BODY, up["headers"]
    ),
    "GET": lambda up: s3.ask("GET", up["url"], headers=up["headers"]),
    "DELETE": lambda up: s3.ask("DELETE", up["url"], headers=up["headers"]),
    "one byte more": lambda up: s3.ask("PUT", up["url"], BODY + b"!", up["headers"]),
    "one byte less": lambda up: s3.ask("PUT", up["url"], BODY[:-1], up["headers"]),
    "no body": lambda up: s3.ask("PUT", up["url"], b"", up["headers"]),
    "other body of the same length": lambda up: s3.ask("PUT", up["url"], b"x" * len(BODY), up["headers"]),
    "other body with its own checksum": lambda up: s3.ask(
        "PUT",
        up["url"],
        b"x" * len(BODY),
        changed(up, **{"x-amz-checksum-sha256": s3.checksum(b"x" * len(BODY))}),
    ),
    "without the checksum": lambda up: s3.ask("PUT", up["url"], BODY),
    "longer expiry": lambda up: s3.ask("PUT", up["url"].replace("Expires=900", "Expires=901"), BODY, up["headers"]),
    "without a signature": lambda up: s3.ask("PUT", up["url"].partition("?")[0] + "?", BODY, up["headers"]),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_an_upload_that_was_tampered_with_is_refused(root: str, how: str) -> None:
    upload = signed(f"{root}/m.bin")

    answer = TAMPERED[how](upload)

    assert answer.status in (400, 403), answer
    assert list(objects.list_keys(root)) == []
    # Nothing but the change was wrong with it.
    assert s3.put(upload, BODY).status == 200


def test_a_url_for_one_run_cannot_be_replayed_for_another(root: str, other_root: str) -> None:
    upload = signed(f"{root}/m.bin")

    answer = s3.ask("PUT", upload["url"].replace(root, other_root), BODY, upload["headers"])

    assert answer.status == 403
    assert list(objects.list_keys(other_root)) == []


def test_a_download_is_for_one_object_and_for_reading(root: str, other_root: str) -> None:
    for path in (f"{root}/m.bin", f"{root}/n.bin", f"{other_root}/m.bin"):
        s3.put(signed(path), BODY)
    url = download(f"{root}/m.bin")["url"]

    answers = [
        s3.ask("GET", url.replace("/m.bin", "/n.bin")),
        s3.ask("GET", url.replace(root, other_root)),
        s3.ask("PUT", url, b"x"),
        s3.ask("DELETE", url),
        s3.ask("GET", url.replace("disposition=attachment", "disposition=inline")),
    ]

    assert [answer.status for answer in answers] == [403] * 5
    assert objects.read(f"{root}/m.bin") == BODY


def test_urls_expire(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    s3.put(signed(f"{root}/m.bin"), BODY)
    monkeypatch.setattr(presigned, "UPLOAD_SECONDS", 1)
    upload, url = signed(f"{root}/n.bin"), presigned.get(f"{root}/m.bin", "attachment", "text/plain", seconds=1)
    part = presigned.bare_part(f"{root}/p.bin", "any", 1)

    time.sleep(2.1)

    answers = [s3.put(upload, BODY), s3.ask("GET", url), s3.ask("PUT", part, BODY)]
    assert [answer.status for answer in answers] == [403] * 3
    assert all(b"expired" in answer.body for answer in answers)


def test_an_upload_signs_its_length_so_that_no_more_is_sent_than_was_announced(root: str) -> None:
    query = parse_qs(urlsplit(signed(f"{root}/m.bin")["url"]).query)

    assert "content-length" in query["X-Amz-SignedHeaders"][0].split(";")


def test_uploads_last_fifteen_minutes_and_downloads_five(root: str) -> None:
    upload = signed(f"{root}/m.bin")
    s3.put(upload, BODY)

    assert "X-Amz-Expires=900&" in upload["url"]
    assert "X-Amz-Expires=300&" in download(f"{root}/m.bin")["url"]


def begun(path: str, bodies: list[bytes]) -> tuple[str, list[dict[str, Any]]]:
    """An upload in parts, and its signed parts."""
    created = post("/multipart/create", path=path, size=sum(map(len, bodies))).body
    assert created["part_size"] == 8 * MIB
    parts = [
        {"part_number": number, "size": len(body), "sha256": s3.sha256(body)} for number, body in enumerate(bodies, 1)
    ]
    answer = post("/multipart/sign", path=path, upload_id=created["upload_id"], parts=parts)
    assert answer.status == 200, answer
    return created["upload_id"], answer.body["parts"]


def arrived(path: str, upload_id: str) -> list[dict[str, Any]]:
    answer = api.send("GET", OURS + "/multipart/parts", query={"path": path, "upload_id": upload_id})
    assert answer.status == 200, answer
    found: list[dict[str, Any]] = answer.body["parts"]
    return found


THREE = [b"a" * 8 * MIB, b"b" * 8 * MIB, b"c" * 5]


def named(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: part[key] for key in ("part_number", "etag", "sha256")} for part in parts]


def test_an_upload_in_parts_is_resumed_and_completed(root: str) -> None:
    path = f"{root}/big.bin"
    upload_id, parts = begun(path, THREE)
    # In another order, and only some: what a cut connection leaves.
    assert [s3.put(parts[at], THREE[at]).status for at in (2, 0)] == [200, 200]

    there = arrived(path, upload_id)

    assert [(part["part_number"], part["size"], part["sha256"]) for part in there] == [
        (1, 8 * MIB, s3.sha256(THREE[0])),
        (3, 5, s3.sha256(THREE[2])),
    ]
    missing = post("/multipart/complete", path=path, upload_id=upload_id, parts=named(there))
    assert (missing.status, "missing: 2" in missing.body["message"]) == (400, True)
    s3.put(parts[1], THREE[1])
    all_parts = named(arrived(path, upload_id))
    # The second time as if the first reply had been lost.
    for _ in range(2):
        assert post("/multipart/complete", path=path, upload_id=upload_id, parts=all_parts).status == 200
    assert objects.read(path) == b"".join(THREE)
    assert "sha256" not in download(path)


def test_a_part_signs_its_number_length_and_checksum(root: str) -> None:
    path = f"{root}/big.bin"
    upload_id, parts = begun(path, THREE)
    first, last = parts[0], parts[2]

    answers = [
        s3.ask("PUT", last["url"].replace("partNumber=3", "partNumber=2"), THREE[2], last["headers"]),
        s3.ask("PUT", first["url"], THREE[1], first["headers"]),
        s3.ask("PUT", last["url"], THREE[2] + b"!", last["headers"]),
        s3.ask("PUT", last["url"].replace("/big.bin", "/n.bin"), THREE[2], last["headers"]),
    ]

    assert all(answer.status in (400, 403) for answer in answers), answers
    assert arrived(path, upload_id) == []


def test_a_part_of_the_wrong_size_is_not_even_signed(root: str) -> None:
    path = f"{root}/big.bin"
    upload_id, _ = begun(path, THREE)
    digest = s3.sha256(b"")

    wrong = [(1, 5 * MIB), (3, 6), (4, 5), (0, 5)]
    answers = [
        post(
            "/multipart/sign",
            path=path,
            upload_id=upload_id,
            parts=[{"part_number": number, "size": size, "sha256": digest}],
        )
        for number, size in wrong
    ]

    assert [answer.status for answer in answers] == [400] * 4


def test_the_upload_of_one_run_is_none_of_another(root: str, other_root: str) -> None:
    mine, other = f"{root}/big.bin", f"{other_root}/big.bin"
    upload_id, parts = begun(mine, THREE)
    for part, body in zip(parts, THREE, strict=True):
        s3.put(part, body)
    done = named(arrived(mine, upload_id))

    listed = api.send("GET", OURS + "/multipart/parts", query={"path": other, "upload_id": upload_id})
    answers = [
        listed,
        post("/multipart/complete", path=other, upload_id=upload_id, parts=done),
        post("/multipart/abort", path=other, upload_id=upload_id),
    ]

    assert [(answer.status, answer.body["error_code"]) for answer in answers] == [(404, "RESOURCE_DOES_NOT_EXIST")] * 3
    assert list(objects.list_keys(other_root)) == []
    assert len(arrived(mine, upload_id)) == 3


def test_a_digest_that_does_not_match_is_refused_at_the_end_too(root: str) -> None:
    path = f"{root}/big.bin"
    upload_id, parts = begun(path, THREE)
    for part, body in zip(parts, THREE, strict=True):
        s3.put(part, body)
    done = named(arrived(path, upload_id))
    done[1]["sha256"] = s3.sha256(b"other")

    answer = post("/multipart/complete", path=path, upload_id=upload_id, parts=done)

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert list(objects.list_keys(root)) == []


def test_a_forgotten_upload_is_gone_after_three_days_and_no_sooner(root: str) -> None:
    path = f"{root}/big.bin"
    upload_id, parts = begun(path, THREE)
    s3.put(parts[0], THREE[0])

    assert expiry.abort_forgotten() == 0
    assert len(arrived(path, upload_id)) == 1
    with clock.frozen(clock.now_ms() + limits.FORGOTTEN_MS + 60_000):
        assert expiry.abort_forgotten() >= 1

    assert s3.put(parts[1], THREE[1]).status == 404
    assert expiry.abort_forgotten() == 0


def test_an_aborted_upload_leaves_nothing_behind(root: str) -> None:
    path = f"{root}/big.bin"
    upload_id, parts = begun(path, THREE)
    s3.put(parts[0], THREE[0])

    assert post("/multipart/abort", path=path, upload_id=upload_id).status == 200

    assert s3.put(parts[1], THREE[1]).status == 404
    assert post("/multipart/abort", path=path, upload_id=upload_id).status == 404
    done = [{"part_number": number, "etag": '"e"', "sha256": s3.sha256(THREE[0])} for number in (1, 2, 3)]
    assert post("/multipart/complete", path=path, upload_id=upload_id, parts=done).status == 404
    left = bucket.client().list_multipart_uploads(Bucket=bucket.name(), Prefix=root)
    assert left.get("Uploads", []) == []
    assert list(objects.list_keys(root)) == []
