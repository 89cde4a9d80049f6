from typing import Any

import pytest
from pynamodb.exceptions import AttributeDeserializationError
from pynamodb.models import Model

from chalicelib.storage import access_items, items, registry_items
from chalicelib.storage.models import Item

VALUES: dict[str, Any] = {"S": '"1"', "N": "-1.5", "B": b"\xff", "BOOL": True, "M": {"a": {"S": "é"}}}


def kinds() -> list[type[Item]]:
    found = [each for module in (items, access_items, registry_items) for each in vars(module).values()]
    classes = [each for each in found if isinstance(each, type) and issubclass(each, Item)]
    return [each for each in dict.fromkeys(classes) if hasattr(each, "Meta")]


def pynamodbs(kind: type[Item], data: dict[str, Any]) -> dict[str, Any]:
    made = Model.from_raw_data.__func__(kind, data)  # type: ignore[attr-defined]
    return made.attribute_values  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", kinds())
def test_a_row_is_read_as_pynamodb_reads_it(kind: type[Item]) -> None:
    names = {each.attr_name: each.attr_type for each in kind.get_attributes().values()}
    whole = {name: {typed: VALUES[typed]} for name, typed in names.items()}
    keys = {"pk": {"S": "p"}, "sk": {"S": "s"}}

    rows = [whole, keys, {**keys, "unknown": {"S": "x"}}, {name: {"NULL": True} for name in names}]

    for row in rows:
        assert kind.from_raw_data(row).attribute_values == pynamodbs(kind, row)


def test_defaults_are_not_shared() -> None:
    one, other = (items.RunInfo.from_raw_data({"pk": {"S": "p"}}) for _ in range(2))

    one.params["a"] = "1"

    assert other.params == {}


def test_an_attribute_of_another_type_is_an_error() -> None:
    with pytest.raises(AttributeDeserializationError):
        items.RunInfo.from_raw_data({"status": {"N": "1"}})
