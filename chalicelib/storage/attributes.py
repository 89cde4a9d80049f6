"""Attribute types that pynamodb does not have."""

from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.constants import MAP


class TextMap(Attribute[dict[str, str]]):
    """A map of text to text, whose entries an expression can reach one by one: `Item.params[key]`."""

    attr_type = MAP

    def serialize(self, value: dict[str, str]) -> dict[str, dict[str, str]]:
        return {key: {"S": text} for key, text in value.items()}

    def deserialize(self, value: dict[str, dict[str, Any]]) -> dict[str, str]:
        return {key: text["S"] for key, text in value.items()}
