"""What all tests of a folder share, and what ends when a process has run the last of them.

Servers would else go on until the end of all tests: their sweepers, and the schedules of a deployed stage, work on.
"""

from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar

Thing = TypeVar("Thing")

# Folders of which a process runs all tests or none, one after the other.
FOLDERS = ("tests/browser/", "tests/e2e/", "tests/parity/")

_entered: dict[str, ExitStack] = {}


def folder_of(nodeid: str) -> str | None:
    return next((folder for folder in FOLDERS if nodeid.startswith(folder)), None)


def entered(folder: str, context: AbstractContextManager[Thing]) -> Thing:
    """What the context gives, until the tests of this folder are over."""
    return _entered.setdefault(folder, ExitStack()).enter_context(context)


def leave(folder: str) -> None:
    _entered.pop(folder, ExitStack()).close()
