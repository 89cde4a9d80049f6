import json
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from chalicelib.storage.calls import bodies

MODEL = ServiceModel(Loader().load_service_model("dynamodb", "service-2"), "dynamodb")

VALUES: dict[str, dict[str, Any]] = {
    "text": {"S": "B"},
    "unicode": {"S": "Grüße 🐍 \u2028 \x7f"},
    "number": {"N": "-1.5E-130"},
    "bytes": {"B": bytes(range(256))},
    "no bytes": {"B": b""},
    "sets": {"M": {"SS": {"SS": ["a", "b"]}, "NS": {"NS": ["1", "2"]}, "BS": {"BS": [b"\xff", b""]}}},
    "nested": {"L": [{"M": {"B": {"B": b"x"}, "BS": {"S": "t"}}}, {"NULL": True}, {"BOOL": False}, {"L": []}]},
    "attributes called B and BS": {"M": {"B": {"M": {"B": {"S": "QUJD"}}}, "BS": {"L": [{"S": "QUJD"}]}}},
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_call_is_packed_as_botocore_packs_it(value: dict[str, Any]) -> None:
    fields = {"TableName": "runs", "Item": {"B": {"S": "q"}, "v": value}}

    theirs = create_serializer("json", include_validation=False).serialize_to_request(
        fields, MODEL.operation_model("PutItem")
    )

    assert json.loads(bodies.packed(fields)) == json.loads(theirs["body"])


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_reply_is_unpacked_as_botocore_unpacks_it(value: dict[str, Any]) -> None:
    body = bodies.packed(
        {"Items": [{"B": value, "v": value}, {}], "Count": 2, "ConsumedCapacity": {"CapacityUnits": 1}}
    )

    assert bodies.unpacked(body) == _botocores(body, "Query")


def test_batches_are_unpacked_as_botocore_unpacks_them() -> None:
    key = {"pk": {"S": "a"}, "sk": {"B": b"\x00"}}
    body = bodies.packed(
        {"Responses": {"BS.": [key]}, "UnprocessedKeys": {"BS.": {"Keys": [key], "ConsistentRead": True}}}
    )

    assert bodies.unpacked(body) == _botocores(body, "BatchGetItem")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff"])
def test_what_is_no_object_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        bodies.unpacked(body)


def test_dynamodb_has_no_dates() -> None:
    with pytest.raises(TypeError):
        bodies.packed({"Key": object()})


def _botocores(body: bytes, operation: str) -> dict[str, Any]:
    response = {"headers": {}, "status_code": 200, "body": body}
    parsed: dict[str, Any] = create_parser("json").parse(response, MODEL.operation_model(operation).output_shape)
    del parsed["ResponseMetadata"]
    return parsed
