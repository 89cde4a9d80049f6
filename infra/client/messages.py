"""The messages of requests and replies as types: one module for requests, and for replies one of each namespace.

What several namespaces answer is in `shared.py`. No module of these is loaded when a program runs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from textwrap import fill
from typing import Any, NamedTuple

from infra.client.python_types import type_of
from infra.docs import reference

Schema = Mapping[str, Any]

SHARED = "shared"
WIDTH = 112
WRITTEN = "Written by `make client` from the OpenAPI document. Do not edit."
_REFERENCE = "#/components/schemas/" + reference.REPLIES


class Reply(NamedTuple):
    """What a method answers."""

    namespace: str
    name: str
    schema: Schema


def opening(title: str) -> str:
    """The docstring of a module."""
    return f'"""{title}\n\n{WRITTEN}\n"""'


def requests(document: Schema) -> str:
    """The module of the messages in requests."""
    schemas = document["components"]["schemas"]
    classes = "\n\n".join(_message(name, schemas[name]) for name in reference.message_names(document))
    # A message may hold another one that comes later.
    imports = "from __future__ import annotations\n\nfrom collections.abc import Sequence\nfrom typing import TypedDict"
    return "\n\n".join([opening("Messages that stand in lists and fields of requests."), imports, classes])


def replies(document: Schema, answered: Iterable[Reply]) -> dict[str, str]:
    """The modules of replies by their names."""
    whole = sorted(answered, key=lambda each: each.name)
    found = _held(document["components"]["schemas"], whole)
    for each in whole:
        found[each.namespace].append((each.name, each.schema, ""))
    shared = {name for name, *_ in found[SHARED]}
    return {name: _module(name, classes, shared if name != SHARED else set()) for name, classes in found.items()}


def _held(schemas: Mapping[str, Schema], whole: Iterable[Reply]) -> dict[str, list[tuple[str, Schema, str]]]:
    """The messages in replies, by the namespace that alone answers them."""
    used: dict[str, set[str]] = defaultdict(set)
    for each in whole:
        for name in _reached(each.schema, schemas):
            used[name].add(each.namespace)
    found: dict[str, list[tuple[str, Schema, str]]] = defaultdict(list)
    for name, namespaces in sorted(used.items()):
        place = SHARED if len(namespaces) > 1 else next(iter(namespaces))
        found[place].append((name, schemas[reference.REPLIES + name], "reply"))
    return found


def _reached(schema: Any, schemas: Mapping[str, Schema]) -> Iterator[str]:
    """The messages in a schema, and those in them."""
    for name in _named(schema):
        yield name
        yield from _reached(schemas[reference.REPLIES + name], schemas)


def _named(schema: Any) -> Iterator[str]:
    """The messages that a schema names."""
    if isinstance(schema, list):
        for each in schema:
            yield from _named(each)
    elif isinstance(schema, Mapping):
        if str(schema.get("$ref", "")).startswith(_REFERENCE):
            yield schema["$ref"].removeprefix(_REFERENCE)
        yield from _named(list(schema.values()))


def _module(name: str, classes: Iterable[tuple[str, Schema, str]], shared: set[str]) -> str:
    body = "\n\n".join(_message(*each) for each in classes)
    named = {other for _, schema, _ in classes for other in _named(schema)} & shared
    typing = [each for each in ("Literal", "TypedDict") if f"{each}[" in body or f"({each}" in body]
    imports = [
        "from __future__ import annotations\n",
        *(["from collections.abc import Sequence"] if "Sequence[" in body else []),
        f"from typing import {', '.join(typing)}\n",
        *([f"from cumulog._client.generated.replies.{SHARED} import {', '.join(sorted(named))}"] if named else []),
        *(["from cumulog._http.wire import Json"] if "Json" in body else []),
    ]
    title = (
        "Messages that the replies of several namespaces hold." if name == SHARED else "Replies, and their messages."
    )
    return "\n\n".join([opening(title), "\n".join(imports), body])


def _message(name: str, schema: Schema, place: str = "request") -> str:
    required = schema.get("required", ())
    needed = {field: each for field, each in schema["properties"].items() if field in required}
    optional = {field: each for field, each in schema["properties"].items() if field not in required}
    said = schema.get("description", "") or (f"`{name}` in a {place}." if place else "The fields of a reply.")
    if not needed or not optional:
        total = ", total=False" if optional else ""
        return _class(name, f"TypedDict{total}", said, needed or optional)
    base = f"_{name}Required"
    return _class(base, "TypedDict", "", needed) + "\n\n" + _class(name, f"{base}, total=False", said, optional)


def _class(name: str, base: str, said: str, fields: Mapping[str, Schema]) -> str:
    lines = [
        f"    {field}: {type_of(each).replace('messages.', '').replace('replies.', '')}"
        for field, each in fields.items()
    ]
    title = [f'    """{fill(said, WIDTH, subsequent_indent="    ")}"""', ""] if said else []
    return "\n".join([f"class {name}({base}):", *title, *lines]) + "\n"
