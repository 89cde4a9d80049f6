"""An MLmodel file as plain data: only the fields that we know, each checked for type and size.

MLflow writes it in `Model.to_dict` (mlflow/models/model.py), the signature as JSON inside YAML
(`ModelSignature.to_dict` in mlflow/models/signature.py). Anyone who can write to the bucket can write anything, so a
bad file is refused with a reason, never with an exception that would be retried forever.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.catalogue import yaml_tree
from chalicelib.catalogue.places import Place
from chalicelib.catalogue.yaml_tree import Refused
from chalicelib.edge import strict_json
from chalicelib.errors import InvalidParameterValue

MAX_BYTES = 1 << 20

_MAX_FLAVORS = 64
_MAX_JSON_BYTES = 256 * 1024
_MAX_TEXT = 1_000
_FLAVOR = re.compile(r"[\w.\- ]{1,100}")
_SIGNATURE_PARTS = ("inputs", "outputs", "params")


@dataclass(frozen=True)
class Manifest:
    """Every scalar in `flavors` and `input_example` is text, a bool or None; `signature` holds parsed JSON."""

    flavors: dict[str, dict[str, Any]]
    signature: dict[str, Any]
    input_example: dict[str, Any]
    mlflow_version: str | None
    utc_time_created: str | None


def read(raw: bytes, place: Place) -> Manifest:
    """Parse the manifest of the model at `place`. Raises Refused."""
    if len(raw) > MAX_BYTES:
        raise Refused(f"MLmodel is larger than {MAX_BYTES} bytes.")
    tree = yaml_tree.parse(raw)
    if not isinstance(tree, dict):
        raise Refused("MLmodel is not a map.")
    _check_owner(tree, place)
    return Manifest(
        flavors=_flavors(tree.get("flavors")),
        signature=_signature(tree.get("signature")),
        input_example=_input_example(tree.get("saved_input_example_info")),
        mlflow_version=_text(tree, "mlflow_version"),
        utc_time_created=_text(tree, "utc_time_created"),
    )


def _check_owner(tree: Mapping[str, Any], place: Place) -> None:
    """The key decides which run or model owns the file. A file that names another was copied or forged."""
    for name, owner in (("run_id", place.run_id), ("model_id", place.model_id)):
        said = _text(tree, name)
        if owner and said and said != owner:
            raise Refused(f"MLmodel says {name} {said[:100]!r}, but it is in the folder of {owner!r}.")


def _flavors(value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, dict) or not value:
        raise Refused("MLmodel has no flavors.")
    if len(value) > _MAX_FLAVORS:
        raise Refused(f"MLmodel has more than {_MAX_FLAVORS} flavors.")
    for name, config in value.items():
        if not _FLAVOR.fullmatch(name):
            raise Refused(f"MLmodel has a flavor with the invalid name {name[:100]!r}.")
        if not isinstance(config, dict | None):
            raise Refused(f"The flavor {name!r} in MLmodel is not a map.")
    return {name: config or {} for name, config in value.items()}


def _signature(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused("The signature in MLmodel is not a map.")
    present = {name: value[name] for name in _SIGNATURE_PARTS if value.get(name) is not None}
    return {name: _json(f"signature.{name}", part) for name, part in present.items()}


def _input_example(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused("saved_input_example_info in MLmodel is not a map.")
    if _length(value) > _MAX_JSON_BYTES:
        raise Refused(f"saved_input_example_info in MLmodel is longer than {_MAX_JSON_BYTES} characters.")
    return value


def _json(name: str, text: Any) -> Any:
    if not isinstance(text, str):
        raise Refused(f"{name} in MLmodel is not JSON in a string.")
    if len(text.encode()) > _MAX_JSON_BYTES:
        raise Refused(f"{name} in MLmodel is longer than {_MAX_JSON_BYTES} bytes.")
    try:
        return strict_json.parse(text.encode())
    except InvalidParameterValue as error:
        raise Refused(f"{name} in MLmodel: {error.message[:300]}") from error


def _length(value: Any) -> int:
    """Count the characters in all texts of a tree; an alias counts each time it is used."""
    if isinstance(value, dict):
        return sum(len(key) + _length(each) for key, each in value.items())
    if isinstance(value, list):
        return sum(map(_length, value))
    return len(value) if isinstance(value, str) else 0


def _text(tree: Mapping[str, Any], name: str) -> str | None:
    value = tree.get(name)
    if value is not None and not isinstance(value, str):
        raise Refused(f"{name} in MLmodel is not text.")
    if value is not None and len(value) > _MAX_TEXT:
        raise Refused(f"{name} in MLmodel is longer than {_MAX_TEXT} characters.")
    return value
