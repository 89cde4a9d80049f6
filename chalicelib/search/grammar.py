"""The syntax of filters and order_by entries; `resolve` decides which names and operators have a meaning.

The language is what MLflow 3.17 makes of sqlparse's tokens (mlflow.utils.search_utils), without what that library lets
through only by accident. Nothing here is recursive, so no text is nested too deeply.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.search.source import Place, Source

# Each clause is tested on each record. (SQLite under MLflow gives up at 64 joined clauses, at 1,000 of any kind.)
MAX_CLAUSES = 1000

# Six words end a name even after a dot (sqlparse takes them for keywords there); a key of that name needs backticks.
# A name may begin with one digit if nothing in it can be read as a number: `3d`, but not `12a`, `1e5`, `0xf`.
_WORD = r"(?!(?:case|in|values|using|from|as)\b)(?:[^\W\d]\w*|\d(?=[a-z_À-Üà-ü])(?!e-?\d|x[\da-f])\w+)"
_BACKTICKED = r"`(?:``|[^`])*`"
_SINGLE_QUOTED = r"'(?:''|\\'|[^'])*'"
_DOUBLE_QUOTED = r'"(?:""|\\"|[^"])*"'


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_BLANKS = _rule(r"\s+")
_AND = _rule(r"AND\b")
_PREFIX = _rule(rf"(?:{_WORD}|{_BACKTICKED})\.")
_KEY = _rule(rf"\.*{_WORD}(?:\.+{_WORD})*\.*|{_BACKTICKED}|{_SINGLE_QUOTED}|{_DOUBLE_QUOTED}")
_BARE_KEY = _rule(rf"{_WORD}|{_BACKTICKED}|{_DOUBLE_QUOTED}")
# MLflow wants exactly one space between NOT and NULL, and takes any blanks between other words.
_OPERATOR = _rule(r"[<>=~!]+|I?LIKE\b|IN\b|NOT\s+IN\b|IS\s+NULL\b|IS\s+NOT NULL\b")
_TEXT = _rule(rf"{_SINGLE_QUOTED}|{_DOUBLE_QUOTED}")
_NUMBER = _rule(r"-?(?:\d+(?:\.\d+)?E-?\d+|\d+\.\d*|\.\d+|\d+)(?![\w.])")
_OPENING = _rule(r"\(\s*")
_LISTED_TEXT = _rule(r"'(?:[^'\\\r\n]|\\[^\r\n])*'|" r'"(?:[^"\\\r\n]|\\[^\r\n])*"')
_COMMA = _rule(r"\s*,\s*")
_CLOSING = _rule(r"\s*\)")
_DIRECTION = _rule(r"[ \t\r\n]+(?:ASC|DESC)\b")

_NULL_OPERATORS = ("IS NULL", "IS NOT NULL")
_LIST_OPERATORS = ("IN", "NOT IN")

# MLflow's reader of order_by fails with a 500 on some of these; no key can hold them.
_NOT_IN_ORDER = _rule(r'[\\"`]')

_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}


class Identifier(NamedTuple):
    """`prefix.key`, both without their quotes; a bare key has no prefix."""

    prefix: str | None
    prefix_quoted: bool
    key: str
    place: Place


@dataclass(frozen=True)
class Number:
    """An unquoted number as written: whether it may have a fraction depends on what it is compared with."""

    text: str


Literal = str | Number | tuple[str, ...]


class Operator(NamedTuple):
    """`name` in capitals with single spaces, `spelled` as it was written."""

    name: str
    spelled: str
    place: Place


class Clause(NamedTuple):
    """identifier, operator, literal; the literal is None for IS NULL and IS NOT NULL, a tuple for a list."""

    identifier: Identifier
    operator: Operator
    literal: Literal | None
    literal_place: Place


class OrderEntry(NamedTuple):
    identifier: Identifier
    ascending: bool


def parse_filter(text: str) -> list[Clause]:
    """filter = ( AND | clause )*

    Leading, trailing and doubled ANDs count as one. Raises InvalidParameterValue.
    """
    source = Source("filter", text)
    clauses: list[Clause] = []
    joined = True
    source.take(_BLANKS)
    if text and source.at_end:
        raise source.place.fault("it holds nothing but blanks; leave it empty to match all.")
    while not source.at_end:
        if source.take(_AND):
            joined = True
        else:
            clauses.append(_clause(source, joined))
            joined = False
        if len(clauses) > MAX_CLAUSES:
            raise source.place.fault(f"it has more than {MAX_CLAUSES} clauses.")
        source.take(_BLANKS)
    return clauses


def parse_order_entry(text: str) -> OrderEntry:
    """order_entry = identifier ( ASC | DESC )?

    No blanks around it, as in MLflow. Raises InvalidParameterValue.
    """
    source = Source("order_by", text)
    identifier = _identifier(source)
    direction = source.take(_DIRECTION)
    if not source.at_end:
        raise source.place.fault("expected ASC, DESC or the end.")
    if _NOT_IN_ORDER.search(identifier.key):
        raise identifier.place.fault("no key has a quote or a backslash in it.")
    if direction is not None:
        identifier = _split_quoted(identifier)
    return OrderEntry(identifier, direction is None or direction.strip().upper() == "ASC")


def _split_quoted(identifier: Identifier) -> Identifier:
    """Before ASC or DESC, and only there, MLflow also accepts all of `metrics.loss` in one pair of quotes."""
    if identifier.prefix is not None or "." not in identifier.key:
        return identifier
    prefix, key = identifier.key.split(".", 1)
    return Identifier(prefix, False, key, identifier.place)


def _clause(source: Source, joined: bool) -> Clause:
    """clause = identifier operator literal | identifier IS NOT? NULL | identifier NOT? IN list

    MLflow reads a missing AND as an AND, but not before IN or IS.
    """
    identifier = _identifier(source)
    source.take(_BLANKS)
    operator = _operator(source)
    if not joined and operator.name in (*_LIST_OPERATORS, *_NULL_OPERATORS):
        raise identifier.place.fault("expected AND before this clause.")
    source.take(_BLANKS)
    place = source.place
    if operator.name in _NULL_OPERATORS:
        return Clause(identifier, operator, None, place)
    if operator.name in _LIST_OPERATORS:
        return Clause(identifier, operator, _list(source), place)
    return Clause(identifier, operator, _literal(source), place)


def _identifier(source: Source) -> Identifier:
    """identifier = ( prefix "." )? key

    An unquoted key may have dots of its own, anywhere: the prefix ends at the first one.
    """
    place = source.place
    prefix = source.take(_PREFIX)
    if prefix is None:
        return Identifier(None, False, _unquoted(source.expect(_BARE_KEY, "AND or a name such as metrics.loss")), place)
    key = source.expect(_KEY, "a key (in backticks if it is more than letters, digits, '_' and '.')")
    bare_prefix = _without_backticks(prefix[:-1])
    return Identifier(bare_prefix, bare_prefix != prefix[:-1], _unquoted(key), place)


def _unquoted(key: str) -> str:
    """MLflow removes one pair of quotes, then one pair of backticks."""
    return _without_backticks(key[1:-1] if key[0] in "'\"" else key)


def _without_backticks(text: str) -> str:
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == "`" else text


def _operator(source: Source) -> Operator:
    place = source.place
    spelled = source.expect(_OPERATOR, "an operator such as = or LIKE (odd characters in a key need backticks)")
    return Operator(" ".join(spelled.upper().split()), spelled, place)


def _literal(source: Source) -> Literal:
    """literal = number | text

    There is no escape in a text: a doubled quote or a backslash is part of the value, as in MLflow.
    """
    number = source.take(_NUMBER)
    if number is not None:
        return Number(number)
    return source.expect(_TEXT, "a number or a text in quotes")[1:-1]


def _list(source: Source) -> tuple[str, ...]:
    """list = "(" text ( "," text )* ","? ")" """
    source.expect(_OPENING, "a list such as ('a', 'b')")
    values = [_listed_text(source)]
    while source.take(_COMMA):
        if source.take(_CLOSING):
            return tuple(values)
        values.append(_listed_text(source))
    source.expect(_CLOSING, "a comma or ')'")
    return tuple(values)


def _listed_text(source: Source) -> str:
    """In a list, backslashes do escape, since MLflow reads lists as Python does; numeric escapes are refused."""
    place = source.place
    quoted = source.expect(_LISTED_TEXT, "a text in quotes")

    def character(escape: re.Match[str]) -> str:
        if escape[1] in "01234567xuUN":
            raise place.fault("write the character itself instead of its number.")
        return _ESCAPED.get(escape[1], escape[0])

    return _ESCAPE.sub(character, quoted[1:-1])
