"""All-or-nothing writes to several items of the ledger: at most 100, at twice the price of single writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import clock
from chalicelib.storage.connection import connection
from chalicelib.storage.failures import TransactionRefused
from chalicelib.storage.models import Item
from chalicelib.storage.tables import again_on_conflict

# pynamodb sends a transaction's writes in this order, and DynamoDB lists its reasons in the order sent.
_CHECK, _DELETE, _PUT, _UPDATE = range(4)


class Refused(Exception):
    """Conditions of a transaction did not hold, for these items (the very objects given); nothing was written."""

    def __init__(self, items: list[Item]) -> None:
        super().__init__(f"refused: {[item.pk for item in items]}")
        self.items = items


@dataclass
class Transaction:
    """Collects writes, which `commit` carries out together.

    All attempts of a commit send DynamoDB the same token, so a retry after a lost reply does not write twice.
    """

    token: str = field(default_factory=clock.unique_id)
    _writes: list[tuple[int, Item, Callable[[TransactWrite], None]]] = field(default_factory=list)

    def put(self, item: Item, condition: Condition | None = None) -> None:
        self._writes.append((_PUT, item, lambda write: write.save(item, condition)))

    def update(self, item: Item, actions: Sequence[Action], condition: Condition | None = None) -> None:
        self._writes.append((_UPDATE, item, lambda write: write.update(item, list(actions), condition)))

    def delete(self, item: Item, condition: Condition | None = None) -> None:
        self._writes.append((_DELETE, item, lambda write: write.delete(item, condition)))

    def check(self, item: Item, condition: Condition) -> None:
        """Require a condition on an item that is not written; only the keys of the given item count."""
        kind = type(item)
        self._writes.append((_CHECK, item, lambda write: write.condition_check(kind, item.pk, item.sk, condition)))

    def commit(self) -> None:
        """Carry out all writes, or none. Raises Refused if conditions do not hold."""
        try:
            again_on_conflict(self._attempt)
        except TransactionRefused as refusal:
            sent = sorted(self._writes, key=lambda write: write[0])
            raise Refused([sent[at][1] for at in refusal.failed]) from refusal

    def _attempt(self) -> None:
        with TransactWrite(connection=connection(), client_request_token=self.token) as transaction:
            for _, _, add in self._writes:
                add(transaction)
