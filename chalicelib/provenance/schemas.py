"""Requests about chains, not MLflow's. They name a model by `name` or `model_id`; a deleted model has only its id."""

from datetime import datetime, timedelta, timezone
from typing import Annotated

from annotated_types import Ge, Le
from pydantic import BeforeValidator, StringConstraints

from chalicelib.edge.wire import Int32, Int64, Request, RequiredText, Text, invalid_value, missing_value
from chalicelib.errors import InvalidParameterValue
from chalicelib.registry import fields
from chalicelib.registry.schemas import OfVersion

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MS = timedelta(milliseconds=1)
# Of a refused value, in the error message; no time has more digits.
_MOST_CHARACTERS = 40


def moment(text: object) -> int:
    """Milliseconds since 1970, from such a number or from an ISO 8601 time, which is in UTC if it has no zone.

    Raises InvalidParameterValue.
    """
    if not isinstance(text, str):
        raise ValueError("not a text")
    if not text:
        raise InvalidParameterValue(missing_value("at"))
    try:
        return int(text) if text.isdecimal() else _iso(text)
    except (ValueError, OverflowError) as error:
        why = "it is neither a number of milliseconds nor an ISO 8601 time"
        raise InvalidParameterValue(invalid_value("at", text[:_MOST_CHARACTERS], why)) from error


def _iso(text: str) -> int:
    # An unencoded plus sign in a URL arrives as a blank; Python 3.10 does not know the Z.
    found = datetime.fromisoformat(text.replace(" ", "+").replace("Z", "+00:00"))
    return ((found if found.tzinfo else found.replace(tzinfo=timezone.utc)) - _EPOCH) // _MS


MaxResults = Annotated[Int32, Ge(1), Le(1000)]
ModelId = Annotated[Text, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[Text, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Sequence = Annotated[Int64, Ge(1), Le(10**12 - 1)]
Moment = Annotated[int, BeforeValidator(moment, json_schema_input_type=RequiredText)]


class OfChain(Request):
    """A request about one model's chain; exactly one of the two fields must be given."""

    name: fields.Name | None = None
    model_id: ModelId | None = None


class GetAudit(OfChain):
    max_results: MaxResults = 100
    page_token: Text = ""


class Verify(OfChain):
    """`sequence` and `digest` are those of a link that the caller noted earlier."""

    sequence: Sequence | None = None
    digest: Digest | None = None
    page_token: Text = ""


class GetState(OfChain):
    at: Moment


class GetLineage(OfVersion):
    """A request for what led to a version."""
