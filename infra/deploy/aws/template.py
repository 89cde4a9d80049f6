"""A template's resources that hold data, and the part of a template with only these: plain functions."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Template = Mapping[str, Any]

# Types that hold data, with the property for the name, which also identifies the resource for an import.
NAMED_BY = {"AWS::DynamoDB::Table": "TableName", "AWS::S3::Bucket": "BucketName"}
# The resource of such a type that holds only what each deployment brings anew: the dashboard's files.
REMADE = frozenset({"SiteBucket"})


@dataclass(frozen=True)
class Holder:
    """A table or bucket of the template, and the name that it has in a stage."""

    logical_id: str
    kind: str
    name: str

    def identifier(self) -> dict[str, Any]:
        """The resource in the form that CreateChangeSet takes for an import."""
        named = {NAMED_BY[self.kind]: self.name}
        return {"LogicalResourceId": self.logical_id, "ResourceType": self.kind, "ResourceIdentifier": named}


def holders(template: Template, values: Mapping[str, str]) -> list[Holder]:
    """The tables and buckets that outlive the stack. `values` has the parameters in their names."""
    return [
        Holder(logical_id, resource["Type"], _name(resource, values))
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] in NAMED_BY and resource.get("DeletionPolicy") == "Retain"
    ]


def only(template: Template, logical_ids: Collection[str]) -> dict[str, Any]:
    """The template with only these resources, in the form for an import: without outputs and transforms."""
    return {
        **{name: template[name] for name in ("Parameters", "Conditions", "Mappings") if name in template},
        "Resources": {name: template["Resources"][name] for name in logical_ids},
    }


def _name(resource: Mapping[str, Any], values: Mapping[str, str]) -> str:
    name = resource["Properties"][NAMED_BY[resource["Type"]]]
    pattern = name["Fn::Sub"] if isinstance(name, dict) else name
    return re.sub(r"\$\{([\w:]+)\}", lambda found: values[found[1]], pattern)
