"""What DynamoDB refuses and moto lets pass: each call is checked before it is sent."""

from collections.abc import Iterator
from typing import Any

KEY_BYTES = {"pk": 2048, "sk": 1024}
EXPRESSION_BYTES = 4096
GETS_AT_ONCE = 100
WRITES_AT_ONCE = 25

Key = dict[str, dict[str, str]]


def watch(events: Any) -> None:
    """Attach to a botocore client's events. What DynamoDB would refuse is an AssertionError, so a 500 to a client."""
    events.register("provide-client-params.dynamodb", _check)


def _check(params: dict[str, Any], **_: Any) -> None:
    for name, value in params.items():
        if name.endswith("Expression"):
            assert len(value.encode()) <= EXPRESSION_BYTES, f"{name} has {len(value)} bytes"
    for table in params.get("RequestItems", {}).values():
        _check_batch(table)
    for key in _keys(params):
        for name, most in KEY_BYTES.items():
            assert 0 < len(key[name]["S"].encode()) <= most, f"{name} has {len(key[name]['S'])} characters"


def _check_batch(table: Any) -> None:
    asked = table["Keys"] if isinstance(table, dict) else table
    assert 0 < len(asked) <= (GETS_AT_ONCE if isinstance(table, dict) else WRITES_AT_ONCE)
    keys = [(key["pk"]["S"], key["sk"]["S"]) for key in _keys({"RequestItems": {"": table}})]
    assert len(set(keys)) == len(keys), "one key twice in a batch"


def _keys(params: dict[str, Any]) -> Iterator[Key]:
    """The keys that a call names, those of a query's expression left out."""
    yield from (params[name] for name in ("Key", "Item") if name in params)
    for table in params.get("RequestItems", {}).values():
        yield from table["Keys"] if isinstance(table, dict) else map(_written, table)
    for write in params.get("TransactItems", ()):
        (inner,) = write.values()
        yield from _keys(inner)


def _written(request: dict[str, Any]) -> Key:
    return request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"]  # type: ignore[no-any-return]
