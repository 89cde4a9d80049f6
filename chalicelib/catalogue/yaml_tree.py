"""Untrusted YAML as a tree of dict, list, str, bool and None. The limits below bound its time and memory.

The tree is built from the parser's events, so the text can never make us construct an object. Every scalar stays text,
except null, true and false: `1:30:00`, a date, `no`, and an integer of 5,000 digits stay as written, and the version
3.10 does not become 3.1. MLflow's own writer creates aliases for shared objects, so aliases are limited, not forbidden.
"""

from dataclasses import dataclass
from typing import Any

MAX_NODES = 50_000
MAX_DEPTH = 32
MAX_TEXT_BYTES = 1 << 20

_TAGS = frozenset({None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Refused(Exception):
    """The text is not acceptable. The message gives the reason and can be shown to users."""


@dataclass
class _Open:
    """A collection that has begun: its nodes so far (including itself), bytes of text, and height of its content."""

    value: Any
    anchor: str | None
    nodes: int = 1
    size: int = 0
    height: int = 1
    key: str | None = None


@dataclass(frozen=True)
class _Done:
    """A finished node. An alias to it counts the same amount again."""

    value: Any
    nodes: int
    size: int
    height: int


class _Builder:
    def __init__(self) -> None:
        self.root: _Done | None = None
        self._open: list[_Open] = []
        # None: begun, but not finished yet.
        self._anchors: dict[str, _Done | None] = {}

    def scalar(self, text: str, is_plain: bool, anchor: str | None) -> None:
        done = _Done(_WORDS[text] if is_plain and text in _WORDS else text, 1, len(text.encode()), 0)
        if anchor:
            self._anchors[anchor] = done
        parent = self._open[-1] if self._open else None
        if parent and isinstance(parent.value, dict) and parent.key is None:
            # A key is the text as written: `no:` is "no".
            self._begin_member(parent, text)
            self._count(parent, done)
        else:
            self._add(done)

    def begin(self, value: Any, anchor: str | None) -> None:
        self._refuse_as_key()
        if anchor:
            self._anchors[anchor] = None
        self._open.append(_Open(value, anchor))
        if len(self._open) > MAX_DEPTH:
            raise Refused(f"MLmodel is nested more than {MAX_DEPTH} levels deep.")

    def end(self) -> None:
        ended = self._open.pop()
        done = _Done(ended.value, ended.nodes, ended.size, ended.height)
        if ended.anchor:
            self._anchors[ended.anchor] = done
        self._add(done)

    def alias(self, anchor: str) -> None:
        self._refuse_as_key()
        done = self._anchors.get(anchor)
        if done is None:
            raise Refused("MLmodel has an alias that contains itself.")
        if len(self._open) + done.height > MAX_DEPTH:
            raise Refused(f"MLmodel is nested more than {MAX_DEPTH} levels deep.")
        self._add(done)

    def _add(self, done: _Done) -> None:
        if not self._open:
            self.root = done
            return
        parent = self._open[-1]
        if isinstance(parent.value, dict):
            parent.value[parent.key] = done.value
            parent.key = None
        else:
            parent.value.append(done.value)
        parent.height = max(parent.height, done.height + 1)
        self._count(parent, done)

    def _begin_member(self, parent: _Open, key: str) -> None:
        if key in parent.value:
            raise Refused(f"MLmodel has the key {key[:100]!r} twice.")
        parent.key = key

    def _refuse_as_key(self) -> None:
        parent = self._open[-1] if self._open else None
        if parent and isinstance(parent.value, dict) and parent.key is None:
            raise Refused("MLmodel has a key that is not text.")

    def _count(self, parent: _Open, done: _Done) -> None:
        parent.nodes += done.nodes
        parent.size += done.size
        # At most 32 collections are open, and an open one's content is not yet counted in the one around it.
        if sum(each.nodes for each in self._open) > MAX_NODES:
            raise Refused(f"MLmodel has more than {MAX_NODES} nodes.")
        if sum(each.size for each in self._open) > MAX_TEXT_BYTES:
            raise Refused(f"MLmodel has more than {MAX_TEXT_BYTES} bytes of text, aliases expanded.")


def parse(raw: bytes) -> Any:
    """Parse the only document in `raw` into a tree. Raises Refused."""
    # Imported here because few processes ever read YAML, and each would pay for the import at its cold start.
    import yaml  # noqa: PLC0415

    builder = _Builder()
    documents = 0
    try:
        for event in yaml.parse(raw.decode(), Loader=yaml.CSafeLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise Refused("MLmodel has more than one document.")
            _take(builder, event)
    except UnicodeDecodeError as error:
        raise Refused("MLmodel is not valid UTF-8.") from error
    except yaml.YAMLError as error:
        raise Refused(f"MLmodel is not valid YAML: {str(error)[:300]}") from error
    if builder.root is None:
        raise Refused("MLmodel is empty.")
    return builder.root.value


def _take(builder: _Builder, event: Any) -> None:
    if getattr(event, "tag", None) not in _TAGS:
        raise Refused(f"MLmodel has the tag {event.tag[:100]!r}; only text, maps and lists are allowed.")
    kind = type(event).__name__
    if kind == "ScalarEvent":
        builder.scalar(event.value, not event.style and event.tag is None, event.anchor)
    elif kind == "MappingStartEvent":
        builder.begin({}, event.anchor)
    elif kind == "SequenceStartEvent":
        builder.begin([], event.anchor)
    elif kind in ("MappingEndEvent", "SequenceEndEvent"):
        builder.end()
    elif kind == "AliasEvent":
        builder.alias(event.anchor)
