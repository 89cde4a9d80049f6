"""The store of last resort: moto in this process, gone when it ends. Used with MEMORY=1 only."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto import mock_aws
from moto.dynamodb.responses import DynamoHandler

# moto copies an update expression by recursion, some seven calls for each thing set; a log-batch may set 200.
_RECURSION_LIMIT = 5_000


@contextmanager
def pretending() -> Iterator[None]:
    """Inside the block, calls to AWS in this process are answered from memory; other endpoints stay as they are."""
    # Our own credentials stay: ministack, which may run beside us, knows them and not moto's.
    mock = mock_aws(config={"core": {"mock_credentials": False}})
    with one_call_at_a_time(), deep_recursion():
        mock.start()
        try:
            yield
        finally:
            mock.stop()


@contextmanager
def one_call_at_a_time() -> Iterator[None]:
    """moto reads, changes and writes back its tables without a lock: threads would lose acknowledged writes."""
    lock = threading.Lock()
    original = DynamoHandler.call_action

    def call_action(self: Any) -> Any:
        with lock:
            return original(self)

    DynamoHandler.call_action = call_action  # type: ignore[method-assign]  # there is no hook for it
    try:
        yield
    finally:
        DynamoHandler.call_action = original  # type: ignore[method-assign]


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Python's own limit of 1,000 calls would answer a large log-batch with a 500."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
