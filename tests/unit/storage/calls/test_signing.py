from typing import NamedTuple

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from chalicelib.storage.calls import signing

NAMES = ("X-Amz-Date", "X-Amz-Security-Token", "Authorization")


class Case(NamedTuple):
    url: str = "https://dynamodb.eu-central-1.amazonaws.com/"
    host: str = "dynamodb.eu-central-1.amazonaws.com"
    region: str = "eu-central-1"
    token: str | None = None
    secret: str = "s3cr3t/+="
    body: bytes = b'{"TableName":"runs"}'
    target: str = "DynamoDB_20120810.GetItem"


CASES = {
    "plain": Case(),
    "a Lambda's token": Case(token="IQoJb3JpZ2luX2VjE//////+=="),
    "a port of its own": Case(url="http://127.0.0.1:8911/", host="127.0.0.1:8911"),
    "IPv6": Case(url="http://[::1]:8000/", host="[::1]:8000"),
    "another region": Case(region="us-east-1"),
    "another secret": Case(secret="ü"),
    "another operation": Case(target="DynamoDB_20120810.TransactWriteItems"),
    "no body": Case(body=b""),
    "bytes in the body": Case(body=bytes(range(256))),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_signature_is_botocores(case: Case) -> None:
    credentials = ReadOnlyCredentials("AKIDEXAMPLE", case.secret, case.token)
    theirs = _botocores(case, credentials)
    now = theirs["X-Amz-Date"]

    ours = signing.headers(credentials, signing.Scope(case.host, case.region, "dynamodb"), case.target, case.body, now)

    assert {name: ours.get(name) for name in NAMES} == theirs


def test_another_day_has_another_key() -> None:
    credentials = ReadOnlyCredentials("AKIDEXAMPLE", "secret", None)
    scope = signing.Scope("localhost", "us-east-1", "dynamodb")

    days = ["20261128T235959Z", "20261129T000000Z", "20261128T235959Z"]
    first, second, again = (signing.headers(credentials, scope, "GetItem", b"{}", day) for day in days)

    assert first == again
    assert first["Authorization"] != second["Authorization"]


def _botocores(case: Case, credentials: ReadOnlyCredentials) -> dict[str, str | None]:
    told = {"X-Amz-Target": case.target, "Content-Type": "application/x-amz-json-1.0", "User-Agent": "cumulog"}
    request = AWSRequest("POST", case.url, headers=told, data=case.body)
    request.context["client_config"] = None
    SigV4Auth(credentials, "dynamodb", case.region).add_auth(request)
    return {name: request.headers.get(name) for name in NAMES}
