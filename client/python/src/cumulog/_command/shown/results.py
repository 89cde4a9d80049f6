"""What a command returns: rows, one thing, or a sentence. Each knows how it looks in a terminal, a pipe and as JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cumulog._command.shown.looks import Column, Looks
from cumulog._command.shown.text import printable


@dataclass
class Result:
    """`fields` is the JSON; `notes` go to stderr; `code` is the exit code."""

    fields: Any
    notes: Sequence[str] = field(default=(), kw_only=True)
    code: int = field(default=0, kw_only=True)

    def lines(self, looks: Looks) -> Iterator[str]:
        """The result as it is printed."""
        if looks.as_json:
            yield json.dumps(self.fields, indent=2)
        elif looks.is_quiet:
            yield from self.piped()
        else:
            yield from self.shown(looks)

    def piped(self) -> Iterator[str]:
        """What --quiet leaves."""
        yield from ()

    def shown(self, looks: Looks) -> Iterator[str]:
        """For people, or for a pipe."""
        raise NotImplementedError


@dataclass
class Done(Result):
    """A text that is ready. `quiet` is what --quiet leaves of it."""

    text: str
    quiet: str = ""

    def piped(self) -> Iterator[str]:
        if self.quiet:
            yield self.quiet

    def shown(self, looks: Looks) -> Iterator[str]:  # noqa: ARG002 - a text is ready for each
        yield from map(printable, self.text.split("\n") if self.text else ())


@dataclass
class Rows(Result):
    """A list, whose fields are rows, or have them. A terminal shows the columns that fit; a pipe gets all, by tabs.

    Of an empty list a pipe gets the headings, and a terminal a sentence.
    """

    columns: Sequence[Column]
    rows: Sequence[Any] | None = field(default=None, kw_only=True)

    def shown(self, looks: Looks) -> Iterator[str]:
        if looks.is_terminal:
            # Only terminals need it.
            from cumulog._command.shown.tables import table  # noqa: PLC0415

            rows = self._rows()
            yield from table(self.columns, rows, looks) if rows else ("There are none.",)
            return
        yield "\t".join(printable(column.heading) for column in self.columns)
        for row in self._rows():
            yield "\t".join(printable((each.full or each.text)(row)) for each in self.columns)

    def _rows(self) -> Sequence[Any]:
        found: Sequence[Any] = self.fields if self.rows is None else self.rows
        return found


class Line(NamedTuple):
    """A line of a card. `full`: what a pipe gets where a terminal gets less."""

    label: str
    value: object
    full: object = None


@dataclass
class Card(Result):
    """One thing, as lines of label and value; a line without a value is a heading, and what is empty is left out."""

    entries: Sequence[Line]

    def shown(self, looks: Looks) -> Iterator[str]:
        kept = [
            (printable(each.label), each.value if each.full is None or looks.is_terminal else each.full)
            for each in self.entries
            if each.value != ""
        ]
        yield from _for_people(kept, looks) if looks.is_terminal else _for_pipes(kept)


def _for_people(entries: Sequence[tuple[str, object]], looks: Looks) -> Iterator[str]:
    wide = max((len(label) for label, value in entries if value is not None), default=0)
    for label, value in entries:
        yield _bold(label, looks) if value is None else f"{label:<{wide}}  {printable(value)}"


def _for_pipes(entries: Sequence[tuple[str, object]]) -> Iterator[str]:
    """Label and value; what stands below a heading, or another line, has that before its label: `params.depth`."""
    above = ""
    for label, value in entries:
        is_below = label.startswith(" ")
        above = above if is_below else label
        if value is not None:
            yield f"{f'{above}.{label.strip()}' if is_below else label}\t{printable(value)}"


def _bold(text: str, looks: Looks) -> str:
    return f"\x1b[1m{text}\x1b[0m" if looks.has_color else text
