"""Where bash stands at each place of a command: between which quotes, in which kind of expansion.

It follows bash's grammar as far as it decides how the expansion of a variable is written to be one word (decision 28).
A mistake would cost a wrong quote and would run nothing, as no value is in the text.
"""

import re
from typing import Literal, NamedTuple

# `plain` is outside of quotes; `double` between double quotes, in the body of a heredoc, and where bash computes;
# `single` and `ansi` between '…' and $'…'; `literal` in a heredoc without expansions.
Place = Literal["plain", "double", "single", "ansi", "literal", "comment"]

_HEREDOC = re.compile(r"<<(?P<dash>-?)[ \t]*(?P<word>'[^'\n]*'|\"[^\"\n]*\"|\\?[^\s'\"\\;&|<>()]+)")
_WORD_ENDS = " \t\n;&|()<>"


class _Open(NamedTuple):
    """Something that was opened, and what closes it. In what `computes`, bash may expand what a variable holds."""

    place: Place
    close: str
    computes: bool = False


class _Heredoc(NamedTuple):
    end: str
    has_tabs: bool
    place: Place


class Scanner:
    """Goes through a command, piece by piece."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._before = ""
        self._waiting: list[_Heredoc] = []
        self._line = ""
        # How deep the word after `>&` stands.
        self._target: int | None = None
        self.is_escaped = False
        self.is_dollar = False

    @property
    def place(self) -> Place:
        return self._open[-1].place if self._open else "plain"

    @property
    def computes(self) -> bool:
        """Whether bash may run what a variable holds: it computes in $((…)), ((…)), [[…]], ${…}, a[…].

        And it expands what follows `>&` twice.
        """
        return self._target is not None or any(each.computes for each in self._open)

    @property
    def is_open(self) -> bool:
        """Whether quotes or brackets wait for their end."""
        return any(each.close != "]" for each in self._open) and self.place != "comment"

    @property
    def is_in_heredoc(self) -> bool:
        """Whether a heredoc has begun, or is about to."""
        return bool(self._waiting)

    def value(self) -> None:
        """A value stands here."""
        self.is_escaped = self.is_dollar = False
        self._before, self._line = "x", self._line + "x"

    def text(self, text: str) -> None:
        """Some text stands here."""
        at = 0
        while at < len(text):
            at += self._step(text, at)

    def _step(self, text: str, at: int) -> int:
        """Take what begins at a place; how long it is."""
        char = text[at]
        self._note_line(char)
        if char in _WORD_ENDS and self._target == len(self._open) and self._before not in "& \t":
            self._target = None
        if self.is_escaped:
            self.is_escaped = self.is_dollar = False
            self._before = "x"
            return 1
        if char == "\\" and self.place not in ("single", "literal", "comment"):
            self.is_escaped, self.is_dollar = True, False
            return 1
        length = self._closed(text, at) or self._opened(text, at) or 1
        self.is_dollar = char == "$" and length == 1 and self.place not in ("single", "ansi", "literal", "comment")
        self._before = text[at + length - 1]
        return length

    def _opened(self, text: str, at: int) -> int:
        place = self.place
        if place in ("single", "ansi", "literal", "comment"):
            return 0
        for mark, opened in _MARKS.items():
            if text.startswith(mark, at) and self._is_mark(mark):
                self._open.append(opened._replace(place=place) if mark == "${" else opened)
                return len(mark)
        return self._opened_in_double(text[at]) if place == "double" else self._opened_plain(text, at)

    def _is_mark(self, mark: str) -> bool:
        if mark == "[[":
            return self.place == "plain" and self._is_word_start()
        return self.place == "plain" or (mark in _IN_DOUBLE and not (mark == '"' and self._is_in_body))

    @property
    def _is_in_body(self) -> bool:
        """Whether this is the body of a heredoc, where quotes are text."""
        return bool(self._open) and not self._open[-1].close

    def _opened_in_double(self, char: str) -> int:
        """What bash computes may have brackets in it."""
        close = _BRACKETS.get(char)
        if not close or not self._open[-1].computes or self._open[-1].close == "}":
            return 0
        self._open.append(_Open("double", close, computes=True))
        return 1

    def _opened_plain(self, text: str, at: int) -> int:
        char = text[at]
        if char == "(":
            self._open.append(_Open("plain", ")"))
            return 1
        if char == "[" and (self._is_in_name() or not text[at + 1 : at + 2].isspace()):
            # The index of an array, or a pattern of file names.
            self._open.append(_Open("plain", "]", computes=True))
            return 1
        if char == "#" and self._is_word_start():
            self._open.append(_Open("comment", "\n"))
            return 1
        if text.startswith("<<<", at):
            return 3
        if text.startswith(">&", at):
            self._target = len(self._open)
            return 2
        if not (found := _HEREDOC.match(text, at)):
            return 0
        word = found["word"]
        body: Place = "literal" if word[0] in "'\"\\" else "double"
        self._waiting.append(_Heredoc(word.strip("'\"\\"), bool(found["dash"]), body))
        return found.end() - at

    def _closed(self, text: str, at: int) -> int:
        if self._open and self._open[-1].close and text.startswith(self._open[-1].close, at):
            length = len(self._open.pop().close)
            if self._target and self._target > len(self._open):
                self._target = None
            if text[at] == "\n":
                self._begin_heredoc()
            return length
        if text[at] == "\n" and self.place == "plain":
            self._begin_heredoc()
            return 1
        return 0

    def _is_in_name(self) -> bool:
        return self._before.isalnum() or self._before == "_"

    def _is_word_start(self) -> bool:
        return not self._before or self._before in _WORD_ENDS

    def _begin_heredoc(self) -> None:
        if self._waiting:
            self._open.append(_Open(self._waiting[0].place, ""))
            self._line = ""

    def _note_line(self, char: str) -> None:
        """Within a heredoc, its last line ends it."""
        if not self._is_in_body:
            return
        if char != "\n":
            self._line += char
            return
        here = self._waiting[0]
        if (self._line.lstrip("\t") if here.has_tabs else self._line) == here.end:
            self._waiting.pop(0)
            self._open.pop()
            self._begin_heredoc()
        self._line = ""


_MARKS = {
    "$((": _Open("double", "))", computes=True),
    "((": _Open("double", "))", computes=True),
    "$[": _Open("double", "]", computes=True),
    "[[": _Open("plain", "]]", computes=True),
    "${": _Open("plain", "}", computes=True),
    "$(": _Open("plain", ")"),
    "$'": _Open("ansi", "'"),
    '$"': _Open("double", '"'),
    "'": _Open("single", "'"),
    '"': _Open("double", '"'),
    "`": _Open("plain", "`"),
    "<(": _Open("plain", ")"),
    ">(": _Open("plain", ")"),
}
_BRACKETS = {"(": ")", "[": "]"}
_IN_DOUBLE = ("$((", "$[", "$(", "${", '"', "`")
