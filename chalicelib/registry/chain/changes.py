"""The only way to change anything in or below a registered model.

    load the model → decide → one transaction: its item, the next link of its audit chain, and all other writes

The model's item is written on the condition that the chain is as long as it was when the decision was made. If it is
not, another writer was faster: load and decide again. So a decision always holds for the state that it was made on, and
the items below the model need no conditions of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from chalicelib import errors
from chalicelib.registry.chain import audit
from chalicelib.remembered import Remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.access_items import RequestKey
from chalicelib.storage.failures import ItemTooLarge
from chalicelib.storage.models import LedgerItem
from chalicelib.storage.registry_items import AuditEntry, ModelName, RegisteredModel
from chalicelib.storage.tables import Condition
from chalicelib.storage.transactions import Refused, Transaction

# Of the hundred items of a transaction. The others: the model, its place among the deleted, two names, the link and a
# request's key.
MOST_PUTS = 90


@dataclass(frozen=True)
class Change:
    """What to write along with the model's item, and what the audit chain records.

    `action` is `subject:thing:action`; `details` is JSON with the values before and after. `claimed` is a name that no
    other model may hold, `freed` one that is given up. `is_deletion` moves the model itself to the deleted models.
    `note` is what keeps the request's Idempotency-Key (`edge/repeats.py`), and its condition.
    """

    action: str
    details: dict[str, Any] = field(default_factory=dict)
    version: int | None = None
    puts: Sequence[LedgerItem] = ()
    deletes: Sequence[LedgerItem] = ()
    claimed: str | None = None
    freed: str | None = None
    is_deletion: bool = False
    note: tuple[RequestKey, Condition] | None = None


Answer = TypeVar("Answer")

# A decision returns what to write, None for nothing; an answering decision returns an answer for the caller as well.
Decision = Callable[[RegisteredModel], Change | None]
AnsweringDecision = Callable[[RegisteredModel], tuple[Answer, Change | None]]


@dataclass(frozen=True)
class Outcome(Generic[Answer]):
    """The model after a decision, what the decision answered, and whether it changed anything."""

    model: RegisteredModel
    answer: Answer
    is_changed: bool


# Ids by name: only a hint, which `load` confirms with the model that it reads.
_id_of: Remembered[str, str] = Remembered(most=1_000)


def load(name: str) -> RegisteredModel:
    """The registered model with this name. Raises ResourceDoesNotExist."""
    reading, model_id = _id_of.begin(), _id_of.get(name)
    model = load_by_id(model_id) if model_id else None
    if model is None or model.name != name:
        model = _looked_up(name)
    if model is None:
        raise missing(name)
    _id_of.keep(reading, name, model.model_id)
    return model


def load_either(name: str | None, model_id: str | None) -> RegisteredModel:
    """The model that holds a name, or the model with an id, which may be deleted.

    Raises ResourceDoesNotExist, InvalidParameterValue unless exactly one of the two is given.
    """
    if bool(name) == bool(model_id):
        raise errors.InvalidParameterValue(
            "Either 'name' or 'model_id' must be given; a deleted model has only its id."
        )
    if name:
        return load(name)
    model = load_even_deleted(model_id or "")
    if model is None:
        raise missing_id(model_id or "")
    return model


def load_even_deleted(model_id: str) -> RegisteredModel | None:
    """The model with this id, deleted or not."""
    # In this order: a model that is being deleted is in the second place as soon as it has left the first.
    return load_by_id(model_id) or tables.get(RegisteredModel, keys.DELETED_MODELS, model_id)


def missing(name: str) -> errors.ResourceDoesNotExist:
    """The not-found error for a model's name."""
    return errors.ResourceDoesNotExist(f"Registered Model with name={name} not found")


def missing_id(model_id: str) -> errors.ResourceDoesNotExist:
    """The not-found error for a model's id."""
    return errors.ResourceDoesNotExist(f"Registered Model with id={model_id} not found")


def load_by_id(model_id: str) -> RegisteredModel | None:
    """The registered model with this internal id, unless it is deleted."""
    return tables.get(RegisteredModel, keys.REGISTERED_MODELS, model_id)


def change(name: str, decide: Decision) -> RegisteredModel:
    """Change a registered model: `decide` sets its fields and returns the change to write, None for nothing.

    `decide` runs again with the new state whenever another writer was faster; an exception from it ends the change.
    Raises ResourceDoesNotExist, ResourceAlreadyExists for a claimed name, TemporarilyUnavailable.
    """
    return outcome(name, lambda model: (None, decide(model))).model


def outcome(name: str, decide: AnsweringDecision[Answer]) -> Outcome[Answer]:
    """Like `change`, with an answer from the decision for the caller."""
    return _outcome(lambda: load(name), decide)


def outcome_by_id(model_id: str, decide: AnsweringDecision[Answer]) -> Outcome[Answer]:
    """Like `outcome`, for the registered model with an id, which may have been renamed."""
    return _outcome(lambda: _existing(model_id), decide)


def _outcome(load_now: Callable[[], RegisteredModel], decide: AnsweringDecision[Answer]) -> Outcome[Answer]:
    def attempt() -> Outcome[Answer] | None:
        model = load_now()
        answer, wanted = decide(model)
        if wanted is None or commit(model, wanted):
            return Outcome(model, answer, wanted is not None)
        return None

    return tables.decided(attempt)


def commit(model: RegisteredModel, wanted: Change) -> bool:
    """Write a change that was decided on the model as it was read; False if another writer, or the request, was faster.

    Raises ResourceAlreadyExists when the claimed name is taken, InvalidParameterValue when an item grows too large.
    """
    entry = audit.next_entry(model, wanted.action, wanted.version, wanted.details)
    claim = ModelName(keys.model_name(wanted.claimed), keys.NAME, model_id=model.model_id) if wanted.claimed else None
    transaction = _transaction(model, wanted, entry, claim)
    try:
        transaction.commit()
    except ItemTooLarge as error:
        raise errors.InvalidParameterValue(
            "The tags and descriptions of one registered model, or of one version, may total about 300 KB at most."
        ) from error
    except Refused as refusal:
        if _is_ours(entry):
            return True
        if wanted.note and wanted.note[0] in refusal.items:
            return False
        if claim in refusal.items:
            raise errors.ResourceAlreadyExists(f"Registered Model (name={wanted.claimed}) already exists.") from refusal
        return False
    return True


def _existing(model_id: str) -> RegisteredModel:
    model = load_by_id(model_id)
    if model is None:
        raise missing_id(model_id)
    return model


def _looked_up(name: str) -> RegisteredModel | None:
    holder = tables.get(ModelName, keys.model_name(name), keys.NAME)
    model = load_by_id(holder.model_id) if holder else None
    return model if model and model.name == name else None


def _transaction(model: RegisteredModel, wanted: Change, entry: AuditEntry, claim: ModelName | None) -> Transaction:
    as_it_was_read = (
        RegisteredModel.sequence == model.sequence if model.sequence else RegisteredModel.pk.does_not_exist()
    )
    model.sequence, model.head, model.head_at = entry.sequence, entry.digest, entry.at
    transaction = Transaction()
    if wanted.is_deletion:
        transaction.delete(RegisteredModel(keys.REGISTERED_MODELS, model.model_id), as_it_was_read)
        model.pk = keys.DELETED_MODELS
        transaction.put(model)
    else:
        transaction.put(model, as_it_was_read)
    transaction.put(entry, AuditEntry.pk.does_not_exist())
    for item in wanted.puts:
        transaction.put(item)
    for item in wanted.deletes:
        transaction.delete(item)
    if claim is not None:
        transaction.put(claim, ModelName.pk.does_not_exist())
    if wanted.note:
        transaction.put(*wanted.note)
    if wanted.freed:
        transaction.delete(ModelName(keys.model_name(wanted.freed), keys.NAME))
    return transaction


def _is_ours(entry: AuditEntry) -> bool:
    """Whether the link stored in this place was put by this very write, whose reply was lost."""
    stored = tables.get(AuditEntry, entry.pk, entry.sk)
    return stored is not None and stored.change == entry.change
