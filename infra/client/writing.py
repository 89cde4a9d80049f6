"""The generated modules of `cumulog.Client`: one for each namespace, and those for the messages in them.

The types are for those who read and check code: no module of messages is loaded when a program runs.
"""

import keyword
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Any

from infra.client import messages, naming
from infra.client.python_types import type_of
from infra.docs import reference

Schema = Mapping[str, Any]

FOLDER = Path(__file__).parents[2] / "client" / "python" / "src" / "cumulog" / "_client" / "generated"

_PARAMETER = re.compile(r"\{(\w+)\}")
# The name of the greedy parameter says how the server routes it, not what it is.
_SPOKEN = {"proxy": "artifact"}
_KINDS = {"json": ("_json", "Json"), "redirect": ("_url", "str"), "text": ("_text", "str"), "upload": ("_json", "Json")}


def modules(document: Schema) -> dict[str, str]:
    """The text of each module by its file's name."""
    answered = [
        messages.Reply(naming.namespace(each), _reply_name(each), reference.reply(each))
        for _, _, each in _chosen(document)
        if "properties" in reference.reply(each)
    ]
    replies = messages.replies(document, answered)
    found = {f"replies/{name}.py": text for name, text in replies.items()}
    found |= {"messages.py": messages.requests(document), "replies/__init__.py": f'"""{messages.WRITTEN}"""\n'}
    chosen = sorted(_chosen(document), key=lambda each: (naming.namespace(each[2]), naming.method(each[2])))
    for name, several in groupby(chosen, key=lambda each: naming.namespace(each[2])):
        found[f"{name}.py"] = _namespace(name, [_method(document, *each) for each in several])
    found["__init__.py"] = f'"""{messages.WRITTEN}"""\n'
    return {name: _formatted(text) for name, text in sorted(found.items())}


def _chosen(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """The operations, each view once: one that answers both GET and POST is sent by POST, which bounds no length."""
    by_view = {
        naming.view_of(each[2]): each for each in sorted(reference.operations(document), key=lambda each: each[0])
    }
    yield from by_view.values()


def _namespace(name: str, methods: Iterable[str]) -> str:
    title = naming.TITLES[name]
    body = "\n\n".join(methods)
    needed = [
        "from __future__ import annotations",
        "",
        f"from cumulog._http.calls import Namespace{', in_path' if 'in_path(' in body else ''}",
    ]
    opening = f'class {_camel(name)}(Namespace):\n    """{title}"""'
    return "\n\n".join([messages.opening(title), "\n".join(needed), *_types(name, body), opening, body])


def _types(namespace: str, body: str) -> list[str]:
    """The imports of what only annotations name."""
    lines = [
        *(["    from collections.abc import Sequence"] if "Sequence[" in body else []),
        *(["    from typing import Literal"] if "Literal[" in body else []),
        "",
        *(["    from cumulog._client.generated import messages"] if "messages." in body else []),
        *([f"    from cumulog._client.generated.replies import {namespace} as replies"] if "replies." in body else []),
        *(["    from cumulog._http.wire import Json"] if "Json" in body else []),
    ]
    return ["\n".join(["TYPE_CHECKING = False", "if TYPE_CHECKING:", *lines])] if any(lines) else []


def _method(document: Schema, verb: str, path: str, operation: Schema) -> str:
    function, answer = _KINDS[_kind(operation)]
    fields = list(_fields(document, operation))
    asked = "".join(f", {name}={_dictionary(fields, name)}" for name in ("query", "body") if _of(fields, name))
    content = ", content=content" if _kind(operation) == "upload" else ""
    call = f"self.{function}({verb!r}, {_path(path)}{asked}{content})"
    if "properties" in reference.reply(operation):
        answer = f"replies.{_reply_name(operation)}"
    done = (
        f"        reply: {answer} = {call}\n        return reply\n"
        if function == "_json"
        else f"        return {call}\n"
    )
    return (
        f"    def {naming.method(operation)}({_signature(fields, content)}) -> {answer}:\n"
        f'        """{_docstring(verb, path, operation)}"""\n{done}'
    )


def _reply_name(operation: Schema) -> str:
    return _camel(naming.view_of(operation)) + "Reply"


def _fields(document: Schema, operation: Schema) -> Iterator[tuple[str, str, str, bool]]:
    """Name on the wire, place, type and whether it is required, of each field."""
    for each in operation.get("parameters", ()):
        yield each["name"], each["in"], type_of(each["schema"]), each["required"]
    for body in reference.bodies(document, operation):
        for name, schema in body["properties"].items():
            yield name, "body", type_of(schema), name in body.get("required", ())


def _of(fields: Iterable[tuple[str, str, str, bool]], place: str) -> list[str]:
    return [name for name, where, _, _ in fields if where == place]


def _dictionary(fields: Iterable[tuple[str, str, str, bool]], place: str) -> str:
    return "{" + ", ".join(f"{name!r}: {_spoken(name)}" for name in _of(fields, place)) + "}"


def _signature(fields: list[tuple[str, str, str, bool]], content: str) -> str:
    needed = [f"{_spoken(name)}: {kind}" for name, _, kind, is_required in fields if is_required]
    optional = [f"{_spoken(name)}: {kind} | None = None" for name, _, kind, is_required in fields if not is_required]
    sent = ["content: bytes"] if content else []
    return ", ".join(["self", *needed, *sent, *(["*", *optional] if optional else [])])


def _path(path: str) -> str:
    """An expression for the path: what stands for a parameter is escaped; the last, greedy one may hold slashes."""
    if "{" not in path:
        return repr(path)

    def expression(found: re.Match[str]) -> str:
        name = found[1]
        return "{in_path(" + _spoken(name) + (", greedy=True" if name in _SPOKEN else "") + ")}"

    return f'f"{_PARAMETER.sub(expression, path)}"'


def _kind(operation: Schema) -> str:
    if "302" in operation["responses"]:
        return "redirect"
    if "text/plain" in operation["responses"]["200"]["content"]:
        return "text"
    return "upload" if reference.BINARY in operation.get("requestBody", {}).get("content", {}) else "json"


def _docstring(verb: str, path: str, operation: Schema) -> str:
    called = f"`{verb} {path}`. Who may call it: {reference.callers(operation['x-requires'])}."
    indent = " " * 8
    lines = [
        fill(each, messages.WIDTH - 8, break_long_words=False, break_on_hyphens=False)
        for each in (operation["summary"], called)
    ]
    return "\n\n".join(lines).replace("\n", f"\n{indent}").replace(f"{indent}\n", "\n") + f"\n{indent}"


def _spoken(name: str) -> str:
    """The name of a parameter in Python."""
    spoken = _SPOKEN.get(name, name)
    return f"{spoken}_" if keyword.iskeyword(spoken) else spoken


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _formatted(text: str) -> str:
    words = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(FOLDER / "module.py"), "-"]
    return subprocess.run(words, input=text, capture_output=True, text=True, check=True).stdout
