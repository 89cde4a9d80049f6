"""Faults between us and DynamoDB, injected where botocore sends a request: the engine behind it is a real one.

A plan decides, for each request in turn, what happens to it. Faults of one request are what a network and a busy store
do: it is not carried out (throttled, refused), or it is and nobody hears of it (lost), or our process ends (crash).
"""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from io import BytesIO
from typing import Any

import botocore.endpoint
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.retries.quota import RetryQuota

from chalicelib.storage.connection import connection

_WRITING = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})


class Fault(Enum):
    THROTTLED = "throttled"
    REFUSED = "refused"
    LOST = "carried out, reply lost"
    CRASH_BEFORE = "our process ends before the request"
    CRASH_AFTER = "our process ends after the request"
    CONFLICT = "a transaction holds the item"
    LEFT_UNDONE = "a batch is answered, and nothing of it was done"


class Crash(BaseException):
    """Our process ends here. Not an Exception: nothing may catch it."""


Plan = Callable[[int, str], Fault | None]


@contextmanager
def injected(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Inside the block `plan(number, operation)` is asked about each request; yields the operations that were sent."""
    session = connection().client._endpoint.http_session
    send = session.send
    sent: list[str] = []

    def faulty(request: Any) -> AWSResponse:
        operation = _operation(request)
        sent.append(operation)
        return _carried_out(plan(len(sent) - 1, operation), send, request)

    with monkeypatch.context() as patched:
        patched.setattr(session, "send", faulty)
        # The SDK waits up to a second before it tries again; nothing is gained by waiting here.
        patched.setattr(botocore.endpoint.time, "sleep", lambda _seconds: None)
        # A client stops trying again after some hundred faults, and all tests of a file share one.
        patched.setattr(RetryQuota, "acquire", lambda _quota, _amount: True)
        yield sent


def writes(sent: Sequence[str]) -> list[int]:
    """Which of the requests wrote something. A process that ends after a read leaves what the write before it left."""
    return [at for at, operation in enumerate(sent) if operation in _WRITING]


def once(at: int, fault: Fault) -> Plan:
    """The fault at one request, none at the others."""
    return lambda number, _operation: fault if number == at else None


def at_write(at: int, fault: Fault) -> Plan:
    """The fault at one of the requests that write, none at the others; each retry of a request counts, too."""
    written = itertools.count()
    return lambda _number, operation: fault if operation in _WRITING and next(written) == at else None


def dies(work: Callable[[], object], after_write: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Work in a process that ends after so many writes and one; whether it came to that."""
    written = itertools.count()

    def plan(_number: int, operation: str) -> Fault | None:
        is_last = operation in _WRITING and next(written) == after_write
        return Fault.CRASH_AFTER if is_last else None

    with injected(plan, monkeypatch):
        try:
            work()
        except Crash:
            return True
    return False


def meanwhile(at: int, other: Callable[[], object]) -> Plan:
    """Before one of the requests that write is carried out, somebody else does something."""
    written = itertools.count()

    def plan(_number: int, operation: str) -> None:
        if operation in _WRITING and next(written) == at:
            other()

    return plan


def always(fault: Fault) -> Plan:
    return lambda _number, _operation: fault


def _carried_out(fault: Fault | None, send: Callable[[Any], AWSResponse], request: Any) -> AWSResponse:
    if fault is Fault.CRASH_BEFORE:
        raise Crash
    if fault is Fault.REFUSED:
        raise EndpointConnectionError(endpoint_url=request.url)
    if fault is Fault.THROTTLED:
        return _error(request, "ProvisionedThroughputExceededException")
    if fault is Fault.CONFLICT:
        return _conflict(request)
    if fault is Fault.LEFT_UNDONE:
        return _left_undone(request)
    response = send(request)
    if fault is Fault.LOST:
        raise ReadTimeoutError(endpoint_url=request.url)
    if fault is Fault.CRASH_AFTER:
        raise Crash
    return response


def _conflict(request: Any) -> AWSResponse:
    if _operation(request) != "TransactWriteItems":
        return _error(request, "TransactionConflictException")
    writes = json.loads(request.body)["TransactItems"]
    reasons = [{"Code": "TransactionConflict", "Message": "busy"}, *({"Code": "None"} for _ in writes[1:])]
    return _error(request, "TransactionCanceledException", CancellationReasons=reasons)


def _left_undone(request: Any) -> AWSResponse:
    asked = json.loads(request.body)["RequestItems"]
    if _operation(request) == "BatchGetItem":
        return _reply(request, 200, {"Responses": {}, "UnprocessedKeys": asked})
    return _reply(request, 200, {"UnprocessedItems": asked})


def _error(request: Any, code: str, **more: Any) -> AWSResponse:
    return _reply(request, 400, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **more})


def _reply(request: Any, status: int, fields: dict[str, Any]) -> AWSResponse:
    body = json.dumps(fields).encode()
    headers = {"content-type": "application/x-amz-json-1.0", "content-length": str(len(body))}
    return AWSResponse(request.url, status, headers, _Raw(body))


def _operation(request: Any) -> str:
    target = request.headers["X-Amz-Target"]
    return (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]


class _Raw(BytesIO):
    """What urllib3 would hand to botocore."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.getvalue()
