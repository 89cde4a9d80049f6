"""An experiment by its name, whoever asks for it: the journal's delivery, or a question."""

from collections.abc import Callable
from typing import TypeVar

from cumulog._http.errors import ApiError

Found = TypeVar("Found")


def known(ask: Callable[[str], Found], name: str) -> Found | None:
    """The experiment of this name, a deleted one too; None if there is none. Raises ApiError."""
    try:
        return ask(name)
    except ApiError as error:
        if error.status != 404 or error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return None


def found_or_created(ask: Callable[[str], Found], create: Callable[[str], Found], name: str) -> Found:
    """The experiment of this name, a deleted one too; one that is missing is created. Raises ApiError."""
    found = known(ask, name)
    if found is not None:
        return found
    try:
        return create(name)
    except ApiError as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    # Another process was faster.
    return ask(name)
