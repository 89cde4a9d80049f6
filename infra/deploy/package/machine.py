"""The state machine in the template: the same file that the local stack executes, with the functions filled in."""

import json
import re
from pathlib import Path
from typing import Any

Template = dict[str, Any]


def fragment(definition: Path) -> Template:
    """A fragment with the transition machine's definition, where `${ValidateFunction}` is TransitionValidate's ARN."""
    text = definition.read_text()
    functions = {name: _arn(name) for name in re.findall(r"\$\{(\w+)Function\}", text)}
    properties = {
        "Definition": json.loads(text),
        "DefinitionSubstitutions": {f"{name}Function": arn for name, arn in functions.items()},
    }
    return {"Resources": {"TransitionMachine": {"Properties": properties}}}


def _arn(name: str) -> Template:
    return {"Fn::GetAtt": [f"Transition{name}", "Arn"]}
