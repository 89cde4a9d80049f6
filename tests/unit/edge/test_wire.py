import math
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from chalicelib.edge import wire
from chalicelib.edge.wire import Message, Repeated, Request
from chalicelib.errors import InvalidParameterValue

SEE_DOCS = "See the API docs for more information about request parameters."


class Part(Message):
    part_name: wire.RequiredText
    size: wire.Double = 0.0


class Order(Request):
    order_id: wire.RequiredText
    count: wire.Int64 | None = None
    small: wire.Int32 | None = None
    price: wire.Double | None = None
    note: wire.Text | None = None
    paid: wire.Bool = False
    color: Annotated[Literal["RED", "BLUE"], wire.named("RED", "BLUE")] | None = None
    parts: Repeated[Part] = Field(default_factory=list)
    first_part: Part | None = None
    words: Repeated[wire.Text] = Field(default_factory=list)


def parsed(field: str, value: Any) -> Any:
    return getattr(Order.parse({"order_id": "1", field: value}), field)


TAKEN = [
    ("count", 5, 5),
    ("count", "5", 5),
    ("count", "-5", -5),
    ("count", 5.0, 5),
    ("count", 1e3, 1000),
    ("count", "5.0", 5),
    ("count", "1e3", 1000),
    ("count", -(2**63), -(2**63)),
    ("count", str(2**63 - 1), 2**63 - 1),
    ("small", 2**31 - 1, 2**31 - 1),
    ("price", 1, 1.0),
    ("price", 1.5, 1.5),
    ("price", "1.5", 1.5),
    ("price", " 1e-300 ", 1e-300),
    ("price", "Infinity", math.inf),
    ("price", "-Infinity", -math.inf),
    ("price", True, 1.0),
    ("price", 2**1000, float(2**1000)),
    ("note", "", ""),
    ("note", "\0😀", "\0😀"),
    ("paid", True, True),
    ("color", "BLUE", "BLUE"),
    ("color", 2, "BLUE"),
    ("color", "2", "BLUE"),
    ("color", 2.0, "BLUE"),
    ("words", [], []),
    ("words", ["a", ""], ["a", ""]),
]

WRONG = [
    ("count", True, "bool"),
    ("count", 1.5, "float"),
    ("count", math.inf, "float"),
    ("count", "", "str"),
    ("count", "x", "str"),
    ("count", " 5", "str"),
    ("count", "1e400", "str"),
    ("count", "9" * 400, "str"),
    ("count", [], "list"),
    ("count", {}, "dict"),
    ("count", 2**63, "int"),
    ("count", str(-(2**63) - 1), "str"),
    ("small", 2**31, "int"),
    ("price", math.inf, "float"),
    ("price", "nan", "str"),
    ("price", "x", "str"),
    ("price", 10**400, "int"),
    ("price", [], "list"),
    ("price", {}, "dict"),
    ("note", 1, "int"),
    ("note", True, "bool"),
    ("note", ["a"], "list"),
    ("paid", "true", "str"),
    ("paid", 1, "int"),
    ("color", "red", "str"),
    ("color", 3, "int"),
    ("color", 0, "int"),
    ("color", True, "bool"),
    ("color", [], "list"),
    ("words", "a", "str"),
    ("words", {}, "dict"),
    ("parts", {}, "dict"),
]


@pytest.mark.parametrize(("field", "value", "meaning"), TAKEN)
def test_proto_json_takes_several_spellings_of_one_value(field: str, value: Any, meaning: Any) -> None:
    found = parsed(field, value)

    assert found == meaning
    assert type(found) is type(meaning)


def test_nan_comes_as_a_string() -> None:
    assert math.isnan(parsed("price", "NaN"))


@pytest.mark.parametrize(("field", "value", "type_name"), WRONG)
def test_a_value_of_a_wrong_type_is_refused_in_the_words_of_mlflow(field: str, value: Any, type_name: str) -> None:
    with pytest.raises(InvalidParameterValue) as refusal:
        parsed(field, value)

    start, end = refusal.value.message.split(" supplied: ")
    assert start.startswith("Invalid value ")
    assert start.endswith(f" for parameter '{field}'")
    assert end == f" Hint: Value was of type '{type_name}'. {SEE_DOCS}"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, "order_id"),
        ({"order_id": ""}, "order_id"),
        ({"order_id": "1", "parts": [{"part_name": "a"}, {}]}, "parts[1].part_name"),
        ({"order_id": "1", "parts": [{"part_name": "a", "size": ""}]}, "parts[0].size"),
        ({"order_id": "1", "parts": [None]}, "parts[0]"),
        ({"order_id": "1", "first_part": {"part_name": ""}}, "first_part.part_name"),
    ],
)
def test_a_required_value_that_is_absent_or_empty_is_named(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidParameterValue) as refusal:
        Order.parse(fields)

    assert refusal.value.message == f"Missing value for required parameter '{path}'. {SEE_DOCS}"


def test_the_first_field_of_the_model_that_is_wrong_is_reported() -> None:
    with pytest.raises(InvalidParameterValue, match="'count'"):
        Order.parse({"note": 1, "count": "x", "order_id": "1"})


def test_a_fault_deep_inside_is_located() -> None:
    with pytest.raises(InvalidParameterValue, match=r"Invalid value 7 for parameter 'parts\[1\].part_name' supplied"):
        Order.parse({"order_id": "1", "parts": [{"partName": "a"}, {"part_name": 7}]})


def test_names_may_be_in_camel_case_and_unknown_ones_are_ignored() -> None:
    order = Order.parse({"order_id": "1", "firstPart": {"partName": "a", "unknown": 1}, "weight": 3})

    assert (order.order_id, order.first_part) == ("1", Part(part_name="a"))


def test_a_required_field_of_a_request_has_one_name_only() -> None:
    with pytest.raises(InvalidParameterValue, match="Missing value for required parameter 'order_id'"):
        Order.parse({"orderId": "1"})


@pytest.mark.parametrize(
    "fields",
    [
        {"order_id": "1", "orderId": "1"},
        {"order_id": "1", "parts": [{"part_name": "a"}, {"part_name": "a", "partName": "b"}]},
        {"order_id": "1", "firstPart": {"part_name": "a", "partName": "a"}},
    ],
)
def test_both_spellings_of_one_field_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameterValue, match=r"Request specifies both '\w+_\w+' and '\w+'; provide only one"):
        Order.parse(fields)


def test_a_query_gives_lists_by_repeating_the_name() -> None:
    order = Order.parse_query({"order_id": ["1", "2"], "words": ["a", "b"], "count": ["5"], "color": ["RED"]})

    assert (order.order_id, order.words, order.count, order.color) == ("1", ["a", "b"], 5, "RED")


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("FALSE", False)])
def test_a_query_spells_booleans_in_any_case(text: str, value: bool) -> None:
    assert Order.parse_query({"order_id": ["1"], "paid": [text]}).paid is value


def test_a_query_has_no_other_booleans() -> None:
    with pytest.raises(InvalidParameterValue, match=r"^Invalid boolean value: \"1\", must be 'true' or 'false'\.$"):
        Order.parse_query({"order_id": ["1"], "paid": ["1"]})


def test_a_message_repeats_only_the_start_of_a_long_value() -> None:
    with pytest.raises(InvalidParameterValue) as refusal:
        Order.parse({"order_id": {"a": "x" * 1_000_000}})

    assert len(refusal.value.message) < 1000


@pytest.mark.parametrize(
    ("value", "written"),
    [(1.5, 1.5), (-0.0, -0.0), (math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")],
)
def test_doubles_that_json_cannot_write_become_strings(value: float, written: float | str) -> None:
    assert wire.double(value) == written
