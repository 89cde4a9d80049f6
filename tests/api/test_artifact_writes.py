"""Who may write where, and that no path leads out of its run: what is refused is refused before S3 is asked."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

import pytest

from app import app
from infra.local import gateway
from tests import client as api
from tests.api.artifact_calls import ABSENT, AJAX, EMPTY, FILES, INVALID, PROXIED, as_json, outcome, post, put, stored

pytestmark = pytest.mark.usefixtures("bucket")

UPLOAD = "8388609-id"
PART = {"part_number": 1, "size": 8 << 20, "sha256": EMPTY}
DONE = [{"part_number": number, "etag": '"e"', "sha256": EMPTY} for number in (1, 2)]

# Every endpoint that takes a whole path: as JSON or query, where the path is not encoded, and in the URL, where it is.
BY_TEXT: dict[str, Callable[[str], api.Answer]] = {
    "uploads": lambda path: post("/uploads", files=[{"path": path, "size": 0, "sha256": EMPTY}]),
    "downloads": lambda path: post("/downloads", paths=[path]),
    "create": lambda path: post("/multipart/create", path=path, size=1),
    "sign": lambda path: post("/multipart/sign", path=path, upload_id=UPLOAD, parts=[PART]),
    "parts": lambda path: api.send(
        "GET", "/api/2.0/cumulog/artifacts/multipart/parts", query={"path": path, "upload_id": UPLOAD}
    ),
    "complete": lambda path: post("/multipart/complete", path=path, upload_id=UPLOAD, parts=DONE),
    "abort": lambda path: post("/multipart/abort", path=path, upload_id=UPLOAD),
    "delete": lambda path: post("/delete", path=path),
    "list": lambda path: api.send("GET", "/api/2.0/cumulog/artifacts/list", query={"path": path}),
    "proxied list": lambda path: api.send("GET", FILES[:-1], query={"path": path}),
}
BY_URL: dict[str, Callable[[str], api.Answer]] = {
    "get": lambda path: api.send("GET", FILES + path),
    "put": lambda path: api.send("PUT", FILES + path, b"x", "text/plain"),
    "delete": lambda path: api.send("DELETE", FILES + path),
    "presigned": lambda path: api.send("GET", f"{PROXIED[0]}/presigned/{path}"),
    "mpu create": lambda path: api.send("POST", f"{PROXIED[1]}/mpu/create/{path}", b'{"path": "f", "num_parts": 1}'),
    "mpu abort": lambda path: api.send("POST", f"{PROXIED[1]}/mpu/abort/{path}", b'{"path": "f", "upload_id": "u"}'),
    "mpu complete": lambda path: api.send(
        "POST", f"{PROXIED[1]}/mpu/complete/{path}", b'{"path": "f", "upload_id": "u", "parts": []}'
    ),
}

TRAVERSALS = [
    "../x",
    "a/../../x",
    "..\\x",
    "a\x00",
    "%2e%2e/x",
    "a%2f..%2fx",
    "%252e%252e/x",
    "a\nb",
]
ENCODED = ["..%2fx", "%2e%2e/x", "%2e%2e%2fx", "%252e%252e%252fx", "a%5c..%5cx", "a%00", "a%0a", "..%c0%af"]
# One path in other words: for those who read, not for those who write.
IN_OTHER_WORDS = ["./a/x", "a/./x", "a//x", "/a/x", "a/x/", "a/x/."]
READING = {"downloads", "list", "proxied list", "get", "presigned"}
OUTSIDE = ["_cumulog/values/x", "0/run/other/x", "models/m/artifacts/x", "etc/passwd"]


@pytest.mark.parametrize("endpoint", BY_TEXT)
def test_no_traversal_in_a_text_is_sent_to_s3(root: str, asked_of_s3: list[str], endpoint: str) -> None:
    answers = {name: outcome(BY_TEXT[endpoint](f"{root}/{name}")) for name in TRAVERSALS}
    outside = {name: outcome(BY_TEXT[endpoint](name)) for name in OUTSIDE}

    assert set(answers.values()) == set(outside.values()) == {INVALID}
    assert asked_of_s3 == []


@pytest.mark.parametrize("endpoint", BY_URL)
def test_no_traversal_in_a_url_is_sent_to_s3(root: str, asked_of_s3: list[str], endpoint: str) -> None:
    names = [*ENCODED, *map(quote, TRAVERSALS)]

    answers = {name: outcome(BY_URL[endpoint](f"{root}/{name}")) for name in names}
    outside = {name: outcome(BY_URL[endpoint](name)) for name in OUTSIDE}

    assert set(answers.values()) == set(outside.values()) == {INVALID}
    assert asked_of_s3 == []


@pytest.mark.parametrize("endpoint", BY_TEXT)
def test_whoever_reads_may_write_a_path_in_other_words(root: str, asked_of_s3: list[str], endpoint: str) -> None:
    answers = {outcome(BY_TEXT[endpoint](f"{root}/{name}")) for name in IN_OTHER_WORDS[:4]}

    assert (answers == {INVALID}) == (endpoint not in READING)
    assert (asked_of_s3 == []) == (endpoint not in READING)


@pytest.mark.parametrize("endpoint", ["get", "presigned"])
def test_a_file_is_read_by_its_path_in_other_words(root: str, endpoint: str) -> None:
    put(f"{root}/a/x")

    for name in [*IN_OTHER_WORDS, "a%2f%2fx", "%2e/a/x"]:
        assert BY_URL[endpoint](f"{root}/{name}").status in (200, 302), name


@pytest.mark.parametrize(
    ("name", "taken"),
    [("a//x", True), ("a%2fx", True), ("/a/x", True), ("./a/x", False), ("a/./x", False), ("a/x/", False)],
)
def test_mlflows_client_uploads_to_a_path_with_two_slashes(bucket: Any, root: str, name: str, taken: bool) -> None:
    assert (BY_URL["put"](f"{root}/{name}").status == 200) == taken
    assert stored(bucket) == ({f"{root}/a/x": b"x"} if taken else {})


# Decoded once by the gateway: `x#y`, `a%23b`, `100%25`, `a%20b`.
UNLISTABLE = ["x%23y", "a%2523b", "100%2525", "a%2520b/c"]


@pytest.mark.parametrize("name", UNLISTABLE)
def test_a_name_that_mlflows_client_cannot_list_is_refused_on_its_routes(
    bucket: Any, run_id: str, root: str, asked_of_s3: list[str], name: str
) -> None:
    decoded = unquote(name)
    created = json.dumps({"path": f"C:\\ada\\{decoded}", "num_parts": 1}).encode()
    page = {"run_id": run_id, "path": decoded}

    answers = [
        BY_URL["put"](f"{root}/{name}"),
        BY_URL["mpu create"](f"{root}/{name}"),
        api.send("POST", f"{PROXIED[0]}/mpu/create/{root}", created),
        api.Answer(*as_json(gateway.call(app, "POST", AJAX + "/upload-artifact", page, {}, b"x"))),
    ]

    expected = [INVALID] * 4 if "/" not in name else [INVALID, INVALID, (200, None), INVALID]
    assert [outcome(answer) for answer in answers] == expected
    assert all("cannot list" in answer.body["message"] for answer in answers if answer.status == 400)
    assert BY_TEXT["uploads"](f"{root}/{decoded}").status == 200
    assert set(asked_of_s3) <= {"CreateMultipartUpload"}


@pytest.mark.parametrize("name", [*TRAVERSALS, "/x", "/etc/passwd"])
def test_no_relative_path_leaves_its_run(run_id: str, asked_of_s3: list[str], name: str) -> None:
    query = {"run_id": run_id, "path": name}

    answers = [
        api.send("GET", "/get-artifact", query=query),
        api.send("GET", AJAX + "/artifacts/list", query=query),
        api.Answer(*as_json(gateway.call(app, "POST", AJAX + "/upload-artifact", query, {}, b"x"))),
    ]

    assert {outcome(answer) for answer in answers} == {INVALID}
    assert asked_of_s3 == []


@pytest.mark.parametrize(
    ("method", "endpoint"), [("GET", "artifacts"), ("PUT", "artifacts"), ("DELETE", "artifacts"), ("GET", "presigned")]
)
def test_a_question_mark_that_was_not_encoded_is_refused(
    root: str, asked_of_s3: list[str], method: str, endpoint: str
) -> None:
    # The stock client sends the name `a?b` so; taken for a query it would write, read or delete `a`.
    answer = api.send(method, f"{PROXIED[0]}/{endpoint}/{root}/a", b"", "text/plain", query={"b": ""})

    assert outcome(answer) == INVALID
    assert asked_of_s3 == []


WRITES = {
    "uploads": BY_TEXT["uploads"],
    "create": BY_TEXT["create"],
    "sign": BY_TEXT["sign"],
    "complete": BY_TEXT["complete"],
    "our delete": BY_TEXT["delete"],
    "put": BY_URL["put"],
    "delete": BY_URL["delete"],
    "mpu create": BY_URL["mpu create"],
    "mpu complete": BY_URL["mpu complete"],
}


@pytest.mark.parametrize("endpoint", WRITES)
def test_only_an_active_run_of_that_experiment_is_written(
    asked_of_s3: list[str], experiment_id: str, run_id: str, endpoint: str
) -> None:
    write = WRITES[endpoint]
    other = api.create_experiment("other")

    assert outcome(write(f"{other}/{run_id}/artifacts/f")) == ABSENT
    assert outcome(write(f"{experiment_id}/{'0' * 32}/artifacts/f")) == ABSENT
    assert outcome(write(f"{experiment_id}/models/m-0/artifacts/f")) == ABSENT
    api.post("/runs/delete", run_id=run_id)
    assert outcome(write(f"{experiment_id}/{run_id}/artifacts/f")) == INVALID
    assert asked_of_s3 == []


def test_a_run_of_a_deleted_experiment_is_not_written(experiment_id: str, root: str, asked_of_s3: list[str]) -> None:
    api.post("/experiments/delete", experiment_id=experiment_id)

    assert outcome(put(f"{root}/f")) == INVALID
    assert asked_of_s3 == []


def test_a_model_is_written_in_its_own_experiment_only(model_root: str, asked_of_s3: list[str]) -> None:
    other = api.create_experiment("other")

    assert outcome(put(f"{other}/{model_root.partition('/')[2]}/f")) == ABSENT
    assert asked_of_s3 == []
    assert put(f"{model_root}/f").status == 200


def test_a_deleted_run_can_still_be_read(run_id: str, root: str) -> None:
    put(f"{root}/f")
    api.post("/runs/delete", run_id=run_id)

    assert post("/downloads", paths=[f"{root}/f"]).status == 200
    assert [entry["path"] for entry in api.get("/artifacts/list", run_id=run_id).body["files"]] == ["f"]


def test_a_batch_is_signed_whole_or_not_at_all(root: str) -> None:
    good = {"path": f"{root}/f", "size": 1, "sha256": EMPTY}

    assert len(post("/uploads", files=[good] * 100).body["uploads"]) == 100
    assert outcome(post("/uploads", files=[good, {**good, "path": f"0/{'0' * 32}/artifacts/f"}])) == ABSENT
    put(f"{root}/f")
    assert outcome(post("/downloads", paths=[f"{root}/f", f"{root}/missing"])) == ABSENT


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("/uploads", {"files": []}),
    ("/uploads", {}),
    ("/uploads", {"files": [{"path": "${root}/f", "size": 0, "sha256": EMPTY}] * 101}),
    ("/uploads", {"files": [{"path": "${root}/f", "size": -1, "sha256": EMPTY}]}),
    ("/uploads", {"files": [{"path": "${root}/f", "size": (5 << 30) + 1, "sha256": EMPTY}]}),
    ("/uploads", {"files": [{"path": "${root}/f", "size": 1, "sha256": EMPTY.upper()}]}),
    ("/uploads", {"files": [{"path": "${root}/f", "size": 1, "sha256": EMPTY[1:]}]}),
    ("/uploads", {"files": [{"path": "${root}/f", "size": 1}]}),
    ("/uploads", {"files": [{"path": "${root}", "size": 1, "sha256": EMPTY}]}),
    ("/downloads", {"paths": []}),
    ("/downloads", {"paths": ["${root}/f"] * 101}),
    ("/downloads", {"paths": ["${root}"]}),
    ("/multipart/create", {"path": "${root}/f", "size": 0}),
    ("/multipart/create", {"path": "${root}/f", "size": (5 << 40) + 1}),
    ("/multipart/create", {"path": "${root}", "size": 1}),
    ("/multipart/sign", {"path": "${root}/f", "upload_id": UPLOAD, "parts": []}),
    ("/multipart/sign", {"path": "${root}/f", "upload_id": UPLOAD, "parts": [PART] * 101}),
    ("/multipart/sign", {"path": "${root}/f", "upload_id": UPLOAD, "parts": [{**PART, "size": 1}]}),
    ("/multipart/sign", {"path": "${root}/f", "upload_id": "id", "parts": [PART]}),
    ("/multipart/sign", {"path": "${root}/f", "upload_id": "1-", "parts": [PART]}),
    ("/multipart/complete", {"path": "${root}/f", "upload_id": UPLOAD, "parts": DONE[:1]}),
    ("/multipart/complete", {"path": "${root}/f", "upload_id": UPLOAD, "parts": [*DONE, DONE[0]]}),
    ("/multipart/complete", {"path": "${root}/f", "upload_id": UPLOAD, "parts": []}),
]


@pytest.mark.parametrize(("endpoint", "fields"), WRONG, ids=range(len(WRONG)))
def test_wrong_input_is_refused_and_leaves_nothing_behind(
    bucket: Any, root: str, asked_of_s3: list[str], endpoint: str, fields: dict[str, Any]
) -> None:
    filled = json.loads(json.dumps(fields).replace("${root}", root))

    assert outcome(post(endpoint, **filled)) == INVALID
    assert set(asked_of_s3) <= {"ListObjectsV2"}
    assert stored(bucket) == {}


def test_an_upload_that_is_unknown_is_404(root: str) -> None:
    # Completing one is tested where S3 is a real engine: moto fails on it.
    query = {"path": f"{root}/f", "upload_id": UPLOAD}

    assert outcome(post("/multipart/abort", **query)) == ABSENT
    assert outcome(BY_TEXT["parts"](f"{root}/f")) == ABSENT


LISTED = [
    ({}, ["a", "b.txt"]),
    ({"recursive": "true"}, ["a/x", "a/y/z", "b.txt"]),
    ({"max_results": "1"}, ["a", "b.txt"]),
    ({"max_results": "2", "recursive": "True"}, ["a/x", "a/y/z", "b.txt"]),
]


@pytest.mark.parametrize(("query", "names"), LISTED)
def test_a_folder_is_listed_in_pages(root: str, query: dict[str, str], names: list[str]) -> None:
    for name in ("a/x", "a/y/z", "b.txt"):
        put(f"{root}/{name}")
    asked: dict[str, Any] = {"path": root, **query}
    found: list[str] = []

    while True:
        page = api.send("GET", "/api/2.0/cumulog/artifacts/list", query=asked).body
        assert len(page["files"]) <= int(query.get("max_results", 1000))
        found += [entry["path"] for entry in page["files"]]
        if "next_page_token" not in page:
            break
        asked["page_token"] = page["next_page_token"]

    assert found == names


@pytest.mark.parametrize("wrong", [{"max_results": "0"}, {"max_results": "1001"}, {"recursive": "perhaps"}])
def test_a_listing_takes_no_other_sizes(root: str, wrong: dict[str, str]) -> None:
    assert outcome(api.send("GET", "/api/2.0/cumulog/artifacts/list", query={"path": root, **wrong})) == INVALID
