"""All that both tables hold, so that a test can tell whether a request has stored anything."""

from collections.abc import Iterator
from typing import Any

from chalicelib.config import settings
from chalicelib.storage.connection import connection

Items = dict[tuple[str, str, str], dict[str, Any]]


def items() -> Items:
    """Every item by table and keys, as DynamoDB holds it."""
    tables = (settings().runs_table, settings().ledger_table)
    return {(table, item["pk"]["S"], item["sk"]["S"]): item for table in tables for item in _scanned(table)}


def _scanned(table: str) -> Iterator[dict[str, Any]]:
    pages = connection().client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    for page in pages:
        yield from page["Items"]
