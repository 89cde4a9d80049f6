"""The types of the fields in requests about users, tokens and grants, each with its rule."""

import re
import unicodedata
from typing import Annotated, Literal

from annotated_types import Ge, Le, MaxLen
from pydantic import AfterValidator

from chalicelib.access import levels, scopes
from chalicelib.edge.wire import Int64, Repeated, RequiredText, Text, invalid_value
from chalicelib.errors import InvalidParameterValue
from chalicelib.registry import names as registered
from chalicelib.tracking import ids

MOST_SECONDS = 365 * 24 * 3600

# No colons: a name with one belongs to the system itself, such as the state machine.
_USER_NAME = re.compile(r"[\w.@+-]{1,100}")
# A letter of another alphabet may look like one of these. Users who have such a name keep it.
_NEW_USER_NAME = re.compile(r"[A-Za-z0-9._@+-]{1,100}")
# The name that audit chains use for a caller without one.
_NOBODY = "anonymous"
_SHOWN = 200


def user_name(text: str) -> str:
    """The name of a user. Raises InvalidParameterValue."""
    if not _USER_NAME.fullmatch(text):
        why = "it may have 1 to 100 letters, digits and the characters . _ @ + -"
        raise InvalidParameterValue(invalid_value("username", text[:_SHOWN], why))
    if not unicodedata.is_normalized("NFC", text):
        why = "it is not in Unicode's normal form C, so another name looks the same"
        raise InvalidParameterValue(invalid_value("username", text, why))
    return text


def new_user_name(text: str) -> str:
    """The name of a new user. Raises InvalidParameterValue."""
    if text.casefold() == _NOBODY:
        why = "audit chains use it for callers without a name"
        raise InvalidParameterValue(invalid_value("username", text, why))
    if not _NEW_USER_NAME.fullmatch(text):
        why = "it may have 1 to 100 of the letters A to Z and a to z, digits, and the characters . _ @ + -"
        raise InvalidParameterValue(invalid_value("username", text[:_SHOWN], why))
    return text


def label(text: str) -> str:
    """The label of a token. Raises InvalidParameterValue."""
    if not text.isprintable():
        raise InvalidParameterValue(invalid_value("label", text, "it holds a control character"))
    return text


def thing_name(kind: str, text: str) -> str:
    """The id of an experiment or the name of a registered model, or `*` for all. Raises InvalidParameterValue."""
    if text == scopes.ANY:
        return text
    return ids.experiment_id(text) if kind == levels.EXPERIMENT else registered.model_name(text)


def some_scopes(several: list[str]) -> list[str]:
    """Scopes of a token: at least one. Raises InvalidParameterValue."""
    if not several:
        raise InvalidParameterValue("Name at least one scope, or leave 'scopes' out.")
    return scopes.checked(several)


UserName = Annotated[RequiredText, AfterValidator(user_name)]
NewUserName = Annotated[RequiredText, AfterValidator(new_user_name)]
UserKind = Literal["person", "service"]
Label = Annotated[Text, MaxLen(100), AfterValidator(label)]
Scopes = Annotated[Repeated[Text], AfterValidator(some_scopes)]
Seconds = Annotated[Int64, Ge(1), Le(MOST_SECONDS)]
TokenId = Annotated[RequiredText, MaxLen(100)]
ResourceType = Literal["experiment", "registered_model"]
Permission = Literal["READ", "USE", "EDIT", "MANAGE", "DENY"]
