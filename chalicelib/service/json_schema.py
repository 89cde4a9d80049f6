"""The request models in JSON Schema 2020-12: the form of a request, before any rule of its feature is checked.

pydantic's own schemas, corrected where the edge accepts something else: there null is the same as absent
(`strict_json.py`), and a bound of a number that may come as text is stated for the number only.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from chalicelib.edge.wire import Request

Schema = dict[str, Any]

REFERENCE = "#/components/schemas/"

_NULL: Schema = {"type": "null"}
_BOUNDS = {"ge": ("minimum", max), "le": ("maximum", min)}
_LEFT_OUT = (*_BOUNDS, "anyOf", "$ref")


class Shapes(NamedTuple):
    """`named` has all schemas, also of messages inside requests; `names` has the name of each request's schema."""

    names: dict[type[Request], str]
    named: dict[str, Schema]


def shapes(models: Iterable[type[Request]]) -> Shapes:
    """The schemas of these requests, in the order of their names; they refer to each other below `REFERENCE`."""
    listed = sorted(set(models), key=lambda model: (model.__module__, model.__name__))
    references, made = models_json_schema(
        [(model, "validation") for model in listed], ref_template=REFERENCE + "{model}", schema_generator=_Untitled
    )
    named = {_name(name): _corrected(schema) for name, schema in made.get("$defs", {}).items()}
    names = {model: _name(_pointed_to(references[model, "validation"])) for model in listed}
    return Shapes(names, dict(sorted(named.items())))


def without_null(schema: Schema) -> Schema:
    """The schema of a field that is either present or absent, as in a query string."""
    if "anyOf" not in schema:
        return schema
    members = [member for member in schema["anyOf"] if member != _NULL]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**members[0], **rest} if len(members) == 1 else {**rest, "anyOf": members}


def or_null(schema: Schema) -> Schema:
    """The schema of a value that may also be null."""
    notes: Schema = {key: schema[key] for key in ("default", "description") if key in schema}
    bare = {key: value for key, value in schema.items() if key not in notes}
    members = bare["anyOf"] if set(bare) == {"anyOf"} else [bare]
    return {"anyOf": [*members, _NULL], **notes}


def reached(value: Any, named: Mapping[str, Schema]) -> set[str]:
    """The names of the schemas that `value` refers to, or that these refer to in turn."""
    found: set[str] = set()
    waiting = set(_references(value))
    while waiting:
        found |= waiting
        waiting = {name for each in waiting for name in _references(named[each])} - found
    return found


class _Untitled(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Never: the title would only be the field's name with blanks."""
        return False


def _corrected(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"$ref": REFERENCE + _name(_pointed_to(schema))}
    right = {key: value for key, value in schema.items() if key not in _LEFT_OUT}
    if "anyOf" in schema:
        right = without_null({**right, "anyOf": list(_members(schema))})
    if right.get("default", "") is None:
        del right["default"]
    if "items" in right:
        right["items"] = _corrected(right["items"])
    if "properties" in right:
        right["properties"] = _properties(right)
    return right


def _members(schema: Schema) -> Iterator[Schema]:
    """The alternatives of a schema, none of which has alternatives itself."""
    for member in schema["anyOf"]:
        inner = {key: schema[key] for key in _BOUNDS if key in schema} | member
        if "anyOf" in inner:
            yield from _members(inner)
        else:
            yield _bounded(_corrected(inner), inner)


def _bounded(right: Schema, schema: Schema) -> Schema:
    if right.get("type") != "integer":
        return right
    bounds = {
        keyword: narrower(right.get(keyword, schema[key]), schema[key])
        for key, (keyword, narrower) in _BOUNDS.items()
        if key in schema
    }
    return {**right, **bounds}


def _properties(schema: Schema) -> dict[str, Schema]:
    required = schema.get("required", ())
    right = {name: _corrected(field) for name, field in schema["properties"].items()}
    return {name: field if name in required else or_null(field) for name, field in right.items()}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if str(value.get("$ref", "")).startswith(REFERENCE):
            yield _pointed_to(value)
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _references(each)


def _pointed_to(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).removeprefix(REFERENCE)


def _name(made: str) -> str:
    # pydantic names models of the same name by their modules: chalicelib__registry__schemas__Tag.
    return made.removeprefix("chalicelib__").replace("__", ".")
