"""Whatever is wrong with a request, the answer has MLflow's shape and the right status, and nothing is stored."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.storage import page_secret
from tests import client as api
from tests.api import scenes, stored
from tests.contract.store import empty
from tests.sampling import some

CASES = scenes.cases("wrong_input")
REQUESTS = scenes.cases("requests")

INVALID = (400, "INVALID_PARAMETER_VALUE")
ERROR_CODES = {400: "INVALID_PARAMETER_VALUE", 404: "RESOURCE_DOES_NOT_EXIST"}

# A value of another type than the field has; of a list, of any of its entries too. Null is no value but an unset field.
OF_A_TEXT: list[Any] = [5, 1.5, True, ["x"], {"x": "y"}, []]
OF_A_NAME: list[Any] = ["NOBODY", "", 99, 0, -1, 1.5, True, ["x"], {}]
OF_AN_INTEGER: list[Any] = ["x", "", "1.5", "1 ", "0x1", 1.5, True, [1], {}, 2**63, -(2**63) - 1, 1e300, "Infinity"]
OF_A_DOUBLE: list[Any] = ["x", "nan", "", [1], {}, []]
OF_A_BOOLEAN: list[Any] = ["x", "true", 5, 0.5, ["x"], {}]
OF_A_LIST: list[Any] = ["x", 5, True, {"x": "y"}]
OF_A_MESSAGE: list[Any] = ["x", 5, True, ["x"]]
NAMES = {"status", "view_type", "run_view_type"}


@pytest.fixture(scope="module", autouse=True)
def store(aws: None) -> None:
    """Empty at the start of the file: as nothing here may store anything, one scene serves all."""
    empty()
    # Made on first need, whatever request that is, as experiment 0 is.
    page_secret.current()


@pytest.fixture(scope="module")
def known(store: None) -> dict[str, str]:
    return scenes.make()


@pytest.fixture
def unchanged() -> Iterator[None]:
    """Fails the test if it leaves anything in the tables other than it was."""
    before = stored.items()
    yield
    assert stored.items() == before


def sent(case: dict[str, Any], fields: Any, known: dict[str, str]) -> api.Answer:
    """The request of a case, with these fields."""
    path = case.get("only", api.PREFIX) + scenes.addressed(case["path"], known)
    if case.get("method") == "GET":
        return api.send("GET", path, query=scenes.filled(fields, known))
    body = json.dumps(scenes.filled(fields, known)).encode()
    return api.send(case.get("method", "POST"), path, body, case.get("content_type", api.JSON))


def outcome(answer: api.Answer) -> tuple[int, str]:
    """Status and error code of a refusal in MLflow's shape."""
    # A write to what is deleted is told apart.
    told = {"cumulog_error"} if "must be in the 'active' state" in answer.body["message"] else set()
    assert set(answer.body) == {"error_code", "message", *told}, answer
    assert isinstance(answer.body["message"], str)
    assert answer.body["message"]
    return answer.status, answer.body["error_code"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_wrong_request_is_refused(case: dict[str, Any], known: dict[str, str], unchanged: None) -> None:
    if "raw" in case:
        answer = api.send("POST", api.PREFIX + case["path"], scenes.filled(case["raw"], known).encode())
    else:
        answer = sent(case, case["fields"], known)

    status = case.get("status", 400)
    assert outcome(answer) == (status, case.get("error_code", ERROR_CODES[status]))


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: f"{each.get('method', 'POST')} {each['path']}")
def test_a_required_field_is_missed_by_its_name(
    request_: dict[str, Any], known: dict[str, str], unchanged: None
) -> None:
    for name in request_["required"]:
        for fields in without(request_, name):
            answer = sent(request_, fields, known)

            assert outcome(answer) == INVALID
            assert name in answer.body["message"]


def without(request_: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The fields of a request with one of them absent, empty and null."""
    fields = request_["fields"]
    yield {key: value for key, value in fields.items() if key != name}
    if not isinstance(fields[name], list):
        yield {**fields, name: ""}
    # A query string has no null.
    if request_.get("method") != "GET":
        yield {**fields, name: None}


@pytest.mark.parametrize(
    "request_", [each for each in REQUESTS if each.get("method") != "GET"], ids=lambda each: str(each["path"])
)
def test_a_field_of_a_wrong_type_is_refused_wherever_it_stands(
    request_: dict[str, Any], known: dict[str, str], unchanged: None
) -> None:
    taken = []
    for fields in some(mutants(request_["fields"]), 8):
        answer = sent(request_, fields, known)
        if outcome(answer) != INVALID:
            taken.append((fields, answer))

    assert taken == []


def mutants(fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The fields again and again, each time with one value in them of a wrong type."""
    for name, value in fields.items():
        for wrong in itertools.chain(_wrong_values(name, value), _wrong_inside(name, value)):
            yield {**fields, name: wrong}


def _wrong_inside(name: str, value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from mutants(value)
    elif isinstance(value, list):
        for wrong in itertools.chain(_wrong_values(name, value[0]), _wrong_inside(name, value[0])):
            yield [wrong]
            # Behind a good one as well: a list is refused as a whole.
            yield [value[0], wrong]


def _wrong_values(name: str, value: Any) -> list[Any]:
    if isinstance(value, str):
        return OF_A_NAME if name in NAMES else OF_A_TEXT
    kinds = {bool: OF_A_BOOLEAN, int: OF_AN_INTEGER, float: OF_A_DOUBLE, list: OF_A_LIST, dict: OF_A_MESSAGE}
    return kinds[type(value)]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"experiment_ids": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' * 100_000 + b"1" + b"}" * 100_000,
        b'{"unknown": ' + b"[" * 101 + b"]" * 101 + b"}",
        b'{"max_results": ' + b"9" * 5_000 + b"}",
        b'{"max_results": -' + b"9" * 1_000_000 + b"}",
        b'{"max_results": "' + b"9" * 5_000 + b'"}',
        b'{"max_results": "' + b"9" * 1_000_000 + b'"}',
        b'{"max_results": 1e' + b"9" * 5_000 + b"}",
        b'{"max_results": 1.' + b"5" * 100_000 + b"}",
        b'{"filter": "' + b"(" * 100_000 + b'"}',
        b'{"filter": "' + b"a = 'b' AND " * 20_000 + b'"}',
        b'{"page_token": "' + b"A" * 1_000_000 + b'"}',
        b'{"page_token": "' + b"W1tb" * 100_000 + b'"}',
        b'{"experiment_ids": ["' + b"9" * 5_000 + b'"]}',
        b'{"order_by": [' + b'"x", ' * 100_000 + b'"x"]}',
    ],
    ids=lambda body: f"{body[:24].decode()}… {len(body)} bytes",
)
def test_what_is_endless_is_refused(body: bytes, unchanged: None) -> None:
    assert outcome(api.send("POST", api.PREFIX + "/runs/search", body)) == INVALID


@pytest.mark.parametrize("junk", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc3"])
def test_a_key_that_is_no_utf_8_is_refused(junk: bytes, known: dict[str, str], unchanged: None) -> None:
    body = b'{"run_id": "%b", "key": "a%b", "value": "v"}' % (known["run"].encode(), junk)

    assert outcome(api.send("POST", api.PREFIX + "/runs/set-tag", body)) == INVALID


@pytest.mark.parametrize("junk", ["%ff", "%ed%a0%80", "%", "%zz", "%00"])
def test_a_query_that_is_no_utf_8_finds_nothing(junk: str, unchanged: None) -> None:
    path = api.PREFIX + "/experiments/get-by-name"

    assert outcome(api.send("GET", path, query=f"experiment_name={junk}")) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_json_in_another_encoding_is_refused(encoding: str, known: dict[str, str], unchanged: None) -> None:
    body = json.dumps({"run_id": known["run"], "key": "k", "value": "v"}).encode(encoding)

    assert outcome(api.send("POST", api.PREFIX + "/runs/set-tag", body)) == INVALID


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/api/2.0/mlflow", 404),
        ("GET", "/api/2.0/mlflow/nothing", 404),
        ("POST", "/api/3.0/mlflow/runs/search", 404),
        ("POST", "/api/2.0/mlflow/runs//search", 404),
        ("POST", "/api/2.0/mlflow/runs%2Fsearch", 404),
        ("POST", "/api/2.0/mlflow/../mlflow/runs/search", 404),
        ("POST", "/API/2.0/mlflow/runs/search", 404),
        ("POST", "/api/2.0/mlflow/%00", 404),
        ("GET", "/api/2.0/mlflow/runs/search", 405),
        ("PUT", "/api/2.0/mlflow/runs/create", 405),
        ("PATCH", "/api/2.0/mlflow/runs/update", 405),
        ("DELETE", "/api/2.0/mlflow/runs/get", 405),
        ("POST", "/health", 405),
        ("NONSENSE", "/api/2.0/mlflow/runs/get", 405),
    ],
)
def test_an_unknown_path_or_method_is_an_unknown_endpoint(method: str, path: str, status: int, unchanged: None) -> None:
    assert outcome(api.send(method, path, b"{}")) == (status, "ENDPOINT_NOT_FOUND")
