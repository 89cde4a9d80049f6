"""Registered models with a past, made by the registry's own calls, and their chains as the store has them."""

from typing import Any

from chalicelib.approvals import policies, transitions
from chalicelib.approvals.rules import Policy
from chalicelib.provenance import verifying
from chalicelib.provenance.verifying import Report
from chalicelib.registry import aliases, models, versions
from chalicelib.registry.chain import changes
from chalicelib.registry.versions import NewVersion
from chalicelib.storage import keys
from chalicelib.storage.connection import connection
from chalicelib.storage.models import LedgerItem
from chalicelib.storage.registry_items import AuditEntry, RegisteredModel

Raw = dict[str, Any]


def new_version(name: str, run_id: str | None = None) -> int:
    """The number of a new version, which has no files."""
    source = "models:/elsewhere/1"
    return int(versions.create(name, NewVersion(source, source, run_id, tags={"color": "red"})).version.version)


def with_a_past(name: str = "wine") -> RegisteredModel:
    """A model to which everything that can happen has happened."""
    models.create(name + " once", "a **red** one", {"team": "vision"})
    models.rename(name + " once", name)
    models.update(name, "ein süßer")
    models.set_tag(name, "team", "audio")
    models.set_tag(name, "gone", "soon")
    models.delete_tag(name, "gone")
    for _ in range(4):
        new_version(name, "r" * 32)
    versions.update(name, 1, "the first")
    versions.set_tag(name, 1, "color", "blue")
    versions.delete_tag(name, 2, "color")
    for number in (1, 2, 3):
        transitions.transition(name, number, "Production", archive_existing=True)
    transitions.transition(name, 2, "Staging", archive_existing=False)
    aliases.set_alias(name, "champion", 1)
    aliases.set_alias(name, "champion", 3)
    aliases.set_alias(name, "challenger", 4)
    aliases.set_alias(name, "gone", 2)
    aliases.delete_alias(name, "gone")
    policies.set_policy(name, "Staging", Policy(needed=2))
    versions.delete(name, 4)
    return changes.load(name)


def verified(name: str) -> Report:
    return verifying.verify(changes.load(name))


def check(name: str) -> None:
    """The model's chain holds, and its state is what the chain says."""
    report = verified(name)
    assert (report.verdict.bad, report.verdict.reason, report.differences) == (None, None, [])


def links(model: RegisteredModel) -> list[Raw]:
    """The items of a model's chain as they are stored."""
    return partition(keys.audit(model.model_id))


def partition(pk: str) -> list[Raw]:
    found: list[Raw] = connection().client.query(
        TableName=AuditEntry.Meta.table_name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": pk}},
        ConsistentRead=True,
    )["Items"]
    return found


def stored(pk: str, sk: str) -> Raw:
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    found: Raw = connection().client.get_item(TableName=LedgerItem.Meta.table_name, Key=key)["Item"]
    return found


def put(item: Raw) -> None:
    """Put an item past all rules."""
    connection().client.put_item(TableName=LedgerItem.Meta.table_name, Item=item)


def drop(item: Raw) -> None:
    """Delete an item past all rules."""
    key = {"pk": item["pk"], "sk": item["sk"]}
    connection().client.delete_item(TableName=LedgerItem.Meta.table_name, Key=key)
