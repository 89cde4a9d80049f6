"""A change set's changes, as lines to read and as reasons to refuse it: plain functions."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from infra.deploy.aws.template import NAMED_BY, REMADE

Change = Mapping[str, Any]

# In the order in which they are shown: the most destructive come last, next to the question.
_VERBS = ("import", "add", "modify", "may replace", "replace", "remove")
_REPLACEMENTS = {"True": "replace", "Conditional": "may replace"}


def verb(change: Change) -> str:
    """What happens to the resource, as one of `_VERBS`. `change` is a ResourceChange of DescribeChangeSet."""
    if change["Action"] == "Modify":
        return _REPLACEMENTS.get(change.get("Replacement", ""), "modify")
    return str(change["Action"]).lower()


def lines(changes: Iterable[Change]) -> Iterator[str]:
    """One line for each verb and type, with the resources' names in the template."""
    found: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        found.setdefault((verb(change), change["ResourceType"]), []).append(change["LogicalResourceId"])
    for (action, kind), names in sorted(found.items(), key=_place):
        yield f"  {action:<11} {kind}: {', '.join(sorted(names))}"


def dangers(changes: Iterable[Change]) -> list[str]:
    """The changes that would lose or orphan data: any replacement or removal of a table or a bucket."""
    return [
        f"would {verb(change)} {change.get('PhysicalResourceId', change['LogicalResourceId'])}"
        for change in changes
        if change["ResourceType"] in NAMED_BY
        and change["LogicalResourceId"] not in REMADE
        and verb(change) not in ("import", "add", "modify")
    ]


def _place(entry: tuple[tuple[str, str], list[str]]) -> tuple[int, str]:
    action, kind = entry[0]
    # An action that AWS may add in future is shown too, at the end.
    return (_VERBS.index(action) if action in _VERBS else len(_VERBS)), kind
