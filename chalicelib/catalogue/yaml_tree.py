"""Untrusted YAML as a tree of dict, list, str, bool and None. The limits below bound its time and memory.

The tree is built from the parser's events, so the text can never make us construct an object. Every scalar stays text,
except null, true and false: `1:30:00`, a date, `no`, and an integer of 5,000 digits stay as written, and the version
3.10 does not become 3.1. A tag changes nothing: `!!set`, `!!binary` and even `!!python/…` are read as the plain data
that follows them. Equal keys, `<<` and aliases count as they do to PyYAML's `safe_load`, which MLflow reads with.

Only wanted fields are kept, and what an alias may refer to. A branch that is too large becomes None, and is named: the
rest of the file still counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

MAX_EVENTS = 500_000
MAX_NODES = 10_000
MAX_DEPTH = 32
# PyYAML itself ends with an error before it has built that many levels.
MAX_OPEN = 1_000

_MOST_NAMED = 5
_MOST_MERGED = 16
_NAME = 100
# Those that PyYAML's safe loader knows.
_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in (
        *("null", "bool", "int", "float", "timestamp", "str", "binary"),
        *("seq", "map", "set", "omap", "pairs", "merge", "value"),
    )
)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# In place of a key: one that is no text, whose value is dropped, and `<<`.
_DROPPED, _MERGE = object(), object()


class Refused(Exception):
    """The text cannot be read. The message gives the reason and can be shown to users."""


class Tree(NamedTuple):
    """`value` has the wanted fields. `cut` names branches that were too large, `tags` those that PyYAML refuses."""

    value: Any
    cut: list[str]
    tags: list[str]


@dataclass(slots=True)
class _Open:
    """A collection that has begun: its nodes so far (including itself), and the height of its content.

    `value` is None if the collection is not kept.
    """

    value: Any
    anchor: str | None
    is_key: bool
    nodes: int = 1
    height: int = 1
    key: Any = None
    is_cut: bool = False
    merged: list[Any] | None = None

    @property
    def awaits_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None

    def whole(self) -> Any:
        """The value with what `<<` merges into it: its own keys win, then the first of several maps."""
        if not self.merged or self.value is None:
            return self.value
        parts = [part for each in self.merged for part in (reversed(each) if isinstance(each, list) else [each])]
        merged = {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}
        return {**self.value, **{key: value for key, value in merged.items() if key not in self.value}}


class _Done(NamedTuple):
    """A finished node. An alias to it counts the same amount again. `is_cut` if something in it is left out."""

    value: Any
    nodes: int = 1
    height: int = 0
    is_cut: bool = False


class _Builder:
    def __init__(self, fields: Collection[str], maps: Collection[str]) -> None:
        self.root: _Done | None = None
        self.cut: list[str] = []
        self.tags: list[str] = []
        self._fields = fields
        self._maps = maps
        self._open: list[_Open] = []
        # None: begun, but not finished yet.
        self._anchors: dict[str, _Done | None] = {}

    def scalar(self, text: str, is_plain: bool, anchor: str | None) -> None:
        done = _Done(_WORDS[text] if is_plain and text in _WORDS else text)
        if anchor:
            self._anchors[anchor] = done
        if self._open and self._open[-1].awaits_key:
            # A key is the text as written: `no:` is "no".
            self._open[-1].key = _MERGE if is_plain and text == "<<" else text
        else:
            self._add(done)

    def begin(self, value: Any, anchor: str | None) -> None:
        is_key = bool(self._open) and self._open[-1].awaits_key
        is_kept = bool(anchor) or (not is_key and self._is_wanted())
        self._open.append(_Open(value if is_kept else None, anchor, is_key))
        if len(self._open) > MAX_OPEN:
            raise Refused(f"MLmodel is nested more than {MAX_OPEN} levels deep.")
        if anchor:
            self._anchors[anchor] = None

    def end(self) -> None:
        ended = self._open.pop()
        done = _Done(None, is_cut=ended.is_cut)
        if ended.value is not None:
            done = _Done(ended.whole(), ended.nodes, ended.height, ended.is_cut)
        if ended.anchor:
            self._anchors[ended.anchor] = done
        if ended.is_key:
            self._open[-1].key = _DROPPED
        else:
            self._add(done)

    def alias(self, anchor: str) -> None:
        if anchor not in self._anchors:
            raise Refused(f"MLmodel is not valid YAML: the alias {anchor[:_NAME]!r} refers to nothing.")
        # What contains itself is cut where it would begin again.
        done = self._anchors[anchor] or _Done(None, is_cut=True)
        if done.is_cut:
            self._name_cut()
        if self._open and self._open[-1].awaits_key:
            self._open[-1].key = done.value if isinstance(done.value, str) else _DROPPED
        else:
            self._add(done)

    def see_tag(self, tag: str) -> None:
        name = tag[:_NAME]
        if tag != "!" and tag not in _TAGS and name not in self.tags and len(self.tags) < _MOST_NAMED:
            self.tags.append(name)

    def _is_wanted(self) -> bool:
        """Whether the value that comes next is to be kept."""
        if not self._open:
            return True
        parent = self._open[-1]
        if len(self._open) == 1 and isinstance(parent.value, dict):
            return parent.key is _MERGE or parent.key in self._fields
        return parent.value is not None and parent.key is not _DROPPED

    def _add(self, done: _Done) -> None:
        if not self._open:
            self.root = done
            return
        parent = self._open[-1]
        if isinstance(parent.value, dict):
            is_wanted = self._is_wanted()
            key, parent.key = parent.key, None
            if is_wanted:
                self._put(parent, key, done)
        elif parent.value is not None:
            parent.value.append(done.value)
            self._count(parent, done)

    def _put(self, parent: _Open, key: Any, done: _Done) -> None:
        if key is not _MERGE:
            parent.value[key] = done.value
        elif len(parent.merged or ()) < _MOST_MERGED:
            parent.merged = [*(parent.merged or ()), done.value]
        else:
            self._name_cut()
        self._count(parent, done)

    def _count(self, parent: _Open, done: _Done) -> None:
        parent.height = max(parent.height, done.height + 1)
        parent.nodes += done.nodes
        parent.is_cut |= done.is_cut
        if self._has_limits(parent) and (parent.nodes > MAX_NODES or parent.height > MAX_DEPTH):
            parent.value = None
            parent.nodes = parent.height = 1
            parent.is_cut = True
            self._name_cut()

    def _has_limits(self, parent: _Open) -> bool:
        """Whether a branch counts as one: each field does, and each entry of a field that is a map of branches."""
        if parent is self._open[0]:
            return False
        return parent is not self._open[1] or self._open[0].key not in self._maps

    def _name_cut(self) -> None:
        keys = [each.key for each in self._open if isinstance(each.key, str)]
        name = ".".join(keys)[:_NAME]
        if keys and keys[0] in self._fields and name not in self.cut and len(self.cut) < _MOST_NAMED:
            self.cut.append(name)


def parse(raw: bytes, fields: Collection[str], maps: Collection[str]) -> Tree:
    """Parse the only document in `raw` and keep these fields of it; `maps` are those whose entries are cut singly.

    Raises Refused if PyYAML cannot parse it, or if it is too long.
    """
    # Imported here because few processes ever read YAML, and each would pay for the import at its cold start.
    import yaml  # noqa: PLC0415

    builder = _Builder(fields, maps)
    documents = 0
    try:
        for number, event in enumerate(yaml.parse(raw, Loader=yaml.CSafeLoader)):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise Refused("MLmodel has more than one document.")
            if number > MAX_EVENTS:
                raise Refused(f"MLmodel has more than {MAX_EVENTS} nodes.")
            _take(builder, event)
    except (yaml.YAMLError, UnicodeError) as error:
        raise Refused(f"MLmodel is not valid YAML: {str(error)[:300]}") from error
    if builder.root is None:
        raise Refused("MLmodel is empty.")
    return Tree(builder.root.value, builder.cut, builder.tags)


def _take(builder: _Builder, event: Any) -> None:
    tag = getattr(event, "tag", None)
    if tag:
        builder.see_tag(tag)
    kind = type(event).__name__
    if kind == "ScalarEvent":
        builder.scalar(event.value, not event.style and tag is None, event.anchor)
    elif kind == "MappingStartEvent":
        builder.begin({}, event.anchor)
    elif kind == "SequenceStartEvent":
        builder.begin([], event.anchor)
    elif kind in ("MappingEndEvent", "SequenceEndEvent"):
        builder.end()
    elif kind == "AliasEvent":
        builder.alias(event.anchor)
