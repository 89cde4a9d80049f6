"""The API reference in Markdown, from the API's OpenAPI document: a section for each operation and each message."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]

PAGE = Path(__file__).parent / "api.md"

OPENING = """\
<!-- Written by `make api-reference` from the OpenAPI document. Do not edit. -->

# API reference

JSON in and out, as MLflow has it. Errors are `{{"error_code": …, "message": …}}`; a 429 or 503 carries `Retry-After`
and means that you may send the same call again. `GET /api/2.0/cumulog/openapi.json` answers all of this, errors
included, in OpenAPI 3.1; this page is made from it.

Field names are in snake_case. The API also takes camelCase, except for required fields. It ignores unknown fields,
treats null as absent, and takes numbers as text. A GET has its fields in the query, any other method in the body,
unless they are part of the path. Long replies are compressed for clients that accept gzip. *Also* names a twin: a
second path that answers in exactly the same way.

*Who* says what the caller needs: all of it. `READ`, `EDIT` and `MANAGE` are permissions; see [access.md](access.md).

{contents}"""

# The page with the remarks of a group of operations.
PAGES = {
    "access": "access.md",
    "artifacts": "artifacts.md",
    "catalogue": "catalogue.md",
    "experiments": "tracking.md#experiments",
    "index": "search.md",
    "lineage": "lineage.md#lineage",
    "logged-models": "tracking.md#logged-models",
    "metrics": "tracking.md#metrics",
    "model-versions": "registry.md#models-and-versions",
    "registered-models": "registry.md#models-and-versions",
    "registry": "registry.md#approvals",
    "reproductions": "lineage.md#reproductions",
    "runs": "tracking.md#runs",
    "users": "access.md",
    "views": "tracking.md#saved-views",
}
# What an endpoint asks for beside permissions, by its name in `chalicelib/access/requires.py`.
CALLERS = {
    "public": "anyone, even without a token",
    "authenticated": "anyone with a valid token",
    "filtered": "anyone with a valid token; the reply leaves out what the caller may not read",
    "admin": "administrators, with a token that is not limited to scopes",
    "self": "anyone with a valid token, within the limits that the description names",
}
CREATES = "creates "
WITHOUT_ARTICLE = ("each ", "all ")

JSON = "application/json"
BINARY = "application/octet-stream"
REFERENCE = "#/components/schemas/"
# The names of the messages in replies begin with it.
REPLIES = "replies."
NULL = {"type": "null"}
TYPES = {"string": "text", "boolean": "boolean", "integer": "integer", "number": "number", "object": "object"}
# The bounds of int32 and int64 say no more than "integer".
WIDEST = {2**31 - 1, 2**63 - 1, -(2**31), -(2**63)}


def text(document: Schema) -> str:
    """The whole page."""
    tags = [tag["name"] for tag in document["tags"]]
    contents = ", ".join(f"[{tag}](#{tag})" for tag in [*tags, "messages", "replies"])
    parts = [OPENING.format(contents=contents), *(_group(document, tag) for tag in tags), _messages(document)]
    return "\n\n".join(parts) + "\n"


def _group(document: Schema, tag: str) -> str:
    page = PAGES.get(tag)
    remarks = [f"Remarks: [{page.partition('#')[0]}]({page})."] if page else []
    twins = _twins(document)
    found = [_section(document, *each, twins) for each in operations(document) if tag in each[2]["tags"]]
    return "\n\n".join([f"## {tag}", *remarks, *found])


def operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Method, path and operation of every endpoint, without the twins."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "x-twin-of" not in operation:
                yield method.upper(), path, operation


def _twins(document: Schema) -> dict[str, str]:
    """The path of the twin, by the name of the operation that it answers as."""
    return {
        operation["x-twin-of"]: path
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if "x-twin-of" in operation
    }


def _section(document: Schema, method: str, path: str, operation: Schema, twins: Mapping[str, str]) -> str:
    twin = twins.get(operation["operationId"])
    lines = [
        f"### {method} `{path}`",
        "",
        operation["summary"],
        "",
        f"- Who: {callers(operation['x-requires'])}",
        *([f"- Also: `{twin}`"] if twin else []),
        *_replies(operation),
    ]
    fields = list(_fields(document, operation))
    return "\n".join([*lines, *(["", *_table(("field", "in", "type", ""), fields)] if fields else [])])


def callers(rules: Iterable[str]) -> str:
    return "; ".join(_caller(rule) for rule in rules)


def _caller(rule: str) -> str:
    if rule in CALLERS:
        return CALLERS[rule]
    if rule.startswith(CREATES):
        kind = rule.removeprefix(CREATES)
        return f"anyone with a valid token, unless its scopes leave out `{kind}:EDIT:*`"
    level, _, resource = rule.partition(" ")
    article = "" if resource.startswith(WITHOUT_ARTICLE) else "the "
    return f"`{level}` on {article}{resource}"


def _replies(operation: Schema) -> list[str]:
    if "302" in operation["responses"]:
        return ["- Replies: 302, a redirect to a presigned URL"]
    fields = reply(operation).get("properties", {})
    return [f"- Reply: {', '.join(f'`{name}` ({_type(field)})' for name, field in fields.items())}"] if fields else []


def _fields(document: Schema, operation: Schema) -> Iterator[tuple[str, ...]]:
    for parameter in operation.get("parameters", ()):
        yield _field(parameter["name"], parameter["in"], parameter["schema"], parameter["required"])
    if BINARY in operation.get("requestBody", {}).get("content", {}):
        yield ("*the body*", "body", "bytes", "required")
    for body in bodies(document, operation):
        yield from _properties(body, "body")


def bodies(document: Schema, operation: Schema) -> Iterator[Schema]:
    """The schema of the JSON body, if there is one."""
    content = operation.get("requestBody", {}).get("content", {})
    if JSON in content:
        yield _resolved(document, _not_null(content[JSON]["schema"]))


def _properties(schema: Schema, place: str) -> Iterator[tuple[str, ...]]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield _field(name, place, field, name in required)


def _field(name: str, place: str, schema: Schema, is_required: bool) -> tuple[str, ...]:
    return (f"`{name}`", place, _type(schema), "required" if is_required else _default(schema))


def _default(schema: Schema) -> str:
    # An empty text is what a field without a default is, too.
    return f"default `{json.dumps(schema['default'])}`" if schema.get("default", "") != "" else ""


def _type(schema: Schema) -> str:
    """A field's type in words. Numbers may come as text everywhere, so that goes without saying."""
    members = [each for each in schema.get("anyOf", (schema,)) if each != NULL]
    words = {_word(each): None for each in members if not (len(members) > 1 and "pattern" in each)}
    if "number" in words:
        return "number"
    return " or ".join(words)


def _word(schema: Schema) -> str:
    if "$ref" in schema:
        name = _name(schema)
        return f"[{name}](#{name.replace('.', '').lower()})"
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"] if isinstance(each, str))
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return TYPES[schema["type"]] + _bounds(schema)


def _bounds(schema: Schema) -> str:
    least, most = (None if bound in WIDEST else bound for bound in (schema.get("minimum"), schema.get("maximum")))
    if least is not None and most is not None:
        return f", {least} to {most}"
    return f", up to {schema['maxLength']} characters" if "maxLength" in schema else ""


def _messages(document: Schema) -> str:
    """What lists hold, and objects inside of others."""
    schemas = document["components"]["schemas"]
    sections = [_message(name, schemas[name]) for name in message_names(document)]
    replies = [_message(name, schemas[name]) for name in reply_names(document)]
    said = "These stand in lists and fields of requests."
    also = "These stand in replies. Fields that are not required are left out where they are unset, or an empty list."
    return "\n\n".join(["## messages", said, *sections, "## replies", also, *replies])


def message_names(document: Schema) -> list[str]:
    """The names of the messages that requests hold."""
    sent = [body for _, _, operation in operations(document) for body in bodies(document, operation)]
    held = [schema for name, schema in document["components"]["schemas"].items() if not name.startswith(REPLIES)]
    return sorted({*_inside(sent), *_inside(held)})


def reply_names(document: Schema) -> list[str]:
    """The names of the messages that replies hold."""
    return [name for name in document["components"]["schemas"] if name.startswith(REPLIES)]


def reply(operation: Schema) -> Schema:
    """The schema of an operation's reply, which has no fields if the document tells none."""
    return dict(operation["responses"].get("200", {}).get("content", {}).get(JSON, {}).get("schema", {}))


def _message(name: str, schema: Schema) -> str:
    said = [schema["description"], ""] if "description" in schema else []
    rows = [(field, kind, note) for field, _, kind, note in _properties(schema, "")]
    return "\n".join([f"### {name}", "", *said, *_table(("field", "type", ""), rows)])


def _inside(value: Any) -> Iterator[str]:
    """The names of the messages that a schema refers to."""
    if isinstance(value, Mapping):
        if "$ref" in value:
            yield _name(value)
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _inside(each)


def _not_null(schema: Schema) -> Schema:
    members = [each for each in schema.get("anyOf", (schema,)) if each != NULL]
    return dict(members[0])


def _resolved(document: Schema, schema: Schema) -> Schema:
    return dict(document["components"]["schemas"][_name(schema)]) if "$ref" in schema else schema


def _name(reference: Schema) -> str:
    return str(reference["$ref"]).removeprefix(REFERENCE)


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (headings, ("---",) * len(headings), *rows):
        yield f"| {' | '.join(row)} |"
