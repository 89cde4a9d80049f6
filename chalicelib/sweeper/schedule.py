"""The sweeper as a scheduled Lambda. The local stack has a thread instead, and all its rounds are whole."""

from datetime import datetime

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.sweeper import measuring
from chalicelib.sweeper.sweep import sweep_all, sweep_busy

# A whole round reads every experiment and lists the bucket, which is too expensive for each minute.
_MINUTES = 10

blueprint = Blueprint(__name__)


@blueprint.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep_on_schedule(event: CloudWatchEvent) -> None:
    """Run one round, every tenth minute a whole one. What a round does not reach in its time, the next ones do."""
    measuring.publish(sweep_all() if is_whole(event.time) else sweep_busy())


def is_whole(time: str) -> bool:
    """Whether the round of an event with this time (ISO 8601, as EventBridge writes it) is a whole one."""
    return datetime.fromisoformat(time.replace("Z", "+00:00")).minute % _MINUTES == 0
