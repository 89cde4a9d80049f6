"""Events for deployments and notifications, on EventBridge. Without a bus they go to the log "cumulog.events"."""

import json
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from chalicelib.config import settings
from chalicelib.errors import TemporarilyUnavailable
from chalicelib.storage import clients
from chalicelib.storage.failures import translated

SOURCE = "cumulog"

log = logging.getLogger("cumulog.events")


def put(detail_type: str, detail: Mapping[str, Any]) -> None:
    """Put one event, such as `registry.transition.applied`; `detail` is JSON of at most 200 KB.

    Raises errors.RetryLater if EventBridge does not accept it; the event may have been put all the same.
    """
    text = json.dumps(detail)
    if settings().event_bus is None:
        log.info(json.dumps({"source": SOURCE, "detail-type": detail_type, "detail": detail}))
        return
    entry = {"Source": SOURCE, "DetailType": detail_type, "Detail": text, "EventBusName": settings().event_bus}
    with translated():
        answer = client().put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        # The reply is a 200 all the same: EventBridge refuses entries one by one.
        raise TemporarilyUnavailable(f"The event was not accepted: {answer['Entries'][0].get('ErrorCode')}.")


@cache
def client() -> Any:
    """botocore's EventBridge client, created on first use."""
    return clients.make("events", settings().events_endpoint)


def forget() -> None:
    """Drop the client, for a test that changes the endpoint."""
    client.cache_clear()
