"""A transaction that is sent again is known to be the same one."""

from typing import Any

import pytest

from chalicelib.storage.connection import connection
from chalicelib.storage.items import Counter
from chalicelib.storage.transactions import Transaction
from tests.contract.faults import Fault, injected, once


def test_all_attempts_of_a_transaction_carry_one_token(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        tokens.append(params["ClientRequestToken"])

    events = connection().client.meta.events
    events.register("provide-client-params.dynamodb.TransactWriteItems", note)
    try:
        transaction = Transaction()
        transaction.put(Counter("COUNTER#of a test", "COUNTER", last=1))
        with injected(once(0, Fault.CONFLICT), monkeypatch):
            transaction.commit()
    finally:
        events.unregister("provide-client-params.dynamodb.TransactWriteItems", note)

    assert tokens == [transaction.token] * 2
