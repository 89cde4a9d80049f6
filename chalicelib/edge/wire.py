"""The types of MLflow's wire format, proto-JSON, as pydantic types; and the base of all request models.

Rules: mlflow/protos/service.proto, and Google's `json_format.ParseDict`, with which MLflow reads requests. Where that
fails, MLflow goes on with what it has parsed so far; we refuse the request instead.

A request passes through here once: `Request.parse` takes the fields of a JSON body, `Request.parse_query` those of a
query string, and the result holds plain int, float and str.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from annotated_types import Ge, Le, MinLen
from pydantic import (
    AliasChoices,
    AliasGenerator,
    AllowInfNan,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    Strict,
    ValidationError,
    ValidationInfo,
)
from pydantic.alias_generators import to_camel
from typing_extensions import Self

from chalicelib.errors import InvalidParameterValue

SEE_DOCS = "See the API docs for more information about request parameters."

T = TypeVar("T")

_SHOWN = 500
_FROM_QUERY = object()


def double(value: float) -> float | str:
    """A float64 as proto-JSON writes it: JSON has no token for the three non-finite values."""
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def shown(value: Any) -> str:
    """A value as JSON for an error message, cut when it is long: a reply must not carry megabytes back."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def invalid_value(path: str, value: Any, why: str = "") -> str:
    """MLflow's message for a wrong value (`invalid_value` in mlflow/utils/validation.py)."""
    return f"Invalid value {shown(value)} for parameter '{path}' supplied" + (f": {why}" if why else ".")


def wrong_type(path: str, value: Any) -> str:
    """MLflow's message for a value of the wrong type, and for some numbers out of range too."""
    return invalid_value(path, value, f" Hint: Value was of type '{type(value).__name__}'. {SEE_DOCS}")


def missing_value(path: str) -> str:
    """MLflow's message for a required value that is absent, null or empty."""
    return f"Missing value for required parameter '{path}'. {SEE_DOCS}"


def spelled(*names: str) -> AliasChoices:
    """Take a field under any of these names, in snake_case or camelCase; the first that is present counts."""
    return AliasChoices(*dict.fromkeys(spelling for name in names for spelling in (name, to_camel(name))))


def named(*names: str) -> BeforeValidator:
    """For a Literal of an enum's names: accepts the number of a value, counted from 1, as well as its name."""

    def name_of(value: Any) -> Any:
        if isinstance(value, str) and value in names:
            return value
        return dict(enumerate(names, 1)).get(_integer(value), value)

    taken = (*names, *range(1, len(names) + 1))
    return BeforeValidator(name_of, json_schema_input_type=Literal[taken])


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or (isinstance(value, str) and " " in value):
        raise ValueError("not an integer")
    try:
        return int(value) if isinstance(value, int | str) else _whole(value)
    except ValueError:
        return _whole(float(value))


def _whole(value: float) -> int:
    if not value.is_integer():
        raise ValueError("not an integer")
    return int(value)


def _floating(value: Any) -> float:
    # "nan" is the one spelling that Python accepts and ParseDict refuses. A bool is 1.0 or 0.0 to ParseDict.
    if not isinstance(value, str | bool) or value == "nan":
        raise ValueError("not a number")
    return float(value)


def _boolean(value: Any, info: ValidationInfo) -> Any:
    if info.context is not _FROM_QUERY or not isinstance(value, str):
        return value
    if value.lower() not in ("true", "false"):
        raise InvalidParameterValue(f"Invalid boolean value: {shown(value)}, must be 'true' or 'false'.")
    return value.lower() == "true"


# Numbers as text, as the API's document describes them. Reading accepts some more spellings, as ParseDict does.
_Digits = Annotated[str, Field(json_schema_extra={"pattern": "^-?[0-9]+$"})]
_Decimal = Annotated[
    str, Field(json_schema_extra={"pattern": "^(-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?|NaN|-?Infinity)$"})
]

# The first member of each union stays inside pydantic's compiled core: a log-batch has a thousand such numbers, and a
# Python call for each would cost more than all the rest of parsing.
_IN_ORDER = Field(union_mode="left_to_right")
_Range64 = Annotated[int, Ge(-(2**63)), Le(2**63 - 1)]
_Range32 = Annotated[int, Ge(-(2**31)), Le(2**31 - 1)]
_Finite = Annotated[float, Strict(), AllowInfNan(False)]

Text = Annotated[str, Strict()]
# A list is refused at its first error: collecting a million of them would only cost time.
Repeated = Annotated[list[T], FailFast()]
RequiredText = Annotated[str, Strict(), MinLen(1)]
Bool = Annotated[bool, Strict(), BeforeValidator(_boolean)]
_Integer = BeforeValidator(_integer, json_schema_input_type=_Digits)
_Floating = BeforeValidator(_floating, json_schema_input_type=_Decimal | bool)
Int64 = Annotated[Annotated[_Range64, Strict()] | Annotated[_Range64, _Integer], _IN_ORDER]
Int32 = Annotated[Annotated[_Range32, Strict()] | Annotated[_Range32, _Integer], _IN_ORDER]
Double = Annotated[_Finite | Annotated[float, _Floating], _IN_ORDER]


class Message(BaseModel):
    """A message inside a request. Unknown fields are ignored; names may be in snake_case or camelCase."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=lambda name: spelled(name.rstrip("_"))),
        populate_by_name=True,
        # A cold start answers one request: only its own model is built then, not all of them (22 ms rather than 64).
        defer_build=True,
    )


class Request(Message):
    """The request of one RPC. A required field counts under its snake_case name only, as MLflow checks it."""

    @classmethod
    def parse(cls, fields: dict[str, Any]) -> Self:
        """From the fields of a JSON body. Raises InvalidParameterValue, or what the model's own rules raise."""
        return cls._validated(fields, None)

    @classmethod
    def parse_query(cls, query: Mapping[str, Sequence[str]]) -> Self:
        """From a query string: all values of a list, the first of anything else. Raises as `parse` does."""
        lists = _list_names(cls)
        fields = {name: list(values) if name in lists else values[0] for name, values in query.items() if values}
        return cls._validated(fields, _FROM_QUERY)

    @classmethod
    def _validated(cls, fields: dict[str, Any], origin: object) -> Self:
        _refuse_two_spellings(cls, fields)
        known = {name: value for name, value in fields.items() if name not in _unread(cls)}
        try:
            return cls.model_validate(known, context=origin)
        except ValidationError as error:
            raise InvalidParameterValue(_complaint(error, fields)) from error


def _complaint(error: ValidationError, fields: dict[str, Any]) -> str:
    """The first error, in MLflow's words. Fields are checked in the order in which the model lists them."""
    first = error.errors(include_url=False, include_context=False)[0]
    if first["type"] == "missing":
        return missing_value(_path(first["loc"][:-1], fields, str(first["loc"][-1])))
    path, value = _path(first["loc"], fields), first["input"]
    # An empty string instead of a number is "missing" to MLflow if the number is a double, else of a wrong type.
    if value is None or (value == "" and first["type"] in ("string_too_short", "float_type")):
        return missing_value(path)
    return wrong_type(path, value)


def _path(location: tuple[int | str, ...], fields: Any, last: str = "") -> str:
    """Where an error is, as `metrics[3].value`; `last` is the name of a missing field."""
    path = ""
    here = fields
    for step in location:
        if isinstance(step, int) and isinstance(here, list):
            path, here = f"{path}[{step}]", here[step]
        elif isinstance(here, dict) and step in here:
            path, here = f"{path}.{step}", here[step]
        # Other steps say which member of a union pydantic tried, which is of no use to the caller.
    return f"{path}.{last}".strip(".")


def _refuse_two_spellings(model: type[Message], fields: dict[str, Any]) -> None:
    """As MLflow's `_reject_conflicting_field_aliases`: a check of one spelling must not be bypassed by the other."""
    pairs, messages = _spellings(model)
    for name, camel in pairs:
        if name in fields and camel in fields:
            raise InvalidParameterValue(f"Request specifies both '{name}' and '{camel}'; provide only one of them.")
    for name, inner in messages:
        value = fields.get(name)
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, dict):
                _refuse_two_spellings(inner, each)


@cache
def _spellings(model: type[Message]) -> tuple[list[tuple[str, str]], list[tuple[str, type[Message]]]]:
    """The pairs of spellings of a model's fields, and under each spelling the models of those that hold messages."""
    pairs = []
    messages = []
    for field in model.model_fields.values():
        aliases = _aliases(field.validation_alias)
        pairs += [(name, to_camel(name)) for name in aliases if to_camel(name) != name]
        for candidate in (field.annotation, *get_args(field.annotation)):
            if isinstance(candidate, type) and issubclass(candidate, Message):
                messages += [(name, candidate) for name in aliases]
    return pairs, messages


@cache
def _unread(model: type[Message]) -> frozenset[str]:
    """The camelCase names of a request's required fields: MLflow looks for those under their own names only."""
    required = [field for field in model.model_fields.values() if field.is_required()]
    names = [_aliases(field.validation_alias)[0] for field in required]
    return frozenset(to_camel(name) for name in names if "_" in name)


@cache
def _list_names(model: type[Message]) -> frozenset[str]:
    lists = [field for field in model.model_fields.values() if get_origin(field.annotation) is list]
    return frozenset(name for field in lists for name in _aliases(field.validation_alias))


def _aliases(alias: Any) -> list[str]:
    return [str(choice) for choice in alias.choices]
