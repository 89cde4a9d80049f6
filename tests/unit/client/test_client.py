"""`Client`: how a method becomes a request, and a reply what the method returns. With a server: tests/api."""

import inspect
import json
from collections.abc import Iterator, Mapping

import pytest

import cumulog
from cumulog._http.calls import Namespace
from cumulog._http.connections import Answer
from cumulog._http.retry import Retry
from cumulog._http.transport import Transport
from tests.unit.client.failing_server import failing


class Recorded:
    """A transport that keeps what it is asked, and gives these replies in turn."""

    def __init__(self, *replies: Answer) -> None:
        self.asked: list[tuple[str, str, Mapping[str, str], bytes | None]] = []
        self._replies = list(replies)

    url = "http://server"

    def ask(self, method: str, target: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        self.asked.append((method, target, headers, content))
        return self._replies.pop(0)

    @property
    def body(self) -> object:
        return json.loads(self.asked[-1][3] or b"null")


def ok(**fields: object) -> Answer:
    return Answer(200, {}, json.dumps(fields).encode())


def client(*replies: Answer) -> tuple[cumulog.Client, Recorded]:
    transport = Recorded(*replies)
    return cumulog.Client(transport=transport), transport


def test_a_get_has_its_fields_in_the_query_and_lists_repeated() -> None:
    ours, sent = client(ok(model_versions=[]))

    ours.models.search_versions(filter="name = 'a&b'", order_by=["a", "b"])

    assert sent.asked == [
        ("GET", "/api/2.0/mlflow/model-versions/search?filter=name+%3D+%27a%26b%27&order_by=a&order_by=b", {}, None)
    ]


def test_another_method_has_them_in_a_body_without_those_that_are_none() -> None:
    ours, sent = client(ok(run={}))

    ours.runs.create(experiment_id="7", tags=[{"key": "color", "value": "red"}])

    method, target, headers, _ = sent.asked[0]
    assert (method, target, headers["Content-Type"]) == ("POST", "/api/2.0/mlflow/runs/create", "application/json")
    assert sent.body == {"experiment_id": "7", "tags": [{"key": "color", "value": "red"}]}


def test_each_post_has_a_key_of_its_own() -> None:
    ours, sent = client(ok(), ok())

    for _ in range(2):
        ours.runs.delete("r")

    assert len({headers["Idempotency-Key"] for _, _, headers, _ in sent.asked}) == 2


def test_each_attempt_at_a_post_has_the_same_key() -> None:
    with failing(2) as (url, keys):
        transport = Transport(url, retry=Retry(sleep=lambda _: None))
        assert cumulog.Client(transport=transport).experiments.create("wine") == {"experiment_id": "1"}
        transport.close()

    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_a_client_without_a_server_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")

    with pytest.raises(cumulog.CumulogError, match="MLFLOW_TRACKING_URI"):
        cumulog.Client()


def test_what_stands_in_a_path_cannot_leave_its_place() -> None:
    ours, sent = client(ok(), ok())

    ours.logged_models.delete_tag("m/../x", "a b?")
    ours.artifacts.delete_artifact("1/run/artifacts/ü#1")

    assert [target for _, target, _, _ in sent.asked] == [
        "/api/2.0/mlflow/logged-models/m%2F..%2Fx/tags/a%20b%3F",
        "/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/%C3%BC%231",
    ]


@pytest.mark.parametrize(
    ("value", "sent_as"), [(float("nan"), "NaN"), (float("inf"), "Infinity"), (float("-inf"), "-Infinity"), (1.5, 1.5)]
)
def test_a_number_that_json_does_not_know_goes_as_text(value: float, sent_as: object) -> None:
    ours, sent = client(ok())

    ours.runs.log_batch("r", metrics=[{"key": "loss", "value": value, "timestamp": 1}])

    assert sent.body == {"run_id": "r", "metrics": [{"key": "loss", "value": sent_as, "timestamp": 1}]}


def test_a_field_whose_name_is_a_word_of_python_has_an_underscore() -> None:
    ours, sent = client(ok())

    ours.series(["r"], ["loss"], from_=5)

    assert sent.body == {"runs": ["r"], "keys": ["loss"], "from": 5}


def test_text_bytes_and_places_of_files() -> None:
    ours, sent = client(Answer(200, {}, b"OK"), ok(), Answer(302, {"Location": "https://s3/file"}, b"{}"))

    assert ours.service.health() == "OK"
    ours.artifacts.upload_artifact("1/run/artifacts/a", b"bytes")
    assert sent.asked[-1][3] == b"bytes"
    assert ours.artifacts.get_artifact("r", "a") == "https://s3/file"


def test_pages_follow_each_other() -> None:
    ours, sent = client(ok(runs=[1], next_page_token="t"), ok(runs=[2]))

    found = [page["runs"] for page in ours.pages(ours.runs.search, experiment_ids=["7"])]

    assert found == [[1], [2]]
    assert sent.body == {"experiment_ids": ["7"], "page_token": "t"}


@pytest.mark.parametrize(
    ("reply", "status", "code"),
    [
        (Answer(400, {}, b'{"error_code": "BAD_REQUEST", "message": "why"}'), 400, "BAD_REQUEST"),
        (Answer(502, {}, b"<html>"), 502, "INTERNAL_ERROR"),
        (Answer(200, {}, b"<html>"), 200, "ENDPOINT_NOT_FOUND"),
        (Answer(302, {"Location": "https://elsewhere/"}, b""), 302, "BAD_REQUEST"),
    ],
)
def test_a_refusal_is_raised_with_its_code(reply: Answer, status: int, code: str) -> None:
    ours, _ = client(reply)

    with pytest.raises(cumulog.ApiError) as refused:
        ours.runs.get("r")

    assert (refused.value.status, refused.value.error_code) == (status, code)


def public() -> Iterator[tuple[str, object]]:
    ours, _ = client()
    yield "Client", cumulog.Client
    for name, each in inspect.getmembers(ours):
        if not name.startswith("_"):
            yield name, each
        if isinstance(each, Namespace):
            yield from ((f"{name}.{one}", it) for one, it in inspect.getmembers(each) if not one.startswith("_"))


def test_every_public_name_is_documented() -> None:
    names = dict(public())

    assert len(names) > 100
    assert [name for name, each in names.items() if not inspect.getdoc(each)] == []
