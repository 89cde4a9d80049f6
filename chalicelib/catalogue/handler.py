"""The Lambda that S3's events reach through EventBridge. The local stack has a thread instead."""

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib.catalogue import events
from chalicelib.config import settings

blueprint = Blueprint(__name__)


@blueprint.on_cw_event(events.PATTERN, name="catalogue")
def catalogue_on_event(event: CloudWatchEvent) -> None:
    """Refresh what the event hints at. If the store does not keep up, Lambda delivers it again."""
    events.receive(event.detail, settings().bucket)
