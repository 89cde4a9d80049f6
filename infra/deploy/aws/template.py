"""Which of a template's resources hold data, and the part that has only these: plain functions on the template."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Template = Mapping[str, Any]

# What holds data, by the property that names it, which is also what CloudFormation imports it by.
NAMED_BY = {"AWS::DynamoDB::Table": "TableName", "AWS::S3::Bucket": "BucketName"}


@dataclass(frozen=True)
class Holder:
    """A table or bucket of the template, and the name that it has in a stage."""

    logical_id: str
    kind: str
    name: str

    def identifier(self) -> dict[str, Any]:
        """As CreateChangeSet takes what is to be imported."""
        named = {NAMED_BY[self.kind]: self.name}
        return {"LogicalResourceId": self.logical_id, "ResourceType": self.kind, "ResourceIdentifier": named}


def holders(template: Template, values: Mapping[str, str]) -> list[Holder]:
    """The tables and buckets that outlive the stack. `values` are those of the parameters in their names."""
    return [
        Holder(logical_id, resource["Type"], _name(resource, values))
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] in NAMED_BY and resource.get("DeletionPolicy") == "Retain"
    ]


def only(template: Template, logical_ids: Collection[str]) -> dict[str, Any]:
    """The template with these resources alone, as an import takes it: without outputs and transforms."""
    return {
        **{name: template[name] for name in ("Parameters", "Conditions", "Mappings") if name in template},
        "Resources": {name: template["Resources"][name] for name in logical_ids},
    }


def _name(resource: Mapping[str, Any], values: Mapping[str, str]) -> str:
    name = resource["Properties"][NAMED_BY[resource["Type"]]]
    pattern = name["Fn::Sub"] if isinstance(name, dict) else name
    return re.sub(r"\$\{([\w:]+)\}", lambda found: values[found[1]], pattern)
