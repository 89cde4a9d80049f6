"""The short way of a call answers as botocore does: on an engine, and to each thing that a network may do."""

import ipaddress
import itertools
import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.endpoint
import botocore.session
import pytest
from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import BotoCoreError, ChecksumError, ClientError, HTTPClientError, SSLError
from botocore.loaders import create_loader
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.storage.calls import short
from chalicelib.storage.connection import connection
from tests.contract import canned
from tests.contract.canned import HANGS_UP, reply

KEY = {"pk": {"S": "a"}, "sk": {"S": "1"}}
GET = {"TableName": "t", "Key": KEY, "ConsistentRead": True}
FOUND = reply(b'{"Item":{"pk":{"S":"a"},"b":{"B":"/w=="}},"ConsumedCapacity":{"CapacityUnits":1.0}}')
THROTTLED = reply(
    b'{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow"}',
    "400 Bad Request",
)
REFUSED = reply(
    b'{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no",'
    b'"Item":{"b":{"B":"/w=="}}}',
    "400 Bad Request",
)
BROKEN = reply(b"<html>bad gateway</html>", "502 Bad Gateway")
DAMAGED = reply(b'{"Item":{}}', x_amz_crc32="1")
IN_PIECES = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
    b'5\r\n{"Ite\r\ne\r\nm":{"a":{"S":"\r\n5\r\nx"}}}\r\n0\r\n\r\n'
)

WIRES = {
    "found": [FOUND],
    "nothing found": [reply(b"{}")],
    "throttled, then found": [THROTTLED, THROTTLED, FOUND],
    "throttled for good": [THROTTLED],
    "refused": [REFUSED],
    "broken, then found": [BROKEN, FOUND],
    "broken for good": [BROKEN],
    "hangs up, then found": [HANGS_UP, FOUND],
    "hangs up for good": [HANGS_UP],
    "damaged, then found": [DAMAGED, DAMAGED, FOUND],
    "closes each time": [reply(b'{"Item":{}}', Connection="close"), FOUND],
    "in pieces": [IN_PIECES, FOUND],
    "after an interim reply": [b"HTTP/1.1 100 Continue\r\n\r\n" + FOUND, FOUND],
    "not HTTP": [b"SMTP ready\r\n\r\n", FOUND],
}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.endpoint.time, "sleep", lambda _seconds: None)


@pytest.mark.parametrize("answers", WIRES.values(), ids=WIRES)
def test_what_a_network_does_ends_as_it_ends_in_botocore(answers: list[bytes]) -> None:
    ended = [_ended(answers, shortened) for shortened in (True, False)]

    assert ended[0] == ended[1]


def test_a_damaged_reply_is_never_taken_for_a_good_one() -> None:
    with canned.serving([DAMAGED]) as server, pytest.raises(ChecksumError):
        _client(server.url, True).get_item(**GET)

    assert len(server.requests) == 4


def test_what_is_no_json_is_an_error_of_the_wire() -> None:
    with canned.serving([reply(b"{")]) as server, pytest.raises(HTTPClientError):
        _client(server.url, True).get_item(**GET)


def test_a_reply_that_breaks_off_is_asked_for_again() -> None:
    with canned.serving([FOUND[:-5] + b"Connection: close", FOUND]) as server:
        _client(server.url, True).get_item(**GET)


def test_more_than_the_reply_has_is_not_the_next_reply() -> None:
    with canned.serving([FOUND + FOUND, reply(b"{}")]) as server:
        client = _client(server.url, True)
        answers = [client.get_item(**GET) for _ in range(2)]

    assert ["Item" in answer for answer in answers] == [False, False]


def test_connections_are_kept_and_renewed() -> None:
    with canned.serving([FOUND, FOUND, reply(b"{}", Connection="close"), FOUND]) as server:
        client = _client(server.url, True)
        for _ in range(5):
            client.get_item(**GET)

    assert (len(server.requests), server.connections) == (5, 2)


def test_other_operations_go_botocores_own_way() -> None:
    with canned.serving([reply(b'{"TableNames":["t"]}')]) as server:
        assert _client(server.url, True).list_tables()["TableNames"] == ["t"]

    assert "amz-sdk-request" in server.requests[0][0]


def test_credentials_are_renewed_before_they_expire() -> None:
    names = map(str, itertools.count(1000))

    def renewed() -> dict[str, str]:
        # Sooner than botocore renews them: each use does.
        expiry = datetime.now(UTC) + timedelta(minutes=1)
        return {"access_key": next(names), "secret_key": "s", "token": "t", "expiry_time": expiry.isoformat()}

    with canned.serving([FOUND]) as server:
        session = _session(True)
        session._credentials = RefreshableCredentials.create_from_metadata(renewed(), renewed, "test")
        client = _client(server.url, True, session)
        client.get_item(**GET)
        client.get_item(**GET)

    signers = [head.partition("Credential=")[2][:4] for head, _ in server.requests]
    assert signers[0] < signers[1]
    assert all("X-Amz-Security-Token: t" in head for head, _ in server.requests)


def test_without_credentials_nothing_is_sent() -> None:
    with canned.serving([FOUND]) as server:
        session = _session(True)
        session._credentials = None
        session.get_component("credential_provider").providers.clear()
        with pytest.raises(BotoCoreError):
            _client(server.url, True, session).get_item(**GET)

    assert server.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context, own = _certified(tmp_path)

    with canned.serving([FOUND], context) as server:
        assert _client(server.url, True, verify=str(own)).get_item(**GET)["Item"]["b"] == {"B": b"\xff"}
        with pytest.raises(SSLError):
            _client(server.url, True).get_item(**GET)

    assert len(server.requests) == 1


def test_handlers_see_what_they_see_of_botocore() -> None:
    assert _told(True) == _told(False)


def test_an_engine_answers_each_operation_as_it_answers_botocore(dynoxide_url: str) -> None:
    ways = [list(_answers(_client(dynoxide_url, shortened), shortened)) for shortened in (True, False)]

    assert ways[0] == ways[1]
    assert {name for name, _ in ways[0]} == short.OPERATIONS


def test_the_stores_own_client_takes_the_short_way() -> None:
    assert isinstance(connection().client, short.ShortWay)


# To read botocore's description of DynamoDB takes a second or more.
LOADER = create_loader()


def _session(shortened: bool) -> Any:
    session = botocore.session.get_session()
    session.register_component("data_loader", LOADER)
    if shortened:
        short.taken_by(session)
    return session


def _client(url: str, shortened: bool, session: Any = None, **more: Any) -> Any:
    config = Config(
        user_agent="cumulog",
        parameter_validation=False,
        connect_timeout=1,
        read_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 4},
    )
    made = session or _session(shortened)
    return made.create_client("dynamodb", region_name="us-east-1", endpoint_url=url, config=config, **more)


def _ended(answers: list[bytes], shortened: bool) -> Any:
    """What two calls come to, and how many requests they took."""
    with canned.serving(answers) as server:
        client = _client(server.url, shortened)
        outcomes = [_outcome(client, "get_item", GET) for _ in range(2)]
    return outcomes, len(server.requests)


def _outcome(client: Any, method: str, asked: dict[str, Any]) -> Any:
    try:
        answer = getattr(client, method)(**asked)
    except ClientError as error:
        return type(error).__name__, error.response, str(error)
    except BotoCoreError as error:
        return type(error).__name__
    # Nobody reads them of a good reply, and the short way leaves them out.
    for name in ("HTTPHeaders", "RequestId"):
        answer["ResponseMetadata"].pop(name, None)
    return answer


def _told(shortened: bool) -> Any:
    """What handlers are given around a call that is tried twice."""
    told: list[Any] = []

    def note(event_name: str, **given: Any) -> None:
        request = given.get("params", {}).get("body") or getattr(given.get("request"), "body", b"{}")
        told.append((event_name, sorted(given), json.loads(request)))

    with canned.serving([THROTTLED, FOUND]) as server:
        client = _client(server.url, shortened)
        for event in ("provide-client-params", "before-parameter-build", "before-call", "before-send", "needs-retry"):
            client.meta.events.register(f"{event}.dynamodb", note)
        client.meta.events.register("after-call.dynamodb", note)
        client.get_item(**GET)
    return [each for each in told if "needs-retry" not in each[0]]


def _answers(client: Any, shortened: bool) -> Iterator[tuple[str, Any]]:
    """Each operation in turn, with what it answers; the table is new."""
    _table(client)
    for operation, asked in _calls("short" if shortened else "long"):
        answer = _outcome(client, botocore.xform_name(operation), {**asked, "ReturnConsumedCapacity": "TOTAL"})
        if isinstance(answer, tuple):
            answer[1]["ResponseMetadata"] = None
        yield operation, answer


def _table(client: Any) -> None:
    if "both" in client.list_tables()["TableNames"]:
        client.delete_table(TableName="both")
    kinds = {"pk": "HASH", "sk": "RANGE"}
    client.create_table(
        TableName="both",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in kinds.items()],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in kinds],
    )


ITEM = {
    **KEY,
    "B": {"B": bytes(range(256))},
    "set": {"BS": [b"\x00"]},
    "texts": {"M": {"é 🐍": {"S": "ü"}, "empty": {"S": ""}}},
    "list": {"L": []},
    "number": {"N": "0.1"},
}
ABSENT = {"ConditionExpression": "attribute_not_exists(pk)"}


def _calls(way: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "PutItem", {"TableName": "both", "Item": ITEM, **ABSENT}
    yield "PutItem", {"TableName": "both", "Item": ITEM, **ABSENT, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    yield "PutItem", {"TableName": "both", "Item": {**KEY, "large": {"B": b"x" * 410_000}}}
    yield "PutItem", {"TableName": "none", "Item": ITEM}
    yield "GetItem", {"TableName": "both", "Key": KEY, "ConsistentRead": True}
    yield "GetItem", {"TableName": "both", "Key": {"pk": {"S": "nobody"}, "sk": {"S": "1"}}}
    yield "UpdateItem", _update("SET #l = list_append(#l, :more)", {"#l": "list"}, {":more": {"L": [{"B": b"\xfe"}]}})
    yield "UpdateItem", _update("nonsense", {}, {})
    another = {"pk": {"S": "a"}, "sk": {"S": "2"}}
    yield "BatchWriteItem", {"RequestItems": {"both": [{"PutRequest": {"Item": {**ITEM, **another}}}]}}
    yield "BatchGetItem", {"RequestItems": {"both": {"Keys": [KEY], "ConsistentRead": True}}}
    for start in ({}, {"ExclusiveStartKey": KEY}):
        yield "Query", {"TableName": "both", "Limit": 1, "ConsistentRead": True, **_all_of("a"), **start}
    yield "TransactWriteItems", _transaction(f"{way} 1", KEY)
    yield "TransactWriteItems", _transaction(f"{way} 2", {"pk": {"S": "b"}, "sk": {"S": "1"}})
    yield "DeleteItem", {"TableName": "both", "Key": KEY, "ReturnValues": "ALL_OLD"}
    yield "DeleteItem", {"TableName": "both", "Key": KEY, "ConditionExpression": "attribute_exists(pk)"}


def _update(expression: str, names: dict[str, str], values: dict[str, Any]) -> dict[str, Any]:
    told = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    given = {name: value for name, value in told.items() if value}
    return {"TableName": "both", "Key": KEY, "UpdateExpression": expression, "ReturnValues": "ALL_NEW", **given}


def _all_of(pk: str) -> dict[str, Any]:
    return {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": pk}}}


def _transaction(token: str, key: dict[str, Any]) -> dict[str, Any]:
    """Refused if the key exists, with the reason of each write."""
    puts = [{**key, "b": {"B": b"\xff"}}, {"pk": {"S": "c"}, "sk": {"S": "1"}}]
    writes = [{"Put": {"TableName": "both", "Item": item, **ABSENT}} for item in puts]
    return {"TransactItems": writes, "ClientRequestToken": token}


def _certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate for localhost that is its own authority, and that certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    own, secret = folder / "own.pem", folder / "secret.pem"
    own.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    no_password = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, secret)
    return context, own
