"""Reading and writing items: strongly consistent, with the vendor's errors translated.

Item classes are pynamodb's. A row's sort key says which class it has, so one call can read several kinds.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

from pynamodb.constants import LAST_EVALUATED_KEY
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import errors
from chalicelib.config import settings
from chalicelib.storage import keys, parallel
from chalicelib.storage.connection import SCHEMA, connection
from chalicelib.storage.failures import Conflict, translated
from chalicelib.storage.items import (
    InputEdge,
    LogCall,
    ModelEdge,
    MoreParam,
    MoreTag,
    PyramidItem,
    RunInfo,
    RunSize,
    SealedRun,
    SeriesPart,
    Snap,
    SnapPage,
)
from chalicelib.storage.models import Item, RunsItem

_GETS_AT_ONCE = 100
_WRITES_AT_ONCE = 25
_ROUNDS = 8
# Some 80 bytes each: a third of the 1 MB that a page may have.
_KEYS_AT_ONCE = 4000
_SCANNED_AT_ONCE = 4000

__all__ = ["Action", "Condition"]  # for callers, who do not import pynamodb

AnyItem = TypeVar("AnyItem", bound=Item)
OtherItem = TypeVar("OtherItem", bound=Item)
Answer = TypeVar("Answer")
Key = tuple[str, str]
Raw = dict[str, Any]

_RUN_ROWS: tuple[tuple[str, type[RunsItem]], ...] = (
    (keys.LOG, LogCall),
    (keys.PARAM, MoreParam),
    (keys.TAG, MoreTag),
    (keys.INPUT, InputEdge),
    (keys.MODEL_INPUT, ModelEdge),
    (keys.OUTPUT, ModelEdge),
    (keys.SEALED, SealedRun),
    (keys.SERIES, SeriesPart),
    (keys.PYRAMID, PyramidItem),
    (keys.SIZE, RunSize),
    (keys.SNAP_PAGE, SnapPage),
    (keys.SNAP, Snap),
    (keys.INFO, RunInfo),
)


def get(kind: type[AnyItem], pk: str, sk: str) -> AnyItem | None:
    """The item under a key, or None."""
    with translated():
        answer = kind._get_connection().get_item(pk, range_key=sk, consistent_read=True)
    raw = answer.get("Item")
    return kind.from_raw_data(raw) if raw else None


def get_run_rows(wanted: Sequence[Key]) -> dict[Key, RunsItem]:
    """Those rows of runs that exist, by key; a hundred per call."""
    rows = map(run_row, _get_raw(settings().runs_table, wanted))
    return {(row.pk, row.sk): row for row in rows}


def get_many(kind: type[AnyItem], pk: str, sort_keys: Sequence[str]) -> list[AnyItem]:
    """Those items of one kind under one partition key that exist, in no order."""
    return get_each(kind, [(pk, sk) for sk in sort_keys])


def get_each(kind: type[AnyItem], wanted: Sequence[Key]) -> list[AnyItem]:
    """Those items of one kind under these keys that exist, in no order."""
    return [kind.from_raw_data(raw) for raw in _get_raw(kind.Meta.table_name, wanted)]


def get_two(
    one: type[AnyItem], one_key: Key, other: type[OtherItem], other_key: Key
) -> tuple[AnyItem | None, OtherItem | None]:
    """Two items of different kinds of one table, in one call."""
    found = {(raw["pk"]["S"], raw["sk"]["S"]): raw for raw in _get_raw(one.Meta.table_name, [one_key, other_key])}
    first, second = found.get(one_key), found.get(other_key)
    return one.from_raw_data(first) if first else None, other.from_raw_data(second) if second else None


def run_row(raw: Raw) -> RunsItem:
    """The item of a row in a run's partition."""
    sort_key = raw["sk"]["S"]
    kind = next(kind for prefix, kind in _RUN_ROWS if sort_key.startswith(prefix))
    return kind.from_raw_data(raw)


def query(
    kind: type[AnyItem],
    pk: str,
    condition: Condition | None = None,
    parse: Callable[[Raw], AnyItem] | None = None,
) -> Iterator[AnyItem]:
    """Items of a partition in key order, read page by page as they are taken."""
    start: Raw | None = None
    table = kind._get_connection()
    while True:
        with translated():
            answer = table.query(pk, condition, consistent_read=True, exclusive_start_key=start)
        yield from map(parse or kind.from_raw_data, answer["Items"])
        start = answer.get(LAST_EVALUATED_KEY)
        if not start:
            return


def last(kind: type[AnyItem], pk: str, condition: Condition) -> AnyItem | None:
    """The last item of a range of a partition, or None."""
    with translated():
        answer = kind._get_connection().query(pk, condition, consistent_read=True, scan_index_forward=False, limit=1)
    return kind.from_raw_data(answer["Items"][0]) if answer["Items"] else None


def query_keys(
    pk: str, low: str = "", high: str | None = None, forward: bool = True, at_once: int = 100
) -> Iterator[str]:
    """Sort keys between two texts in a partition of the runs table, in order or backward, read as they are taken.

    The first page has `at_once` of them, each further one four times as many as the one before, up to 4,000.
    """
    asked: Raw = {
        "TableName": settings().runs_table,
        "ConsistentRead": True,
        "ScanIndexForward": forward,
        "ProjectionExpression": "sk",
        **_between(pk, low, high),
    }
    while True:
        with translated():
            answer = connection().client.query(**asked, Limit=at_once)
        for raw in answer["Items"]:
            yield raw["sk"]["S"]
        if LAST_EVALUATED_KEY not in answer:
            return
        asked["ExclusiveStartKey"] = answer[LAST_EVALUATED_KEY]
        at_once = min(4 * at_once, _KEYS_AT_ONCE)


class ScanPage(NamedTuple):
    """Keys in the order of a scan; `last` is where the next page begins, None on the last one."""

    keys: list[Key]
    last: Key | None


def scan_keys(after: Key | None = None) -> Iterator[ScanPage]:
    """The keys of all items of the runs table that follow `after`, some thousands at a time. Expensive."""
    asked: Raw = {
        "TableName": settings().runs_table,
        "ConsistentRead": True,
        "ProjectionExpression": "pk, sk",
        "Limit": _SCANNED_AT_ONCE,
    }
    while True:
        start = {"ExclusiveStartKey": {"pk": {"S": after[0]}, "sk": {"S": after[1]}}} if after else {}
        with translated():
            answer = connection().client.scan(**asked, **start)
        last = answer.get("LastEvaluatedKey")
        after = (last["pk"]["S"], last["sk"]["S"]) if last else None
        yield ScanPage([(raw["pk"]["S"], raw["sk"]["S"]) for raw in answer["Items"]], after)
        if after is None:
            return


def query_run(run_pk: str, start: str, end: str) -> Iterator[RunsItem]:
    """Rows of a run's partition between two sort keys."""
    return map(run_row, query_raw(run_pk, start, end))


def query_raw(pk: str, low: str, high: str | None = None) -> Iterator[Raw]:
    """Items of the runs table between two sort keys, as DynamoDB sends them.

    Bypasses pynamodb, which takes half as long again: a search reads hundreds.
    """
    asked = {"TableName": settings().runs_table, "ConsistentRead": True, **_between(pk, low, high)}
    return chain.from_iterable(answer["Items"] for answer in _pages(asked))


class Since:
    """Items of the runs table from a sort key on in which a number is at least `least`, as DynamoDB sends them.

    `passed_over` is how many others there are among those that were read until now. They cost the same units, but a
    third of the time.
    """

    def __init__(self, pk: str, low: str, attribute: str, least: int) -> None:
        self.passed_over = 0
        key = _between(pk, low, None)
        self._asked: Raw = {
            **key,
            "TableName": settings().runs_table,
            "ConsistentRead": True,
            "FilterExpression": f"{attribute} >= :least",
            "ExpressionAttributeValues": {**key["ExpressionAttributeValues"], ":least": {"N": str(least)}},
        }

    def __iter__(self) -> Iterator[Raw]:
        for answer in _pages(self._asked):
            self.passed_over += answer["ScannedCount"] - answer["Count"]
            yield from answer["Items"]


def _pages(asked: Raw) -> Iterator[Raw]:
    while True:
        with translated():
            answer = connection().client.query(**asked)
        yield answer
        if LAST_EVALUATED_KEY not in answer:
            return
        asked = {**asked, "ExclusiveStartKey": answer[LAST_EVALUATED_KEY]}


def put(item: Item, condition: Condition | None = None) -> None:
    """Put an item. Raises ConditionFailed, ItemTooLarge."""
    again_on_conflict(lambda: item.save(condition))


def update(item: AnyItem, actions: Sequence[Action], condition: Condition | None = None) -> AnyItem:
    """Update an item in place and return it as it now is. Raises ConditionFailed, ItemTooLarge."""
    again_on_conflict(lambda: item.update(list(actions), condition))
    return item


def delete(item: Item, condition: Condition | None = None) -> None:
    """Delete an item; a missing one is no error unless the condition says so. Raises ConditionFailed."""
    again_on_conflict(lambda: item.delete(condition))


def put_all(items: Iterable[Item]) -> None:
    """Put items of one table, 25 per call. For idempotent writes only, as a batch may be carried out in part."""
    _write_all((item, {"PutRequest": {"Item": item.serialize()}}) for item in items)


def delete_all(items: Iterable[Item]) -> None:
    """Delete items of one table, 25 per call; missing ones are no error. A batch may be carried out in part."""
    _write_all((item, {"DeleteRequest": {"Key": {"pk": {"S": item.pk}, "sk": {"S": item.sk}}}}) for item in items)


def create_missing() -> bool:
    """Create those of the two tables that are missing; return whether both were. On AWS a template creates them.

    Raises errors.TemporarilyUnavailable when the store does not answer.
    """
    with translated():
        existing = connection().list_tables()["TableNames"]
        missing = [name for name in (settings().runs_table, settings().ledger_table) if name not in existing]
        for name in missing:
            connection().client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **SCHEMA)
    return len(missing) == 2


def again_on_conflict(call: Callable[[], object]) -> None:
    """Retry a write while a transaction holds the item: the SDK does not retry that by itself."""
    for _ in attempts(_ROUNDS):
        with suppress(Conflict), translated():
            call()
            return


def decided(attempt: Callable[[], Answer | None]) -> Answer:
    """The first result that is not None. Raises TemporarilyUnavailable if other calls keep every attempt from one."""
    return next(answer for answer in (attempt() for _ in attempts()) if answer is not None)


def attempts(most: int = 40) -> Iterator[int]:
    """Count attempts at something that other calls may be changing too, with pauses (full jitter, at most 400 ms).

    Raises TemporarilyUnavailable after `most` of them.
    """
    for number in range(most):
        yield number
        time.sleep(random.uniform(0, min(0.4, 0.005 * 2**number)))  # noqa: S311 - spreads retries, guards nothing
    raise errors.TemporarilyUnavailable("Others are changing the same thing; please try again.")


def _between(pk: str, low: str, high: str | None) -> Raw:
    """The condition of a query. No key is empty or equals a bound, and DynamoDB accepts no empty bound."""
    values = {":pk": {"S": pk}, ":low": {"S": low}} if low else {":pk": {"S": pk}}
    if high is not None:
        values[":high"] = {"S": high}
    conditions = {
        (False, False): "pk = :pk",
        (True, False): "pk = :pk AND sk > :low",
        (False, True): "pk = :pk AND sk < :high",
        (True, True): "pk = :pk AND sk BETWEEN :low AND :high",
    }
    expression = conditions[":low" in values, ":high" in values]
    return {"KeyConditionExpression": expression, "ExpressionAttributeValues": values}


def _get_raw(table: str, wanted: Sequence[Key]) -> Iterator[Raw]:
    batches = [wanted[at : at + _GETS_AT_ONCE] for at in range(0, len(wanted), _GETS_AT_ONCE)]
    return chain.from_iterable(parallel.each(lambda batch: list(_get_batch(table, batch)), batches))


def _get_batch(table: str, wanted: Sequence[Key]) -> Iterator[Raw]:
    asked: list[Raw] = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in wanted]
    for _ in attempts(_ROUNDS):
        with translated():
            answer = connection().client.batch_get_item(
                RequestItems={table: {"Keys": asked, "ConsistentRead": True}},
            )
        yield from answer["Responses"].get(table, [])
        asked = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        if not asked:
            return


def _write_all(requests: Iterable[tuple[Item, Raw]]) -> None:
    todo = iter(requests)
    while chunk := list(islice(todo, _WRITES_AT_ONCE)):
        _write_batch(chunk[0][0].Meta.table_name, [request for _, request in chunk])


def _write_batch(table: str, pending: list[Raw]) -> None:
    for _ in attempts(_ROUNDS):
        with translated():
            answer = connection().client.batch_write_item(RequestItems={table: pending})
        pending = answer.get("UnprocessedItems", {}).get(table, [])
        if not pending:
            return
