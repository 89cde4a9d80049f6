"""An event of S3 from EventBridge, "Object Created" or "Object Deleted", as the model folders it may be about."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.catalogue import entries, places
from chalicelib.catalogue.places import Place

CREATED = "Object Created"
DELETED = "Object Deleted"

# What EventBridge has to match; the suffix keeps all other objects from waking the handler.
PATTERN = {
    "source": ["aws.s3"],
    "detail-type": [CREATED, DELETED],
    "detail": {"object": {"key": [{"suffix": places.MANIFEST}]}},
}


def receive(detail: Mapping[str, Any], bucket: str) -> list[Place]:
    """Refresh the entries that an event's `detail` hints at, and return their places; what is no model's is ignored.

    Raises errors.RetryLater, so that the event is delivered again.
    """
    hinted = places_of(detail, bucket)
    for place in hinted:
        entries.refresh(place)
    return hinted


def places_of(detail: Mapping[str, Any], bucket: str) -> list[Place]:
    """The model folders that an event may be about: none if it is of another bucket or makes no sense."""
    source, thing = detail.get("bucket"), detail.get("object")
    if not isinstance(source, Mapping) or not isinstance(thing, Mapping) or source.get("name") != bucket:
        return []
    key = thing.get("key")
    if not isinstance(key, str):
        return []
    # EventBridge has keys as they are, S3's other notifications have them encoded. Which it was cannot be told of a key
    # such as `a+b`; a hint may be wrong, so both are looked at.
    readings = dict.fromkeys((key, unquote_plus(key)))
    return [place for place in map(places.of_key, readings) if place is not None]
