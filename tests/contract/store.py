"""Starting over: two empty tables, or two that hold what was saved; and a process that remembers nothing of others."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from chalicelib import remembered
from chalicelib.access import filled
from chalicelib.storage import keys, tables
from chalicelib.storage.connection import connection
from chalicelib.storage.items import Filled

Made = TypeVar("Made")
Keys = tuple[str, str]
# The items of each table as the engine gives them.
Saved = dict[str, dict[Keys, dict[str, Any]]]

_WRITES_AT_ONCE = 25


def empty() -> None:
    """Empty tables that no earlier version has used."""
    client = connection().client
    for name in client.list_tables()["TableNames"]:
        client.delete_table(TableName=name)
    tables.create_missing()
    filled.mark_as_new()
    remembered.forget_all()


def of_the_version_before() -> None:
    """Have the store pass for one that versions without feeds may still write to."""
    tables.delete(Filled(keys.FILLED, keys.COMPLETE))
    remembered.forget_all()


def saved() -> Saved:
    """All that the tables hold."""
    return {name: _items(name) for name in connection().client.list_tables()["TableNames"]}


def put_back(before: Saved) -> None:
    """Have the tables hold what was saved: to make all that again takes ten times as long."""
    for table, items in saved().items():
        wanted = before[table]
        gone = [{"DeleteRequest": {"Key": _key(item)}} for keys, item in items.items() if keys not in wanted]
        put = [{"PutRequest": {"Item": item}} for keys, item in wanted.items() if items.get(keys) != item]
        _write(table, gone + put)
    remembered.forget_all()


def kept(make: Callable[[], Made]) -> Callable[[], Made]:
    """What gives the same thing again and again, as it is when it was just made, in tables that hold nothing else."""

    @cache
    def once() -> tuple[Made, Saved]:
        empty()
        return make(), saved()

    def again() -> Made:
        made, before = once()
        put_back(before)
        return made

    return again


def _items(table: str) -> dict[Keys, dict[str, Any]]:
    pages = connection().client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return {(item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]}


def _key(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("pk", "sk")}


def _write(table: str, requests: list[dict[str, Any]]) -> None:
    for at in range(0, len(requests), _WRITES_AT_ONCE):
        chunk = requests[at : at + _WRITES_AT_ONCE]
        answer = connection().client.batch_write_item(RequestItems={table: chunk})
        assert not answer["UnprocessedItems"]
