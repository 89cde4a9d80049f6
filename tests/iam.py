"""What a policy document allows, as far as our documents go: names, ARNs with asterisks, and keys of DynamoDB items."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

POLICIES = Path(__file__).resolve().parents[1] / "infra" / "deploy" / "policies"

# What CloudFormation would fill in.
FILLED = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "Stage": "test",
}

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Need:
    """One action on one resource. `keys` are the partition keys of the items that it touches.

    `within` is the operation of DynamoDB that encloses it, such as TransactWriteItems.
    """

    action: str
    resource: str
    keys: tuple[str, ...] = ()
    within: str | None = None


def policy(function: str) -> Document:
    """The policy of a function, by the name that Chalice knows it by."""
    return dict(json.loads((POLICIES / f"{function}.json").read_text()))


def allows(document: Document, need: Need) -> bool:
    """Whether some statement allows it and none denies it."""
    effects = {statement["Effect"] for statement in document["Statement"] if _matches(statement, need)}
    return effects == {"Allow"}


def filled(resource: Mapping[str, str] | str) -> str:
    """A resource of a statement as an ARN."""
    text = resource if isinstance(resource, str) else resource["Fn::Sub"]
    return re.sub(r"\$\{([\w:]+)\}", lambda found: FILLED[found[1]], text)


def listed(value: Any) -> list[Any]:
    """What may be one thing or a list of them."""
    return value if isinstance(value, list) else [value]


def _matches(statement: Document, need: Need) -> bool:
    return (
        _any_like(need.action, listed(statement["Action"]))
        and _any_like(need.resource, map(filled, listed(statement["Resource"])))
        and all(_holds(name, condition, need) for name, condition in statement.get("Condition", {}).items())
    )


def _holds(operator: str, condition: Mapping[str, list[str]], need: Need) -> bool:
    ((name, patterns),) = condition.items()
    if (operator, name) == ("StringNotEquals", "dynamodb:EnclosingOperation"):
        # A key that the request does not have is equal to nothing.
        return need.within not in patterns
    assert name == "dynamodb:LeadingKeys", f"{name} is nothing that this knows"
    like = [_any_like(key, patterns) for key in need.keys]
    return {"ForAllValues:StringLike": all(like), "ForAnyValue:StringLike": any(like)}[operator]


def _any_like(text: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)
