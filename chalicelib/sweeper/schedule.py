"""The sweeper as a scheduled Lambda. The local stack has a thread instead."""

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.sweeper import measuring
from chalicelib.sweeper.sweep import sweep_all

blueprint = Blueprint(__name__)


@blueprint.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep_on_schedule(_event: CloudWatchEvent) -> None:
    """One round. What a round does not reach in its time, the next ones do."""
    measuring.tell(sweep_all())
