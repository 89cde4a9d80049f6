"""`cumulog sync`: sends what journals on this machine still hold."""

import argparse
import json
import sys
from collections.abc import Iterable

from cumulog._delivery.refused import listed
from cumulog._delivery.sync import Report, sync
from cumulog._fluent.environment import address
from cumulog._http.credentials import parted
from cumulog._http.servers import required
from cumulog._journal.places import passed_over


def run(options: argparse.Namespace) -> int:
    """Deliver, or list what was refused; returns the exit code: 1 if something is left."""
    for each in passed_over():
        _tell(each)
    if options.list:
        _print(json.dumps(line) for line in listed())
        return 0
    report = sync(address(required()), _tell, parted(options.former or "")[0])
    _print(_lines(report))
    return 1 if report.left else 0


def _lines(report: Report) -> list[str]:
    lines = "1 line was" if report.delivered == 1 else f"{report.delivered} lines were"
    first = f"{lines} delivered, of which the server refused {report.refused}."
    return [first, *(f"{name}: {why}" for name, why in report.left.items())]


def _tell(text: str) -> None:
    print(f"cumulog: {text}", file=sys.stderr)  # noqa: T201 - a command


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)  # noqa: T201 - a command
