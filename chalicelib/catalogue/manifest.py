"""An MLmodel file as plain data: only the fields that we know, each checked for type and size.

MLflow writes it in `Model.to_dict` (mlflow/models/model.py), the signature as JSON inside YAML
(`ModelSignature.to_dict` in mlflow/models/signature.py). Anyone who can write to the bucket can write anything. Only a
file that is no YAML, no map or too large is refused, with a reason and never with an exception that would be retried
forever. A field that makes no sense is left out, and a note says so: the other fields are still good.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.catalogue import loose_json, yaml_tree
from chalicelib.catalogue.places import Place
from chalicelib.catalogue.yaml_tree import Refused

MAX_BYTES = 8 << 20
# Grows when this package reads more out of the same file: entries of an earlier reader are then read again.
READER = 2

_MAX_FLAVORS = 64
# Of all configurations of flavors together, and of the input example. A reply that holds an entry is below 4.5 MB, even
# if each character takes seven bytes there.
_MAX_CONFIGURATION = 128 * 1024
_MAX_EXAMPLE = 64 * 1024
_MAX_TEXT = 1_000
_MOST_NOTES = 20
_SHOWN = 100
# Any name that can be shown on a line.
_FLAVOR = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,100}")
_SIGNATURE_PARTS = ("inputs", "outputs", "params")
_TEXTS = ("mlflow_version", "utc_time_created", "time_created", "run_id", "model_id")
_FIELDS = frozenset({"flavors", "signature", "saved_input_example_info", *_TEXTS})


class Manifest(NamedTuple):
    """Every scalar in `flavors` and `input_example` is text, a bool or None; `signature` holds parsed JSON.

    `notes` says what is odd about the file, and what of it is left out.
    """

    flavors: dict[str, dict[str, Any]]
    signature: dict[str, Any]
    signature_cut: bool
    input_example: dict[str, Any]
    mlflow_version: str | None
    utc_time_created: str | None
    notes: list[str]


def read(raw: bytes, place: Place) -> Manifest:
    """Parse the manifest of the model at `place`. Raises Refused."""
    if len(raw) > MAX_BYTES:
        raise Refused(f"MLmodel is larger than {MAX_BYTES} bytes.")
    tree = yaml_tree.parse(raw, _FIELDS, {"flavors"})
    if not isinstance(tree.value, dict):
        raise Refused("MLmodel is not a map.")
    return _Reading(tree, place).manifest()


class _Reading:
    """One file, and the notes that reading it leaves."""

    def __init__(self, tree: yaml_tree.Tree, place: Place) -> None:
        self._fields: Mapping[str, Any] = tree.value
        self._place = place
        self._notes = [f"{name} is too large or contains itself, and is left out." for name in tree.cut]
        self._notes += [f"The tag {tag!r} is read as plain data; MLflow's loader refuses it." for tag in tree.tags]
        self._is_cut = False

    def manifest(self) -> Manifest:
        self._check_owner()
        return Manifest(
            flavors=self._flavors(),
            signature=self._signature(),
            signature_cut=self._is_cut,
            input_example=self._input_example(),
            mlflow_version=self._text("mlflow_version"),
            # R's client writes time_created, in UTC too.
            utc_time_created=self._text("utc_time_created") or self._text("time_created"),
            notes=self._notes[:_MOST_NOTES],
        )

    def _check_owner(self) -> None:
        """The key decides whose file it is. One that names another run was copied, imported or forged."""
        for name, noun, owner in (
            ("run_id", "run", self._place.run_id),
            ("model_id", "logged model", self._place.model_id),
        ):
            said = self._text(name)
            if owner and said and said != owner:
                self._notes.append(f"MLmodel names the {noun} {said[:_SHOWN]!r}, but it is in the folder of {owner!r}.")

    def _flavors(self) -> dict[str, dict[str, Any]]:
        found = self._map("flavors")
        named = [name for name in found if _FLAVOR.fullmatch(name)]
        if len(named) < len(found):
            self._notes.append("A flavor is left out: its name is empty, too long or not on one line.")
        if len(named) > _MAX_FLAVORS:
            self._notes.append(f"There are more than {_MAX_FLAVORS} flavors; the others are left out.")
        if not named:
            self._notes.append("MLmodel has no flavors, so MLflow has no way to load it.")
        left = _MAX_CONFIGURATION
        kept: dict[str, dict[str, Any]] = {}
        for name in named[:_MAX_FLAVORS]:
            kept[name] = self._configuration(name, found[name], left)
            left -= _length(kept[name])
        return kept

    def _configuration(self, name: str, value: Any, most: int) -> dict[str, Any]:
        if not isinstance(value, dict | None):
            self._notes.append(f"The flavor {name!r} is not a map.")
            return {}
        if _length(value) > most:
            self._notes.append(f"The configuration of the flavor {name!r} is too long, and left out.")
            return {}
        return value or {}

    def _signature(self) -> dict[str, Any]:
        value = self._map("signature")
        present = {part: value[part] for part in _SIGNATURE_PARTS if value.get(part) is not None}
        return {part: read for part, text in present.items() if (read := self._columns(part, text)) is not None}

    def _columns(self, part: str, value: Any) -> Any:
        """A part of the signature; None if it cannot be read."""
        try:
            columns, is_cut = loose_json.parse(_json(value))
        except loose_json.Unreadable as error:
            self._notes.append(f"signature.{part} is left out: {str(error)[:_SHOWN]}")
            self._is_cut = True
            return None
        if is_cut:
            self._notes.append(f"signature.{part} is too long; its first {len(columns)} members are here.")
            self._is_cut = True
        return columns

    def _input_example(self) -> dict[str, Any]:
        value = self._map("saved_input_example_info")
        if _length(value) > _MAX_EXAMPLE:
            self._notes.append("saved_input_example_info is too long, and left out.")
            return {}
        return value

    def _map(self, name: str) -> dict[str, Any]:
        value = self._fields.get(name)
        if not isinstance(value, dict | None):
            self._notes.append(f"{name} is not a map, and left out.")
            return {}
        return value or {}

    def _text(self, name: str) -> str | None:
        value = self._fields.get(name)
        return value[:_MAX_TEXT] if isinstance(value, str) else None


def _json(value: Any) -> str:
    """The JSON in a text. Where there is no text, it is what the YAML says itself."""
    if isinstance(value, str):
        return value
    if _length(value) > loose_json.MAX_BYTES:
        raise loose_json.Unreadable("it is too long")
    return json.dumps(value)


def _length(value: Any) -> int:
    """Count the characters in all texts of a tree; an alias counts each time it is used."""
    if isinstance(value, dict):
        return sum(len(key) + _length(each) for key, each in value.items())
    if isinstance(value, list):
        return sum(map(_length, value))
    return len(value) if isinstance(value, str) else 0
