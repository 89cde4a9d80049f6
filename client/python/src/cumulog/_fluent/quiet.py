"""Logging functions raise nothing into training: what goes wrong in them is said once, on the logger `cumulog`."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from cumulog._fluent.runs import once
from cumulog._http.errors import CumulogError

P = ParamSpec("P")
R = TypeVar("R")


def quiet(function: Callable[P, R]) -> Callable[P, R | None]:
    """Have a function say what it raises. A call with the wrong arguments is a mistake in the script, and raises."""

    @wraps(function)
    def called(*given: P.args, **named: P.kwargs) -> R | None:
        try:
            return function(*given, **named)
        except Exception as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is None:
                raise
            refuse(function.__name__, error)
            return None

    return called


def refuse(name: str, error: Exception) -> None:
    """Say that a function logged nothing, and why: once for each kind of error, or what it says it is about."""
    about = getattr(error, "about", "") or type(error).__name__
    once(f"{name} logged nothing: {told(error)}", f"{name} {about}")


def told(error: Exception) -> str:
    """What an error says."""
    try:
        return str(error) if isinstance(error, CumulogError) else f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - an exception's own __str__ may raise anything
        return type(error).__name__
