"""S3's events from EventBridge, "Object Created" and "Object Deleted", and the model folders they may be about."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.catalogue import entries, places
from chalicelib.catalogue.places import Place

CREATED = "Object Created"
DELETED = "Object Deleted"

# The pattern that EventBridge matches; the suffix keeps all other objects from starting the handler.
PATTERN = {
    "source": ["aws.s3"],
    "detail-type": [CREATED, DELETED],
    "detail": {"object": {"key": [{"suffix": places.MANIFEST}]}},
}


def receive(detail: Mapping[str, Any], bucket: str) -> list[Place]:
    """Refresh the entries that an event's `detail` hints at, and return their places. Ignores other objects.

    Raises errors.RetryLater, so that the event is delivered again.
    """
    hinted = places_of(detail, bucket)
    for place in hinted:
        entries.refresh(place)
    return hinted


def places_of(detail: Mapping[str, Any], bucket: str) -> list[Place]:
    """Return the model folders that an event may be about: none if it is malformed or from another bucket."""
    source, thing = detail.get("bucket"), detail.get("object")
    if not isinstance(source, Mapping) or not isinstance(thing, Mapping) or source.get("name") != bucket:
        return []
    key = thing.get("key")
    if not isinstance(key, str):
        return []
    # EventBridge sends keys unencoded, S3's other notifications encoded. A key such as `a+b` does not show which it is;
    # a hint may be wrong, so we look at both readings.
    readings = dict.fromkeys((key, unquote_plus(key)))
    return [place for place in map(places.of_key, readings) if place is not None]
