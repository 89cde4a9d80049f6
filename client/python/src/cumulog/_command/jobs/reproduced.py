"""How a reproduction looks: the verdict, what differs, and what may explain it."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cumulog._command.shown.looks import Column, Looks
from cumulog._command.shown.results import Result
from cumulog._command.shown.text import number, printable
from cumulog._reproduction.repeating.outcome import Outcome

# Of what is equal, a line tells the number.
_MOST_ROWS = 50
_VERDICTS = {
    "equal": "equal, bit for bit",
    "within_tolerance": "equal within the tolerance",
    "different": "different",
    "failed": "failed",
}
_METRICS = (
    Column("METRIC", lambda row: row["name"], least=16),
    Column("RESULT", lambda row: row["verdict"]),
    Column("BEFORE", lambda row: _exact(row.get("old")), is_number=True),
    Column("NOW", lambda row: _exact(row.get("new")), is_number=True),
    Column("DIFFERENCE", lambda row: number(row.get("largest")), is_number=True),
    Column("STEP", lambda row: number(row.get("first_step")), is_number=True),
    Column("POINTS", lambda row: row.get("points", ""), is_number=True, may_go=True),
    Column("WHY", lambda row: row.get("why", ""), may_go=True),
)
_FILES = (
    Column("FILE", lambda row: row["name"], least=24),
    Column("RESULT", lambda row: row["verdict"]),
    Column("WHY", lambda row: row.get("why", "")),
)
_PREDICTIONS = (
    Column("MODEL", lambda row: row["model"], least=16),
    Column("PREDICTIONS", lambda row: row.get("verdict", "not compared")),
    Column("VALUES", lambda row: row.get("values", ""), is_number=True),
    Column("DIFFERENCE", lambda row: number(row.get("largest")), is_number=True),
    Column("WHY", lambda row: row.get("why", "")),
)


@dataclass
class Reproduced(Result):
    """The report on a run that was run again."""

    outcome: Outcome

    def piped(self) -> Iterator[str]:
        yield self.outcome.new

    def shown(self, looks: Looks) -> Iterator[str]:
        outcome, fields = self.outcome, self.fields
        yield f"Run {outcome.old} was run again as {outcome.new}: {_VERDICTS[outcome.verdict]}"
        if outcome.why:
            yield from _wrapped(outcome.why, looks)
        yield f"Code: {printable(outcome.origin)}"
        if outcome.forced:
            yield f"Told to differ: {printable(', '.join(outcome.forced))}"
        yield from _table(_METRICS, fields["metrics"], looks, "metrics")
        yield from _table(_FILES, fields["files"], looks, "files")
        yield from _table(_PREDICTIONS, fields["predictions"], looks, "models")
        yield from self._causes(looks)

    def _causes(self, looks: Looks) -> Iterator[str]:
        """What may explain it. Of what is equal, only what is known to differ is told."""
        is_equal = self.outcome.verdict == "equal"
        shown = [each for each in self.outcome.causes if each.is_change or not is_equal]
        if not shown:
            return
        yield ""
        yield "What differs from the record:" if is_equal else "What may explain it, the likeliest first:"
        for each in shown:
            label = "" if is_equal else f"{each.likelihood if each.is_change else 'unknown':<9} "
            yield from _wrapped(each.sentence, looks, f"  {label}")
        if hidden := len(self.outcome.causes) - len(shown):
            yield f"  {hidden} more are not known to be the same: see --json."


def _table(columns: Sequence[Column], rows: Sequence[dict[str, Any]], looks: Looks, what: str) -> Iterator[str]:
    """The rows that are not equal, and how many are."""
    if not rows:
        return
    # Only terminals need it.
    from cumulog._command.shown.tables import table  # noqa: PLC0415

    order = ("different", "missing", "within", "extra", "", "equal")
    ranked = sorted(rows, key=lambda row: order.index(row.get("verdict", "")))
    kept = [row for row in ranked if what != "files" or row.get("verdict") != "equal"][:_MOST_ROWS]
    yield ""
    if kept and looks.is_terminal:
        yield from table(columns, kept, looks)
    elif kept:
        yield "\t".join(column.heading for column in columns)
        yield from ("\t".join(printable(column.text(row)) for column in columns) for row in kept)
    equal = sum(row.get("verdict") == "equal" for row in rows)
    yield f"{equal} of {len(rows)} {what} equal"


def _exact(value: Any) -> str:
    """A number with all of its digits: two that differ must not look alike."""
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def _wrapped(text: str, looks: Looks, before: str = "") -> Iterator[str]:
    if not looks.is_terminal:
        yield f"{before}{printable(text)}"
        return
    indent = " " * len(before)
    yield from textwrap.wrap(printable(text), looks.width, initial_indent=before, subsequent_indent=indent)
