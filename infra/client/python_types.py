"""The types of Python for the schemas of requests and replies. Numbers may be sent as text; methods take numbers."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_NULL = {"type": "null"}
_TYPES = {"string": "str", "boolean": "bool", "integer": "int", "number": "float", "object": "Json"}


def type_of(schema: Schema) -> str:
    """The type of a field, None left out."""
    members = [each for each in schema.get("anyOf", (schema,)) if each != _NULL]
    words = {_word(each): None for each in members if not (len(members) > 1 and "pattern" in each)}
    # A number is also taken from a boolean, as MLflow takes it: no type says that. A reply names what is not finite.
    is_asked = not any("enum" in each for each in members)
    return "float" if "float" in words and is_asked else " | ".join(words)


def _word(schema: Schema) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return name if name.startswith("replies.") else f"messages.{name}"
    if "enum" in schema:
        return f"Literal[{', '.join(repr(each) for each in schema['enum'] if isinstance(each, str))}]"
    if schema.get("type") == "array":
        return f"Sequence[{type_of(schema['items'])}]"
    return _TYPES[str(schema["type"])]
