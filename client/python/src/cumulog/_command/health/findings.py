"""What a check has found."""

from collections.abc import Iterable
from typing import NamedTuple

OK = "ok"
WARNING = "warning"
FAULT = "fault"
SKIPPED = "skipped"


class Finding(NamedTuple):
    """`remedy` says what to do; every fault has one."""

    check: str
    state: str
    told: str
    remedy: str = ""


def ok(check: str, told: str) -> Finding:
    return Finding(check, OK, told)


def warning(check: str, told: str, remedy: str = "") -> Finding:
    return Finding(check, WARNING, told, remedy)


def fault(check: str, told: str, remedy: str) -> Finding:
    return Finding(check, FAULT, told, remedy)


def skipped(check: str, told: str) -> Finding:
    return Finding(check, SKIPPED, told)


def has_fault(found: Iterable[Finding]) -> bool:
    return any(each.state == FAULT for each in found)
