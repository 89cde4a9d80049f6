"""A model's signature: what it takes, what it gives and which params it knows."""

import copy
import json
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from cumulog._delivery.deliverer import say
from cumulog._http.errors import CumulogError
from cumulog._models import schemas, types
from cumulog._models.schemas import Schema
from cumulog._models.types import NoType


class Signature(NamedTuple):
    """The schemas of a model, as plain data; None where nothing is known."""

    inputs: Schema | None = None
    outputs: Schema | None = None
    params: Schema | None = None

    def to_dict(self) -> dict[str, str | None]:
        """As an MLmodel file has it: each schema as JSON."""
        return {name: None if each is None else json.dumps(each) for name, each in self._asdict().items()}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Signature":
        """What `to_dict` gave. Raises CumulogError for another thing."""
        try:
            return cls(*(_read(fields[name]) if fields.get(name) else None for name in cls._fields))
        except (TypeError, ValueError, RecursionError) as error:
            raise CumulogError(f"The signature cannot be read: {error}") from error


def _read(text: str) -> Schema:
    schema = json.loads(text)
    if not isinstance(schema, list) or not all(isinstance(each, dict) for each in schema):
        raise ValueError("a schema is a list of objects.")
    return schema


def infer_signature(
    model_input: Any = None, model_output: Any = None, params: Mapping[str, Any] | None = None
) -> Signature:
    """The signature of a model that takes and gives such data, as MLflow's `infer_signature` infers it.

    Data may be frames, series, arrays, sparse matrices, dictionaries, lists or plain values. What has no schema counts
    as anything, which is said. Raises CumulogError for params that have none.
    """
    return Signature(
        _schema("input", model_input), _schema("output", model_output), _params(params) if params else None
    )


def _schema(name: str, data: Any) -> Schema | None:
    if data is None:
        return None
    try:
        return schemas.of(data)
    except NoType as error:
        say(f"The schema of the model's {name} is not known, and any is taken: {error}.")
        return schemas.any_data()


def _params(params: Mapping[str, Any]) -> Schema:
    try:
        return [_param(name, value) for name, value in params.items()]
    except (NoType, AttributeError) as error:
        raise CumulogError(
            f"A param of a signature is a plain value, a list of them or a dictionary: {error}."
        ) from None


def _param(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        kind = types.of(value)
        return {"name": name, "default": copy.deepcopy(value), "shape": None, **(kind or {})}
    is_list = isinstance(value, list) or types.is_array(value)
    values = list(value) if is_list else [value]
    if any(isinstance(each, list) or types.is_array(each) for each in values):
        raise NoType(f"{name} has more than one dimension")
    if any(isinstance(each, bytes) for each in values):
        raise NoType(f"{name} holds bytes, and a signature is JSON")
    kind = {"type": _type_of_param(name, values)}
    plain = [_plain(each) for each in values]
    return {"name": name, "default": plain if is_list else plain[0], "shape": [-1] if is_list else None, **kind}


def _type_of_param(name: str, values: list[Any]) -> str:
    """The type that numpy would give an array of the values."""
    if all(map(types.is_datetime, values)):
        return "datetime"
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        return schemas.of_dtype(numpy.array(values).dtype)
    kinds = {str(types.of(each)["type"]) if types.of(each) else "" for each in values}  # type: ignore[index]
    if len(kinds) == 1:
        return kinds.pop()
    if kinds == {"long", "double"}:
        return "double"
    raise NoType(f"the values of {name} are of several types")


def _plain(value: Any) -> Any:
    """A value as JSON can have it."""
    if types.is_datetime(value):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value
