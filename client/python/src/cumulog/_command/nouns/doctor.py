"""`cumulog doctor`: looks for what is wrong between this machine and the server."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator

import click

from cumulog._command.frame import exits
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.health.findings import FAULT, OK, SKIPPED, WARNING, Finding, has_fault
from cumulog._command.health.whole import checks
from cumulog._command.shown.looks import Looks
from cumulog._command.shown.results import Done
from cumulog._command.shown.text import printable

_COLORS = {OK: "32", WARNING: "33", FAULT: "31", SKIPPED: "2"}
# The longest words: of states, and of checks.
_STATE, _CHECK = 9, 11


@click.command(cls=Command)
@click.argument("url", default="")
@click.pass_obj
def command(session: Session, url: str) -> Done:
    """Find out why something does not work.

    One line for each check: ok, warning, fault, or skipped; a fault says what to do. It changes nothing on the server.
    The exit code is 1 when there is a fault. Without a URL, MLFLOW_TRACKING_URI names the server, or `cumulog login`.
    """
    found = []
    for each in checks(url):
        found.append(each)
        # As they come: a server that does not answer takes ten seconds.
        if not session.looks.as_json:
            for line in lines(each, session.looks):
                click.echo(line, color=session.looks.has_color)
    fields = {"ok": not has_fault(found), "checks": [each._asdict() for each in found]}
    return Done(fields, "", notes=[_summary(found)], code=exits.FAILED if has_fault(found) else exits.OK)


def lines(found: Finding, looks: Looks) -> Iterator[str]:
    """A finding as it is printed: in a terminal as wide as that, in a pipe one line with tabs."""
    check, state, told, remedy = map(printable, found)
    if not looks.is_terminal:
        yield "\t".join((state, check, told, remedy))
        return
    shown = f"\x1b[{_COLORS[found.state]}m{state:<{_STATE}}\x1b[0m" if looks.has_color else f"{state:<{_STATE}}"
    for number, line in enumerate(_wrapped(told, looks)):
        yield f"{shown}{check:<{_CHECK}}{line}" if number == 0 else f"{'':<{_STATE + _CHECK}}{line}"
    for number, line in enumerate(_wrapped(remedy, looks, 2) if remedy else ()):
        yield f"{'':<{_STATE + _CHECK}}{'→ ' if number == 0 else '  '}{line}"


def _wrapped(text: str, looks: Looks, less: int = 0) -> list[str]:
    width = max(20, min(looks.width, 120) - _STATE - _CHECK - less)
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def _summary(found: Iterable[Finding]) -> str:
    counts = Counter(each.state for each in found)
    told = [_counted(counts[state], state) for state in (FAULT, WARNING) if counts[state]]
    return f"{' and '.join(told)}." if told else "Nothing is wrong."


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


COMMAND = command
