"""The Lambda that receives S3's events through EventBridge. The local stack uses a thread instead."""

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib.catalogue import events
from chalicelib.config import settings

blueprint = Blueprint(__name__)


@blueprint.on_cw_event(events.PATTERN, name="catalogue")
def catalogue_on_event(event: CloudWatchEvent) -> None:
    """Refresh the entries that the event hints at. If the store does not keep up, Lambda delivers the event again."""
    events.receive(event.detail, settings().bucket)
