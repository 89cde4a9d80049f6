"""What `cumulog sync` does: deliver what ended processes left, and what a running one has journalled so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cumulog._delivery import outcomes
from cumulog._delivery.opening import opened
from cumulog._delivery.refused import Refused
from cumulog._delivery.sending import Sending
from cumulog._journal import chains, places


@dataclass
class Report:
    """Lines by what became of them, and the journals that stay, with the reason for each.

    `waits`: one of them is for a run that the server did not know.
    """

    delivered: int = 0
    refused: int = 0
    left: dict[str, str] = field(default_factory=dict)
    waits: bool = False


def sync(server: str, tell: Callable[[str], None], former: str = "") -> Report:
    """Deliver all journals for this server, for a `former` one, and those that name none.

    One bad journal stops no other.
    """
    report, refused = Report(), Refused(tell)
    place = _Place(server, former)
    _all(place, report, refused)
    if report.waits:
        # The run was created meanwhile, by a journal that came later.
        _all(place._replace(is_again=True), report, refused)
    report.refused = refused.count
    return report


class _Place(NamedTuple):
    """Where lines go, and whose lines these may be beside its own. `is_again`: all journals had their turn."""

    server: str
    former: str
    is_again: bool = False


def _all(place: _Place, report: Report, refused: Refused) -> None:
    places.clear()
    for folder in places.chains():
        # Of a second time; what was put aside the first time is not there any more.
        report.left.pop(folder.name, None)
        try:
            _one(folder, place, report, refused)
        except (OSError, ValueError, KeyError) as error:
            report.left[folder.name] = f"It cannot be read: {error}"


def _one(folder: Path, place: _Place, report: Report, refused: Refused) -> None:
    chain = chains.found(folder, also_of_the_living=True)
    if chain is None:
        if folder.exists():
            report.left[folder.name] = "Another process delivers it."
        return
    if chain.head.server not in ("", place.server, place.former):
        # Credentials go only to the server that the caller names.
        report.left[folder.name] = (
            f"It is for {chain.head.server}: set MLFLOW_TRACKING_URI to that; or if that server is now at another "
            f"address, which is set already, add --from {chain.head.server}"
        )
        chain.close()
        return
    sending = opened(place.server, chain, refused)
    sending.has_waited = place.is_again
    if _is_delivered(sending, report):
        sending.leave(refused.say)
        if told := chain.finish():
            report.left[folder.name] = told


def _is_delivered(sending: Sending, report: Report) -> bool:
    """Deliver what can be delivered now. Whether nothing is left, and nothing comes any more."""
    chain = sending.chain
    name = chain.folder.name if chain.folder else ""
    try:
        while sending.some():
            pass
    except (outcomes.Later, outcomes.Held) as error:
        report.left[name] = str(error)
        report.waits = report.waits or isinstance(error, outcomes.NotYet)
    except outcomes.Gone as error:
        report.left[name] = f"{error} Its lines are in the folder '{places.ASIDE}'."
        chain.put_aside()
        return False
    finally:
        report.delivered += sending.count
    if chain.is_over and not chain.segments:
        return True
    chain.close()
    return False
