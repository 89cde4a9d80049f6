"""The template's parameters, from make's variables: plain functions on the template.

A parameter that is not given keeps its value from the last deployment; in the first one it gets the template's default.
So a setting is given once, and changed by giving it again, also as an empty value.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from infra.deploy.aws.errors import Refused
from infra.deploy.settings import variable

Template = Mapping[str, Any]

# The deployment itself sets these.
OURS = frozenset({"Stage", "CodeBucket", "CodeKey", "SiteOrigin", "BatchVpc"})


def given(template: Template, variables: Mapping[str, str]) -> dict[str, str]:
    """The values of the template's parameters in the variables. Raises Refused for a value that it does not allow."""
    found = {}
    for name, parameter in template.get("Parameters", {}).items():
        value = variables.get(variable(name))
        if name in OURS or value is None:
            continue
        if not allows(parameter, value):
            raise Refused(f"{variable(name)} is {value!r}; it {_constraint(parameter).rstrip('.')}.")
        found[name] = value
    return found


def allows(parameter: Mapping[str, Any], value: str) -> bool:
    """Whether CloudFormation would accept the value for the parameter."""
    if value not in [str(each) for each in parameter.get("AllowedValues", [value])]:
        return False
    if not re.fullmatch(parameter.get("AllowedPattern", "(?s:.*)"), value):
        return False
    return parameter["Type"] != "Number" or _is_in_range(parameter, value)


def request(template: Template, values: Mapping[str, str], previous: Collection[str]) -> list[dict[str, Any]]:
    """The parameters in CreateChangeSet's form; `previous` has the names of the last deployment's parameters."""
    names = template.get("Parameters", {})
    kept = [name for name in names if name not in values and name in previous]
    return [
        *({"ParameterKey": name, "ParameterValue": values[name]} for name in names if name in values),
        *({"ParameterKey": name, "UsePreviousValue": True} for name in kept),
    ]


def _is_in_range(parameter: Mapping[str, Any], value: str) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return float(parameter.get("MinValue", number)) <= number <= float(parameter.get("MaxValue", number))


def _constraint(parameter: Mapping[str, Any]) -> str:
    if described := parameter.get("ConstraintDescription"):
        return str(described)
    if "AllowedValues" in parameter:
        return f"may be {', '.join(str(each) for each in parameter['AllowedValues'])}"
    if parameter["Type"] == "Number":
        return f"must be a number from {parameter.get('MinValue', 'any')} to {parameter.get('MaxValue', 'any')}"
    return f"must match {parameter['AllowedPattern']}"
