"""What a logged model is created with, checked where it is said: the server would refuse the whole model later."""

import operator
from collections.abc import Mapping
from typing import Any, NamedTuple

from cumulog._http.errors import CumulogError

_FORBIDDEN = "/:.%\"'"
_LONGEST_KEY = 255
_LONGEST_REGISTERED = 256
_LARGEST_STEP = 2**63 - 1


class Begun(NamedTuple):
    """What a caller said of a logged model."""

    name: Any
    model_type: Any = ""
    step: Any = 0
    params: Any = None
    tags: Any = None


def fields(said: Begun) -> dict[str, Any]:
    """The fields of a request that creates the model. Raises CumulogError."""
    return {
        "name": _name(said.name),
        "model_type": str(said.model_type or ""),
        "step": _step(said.step),
        "params": _pairs("params", said.params),
        "tags": _pairs("tags", said.tags),
    }


def registered(name: Any) -> str:
    """The name of a registered model, or none. Raises CumulogError."""
    if not name:
        return ""
    if not _is_text(name) or len(name) > _LONGEST_REGISTERED or set(name) & {"/", ":"}:
        raise CumulogError(
            f"{_short(name)} is no name of a registered model: it is a text of at most {_LONGEST_REGISTERED} "
            "characters, without / and :"
        )
    return str(name)


def _name(name: Any) -> str:
    if not _is_text(name) or not name or set(name) & set(_FORBIDDEN):
        raise CumulogError(f"{_short(name)} is no name of a model: it is a text without any of {' '.join(_FORBIDDEN)}")
    return str(name)


def _step(step: Any) -> int:
    try:
        number = 0 if step is None else operator.index(step)
    except TypeError:
        raise CumulogError(f"step is a whole number, not {_short(step)}.") from None
    if abs(number) > _LARGEST_STEP:
        raise CumulogError(f"step has to fit 64 bits, and {_short(step)} does not.")
    return number


def _pairs(what: str, said: Any) -> list[dict[str, str]]:
    if said is not None and not isinstance(said, Mapping):
        raise CumulogError(f"{what} is a dictionary, not a {type(said).__name__}.")
    pairs = [{"key": str(key), "value": _whole(str(value))} for key, value in (said or {}).items()]
    for pair in pairs:
        if not 0 < len(pair["key"]) <= _LONGEST_KEY or not _is_text(pair["key"]):
            raise CumulogError(
                f"{_short(pair['key'])} cannot be a name in {what}: it has 1 to {_LONGEST_KEY} characters."
            )
    return pairs


def _whole(text: str) -> str:
    # Half a surrogate pair, as of a file name in another encoding, is no text for a server.
    return text.encode(errors="backslashreplace").decode()


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def _short(value: Any) -> str:
    return repr(value)[:100]
