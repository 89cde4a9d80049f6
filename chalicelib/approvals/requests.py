"""Transition requests: the wish to move a version to a stage whose policy asks for approval.

    open (`opening.py`) → approve, reject, cancel (`deciding.py`), expire (`ending.py`) → apply (`applying.py`)

The item of a request is the truth about it. Each step is one transaction with the model's audit chain, so all that is
decided on a request holds, and any step may be asked for twice. An execution of the state machine only drives it from
step to step (`tasks.py`): it waits, wakes, and tries again what failed; and where no execution lives any more, the
sweeper starts another one (`resuming.py`).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from chalicelib import clock, errors
from chalicelib.access import identity
from chalicelib.approvals import rules
from chalicelib.edge import request_ids
from chalicelib.registry.chain.changes import Change
from chalicelib.storage import keys, tables
from chalicelib.storage.registry_items import OpenRequest, RegisteredModel, TransitionRequest

# Who is named in the audit chain where nobody asked: no user can have it (`http.py`).
MACHINE = "cumulog:transition"

_ID = re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}")


def new_id(model_id: str) -> str:
    """An id that nobody has used; it is the name of an execution too, so it has 49 characters of the 80 allowed."""
    return keys.request(model_id, clock.short_id())


def find(request_id: str) -> TransitionRequest | None:
    """A request, open or ended, or None."""
    if not _ID.fullmatch(request_id):
        return None
    return tables.get(TransitionRequest, keys.requests(keys.requested_model(request_id)), request_id)


def load(request_id: str) -> TransitionRequest:
    """A request, open or ended. Raises ResourceDoesNotExist."""
    request = find(request_id)
    if request is None:
        raise missing(request_id)
    return request


def missing(request_id: str) -> errors.ResourceDoesNotExist:
    """What is said of a request that is not there."""
    return errors.ResourceDoesNotExist(f"Transition request {request_id[:100]!r} not found")


def is_over(request: TransitionRequest) -> bool:
    """Whether nobody decided in time, though nobody has noted it yet."""
    return rules.is_over(request.status, int(request.expires), clock.now_ms())


def rows(model_id: str | None = None, after: str = "") -> Iterator[OpenRequest]:
    """The rows of the requests that are open, of a model or of all, behind a request's id."""
    condition = OpenRequest.sk.startswith(keys.request_of(model_id)) if model_id else None
    found = tables.query(OpenRequest, keys.OPEN_REQUESTS, condition)
    return (row for row in found if row.sk > after)


def page(
    model_id: str | None, after: str, most: int, is_shown: Callable[[str], bool]
) -> tuple[list[TransitionRequest], str | None]:
    """Open requests in the order of their ids, and the id behind which there are more.

    `is_shown` tells of a model's id whether its requests are; the others leave no trace, as an id would be one.
    """
    wanted_rows = (row.sk for row in rows(model_id, after) if is_shown(keys.requested_model(row.sk)))
    found = list(islice(wanted_rows, most + 1))
    wanted = [(keys.requests(keys.requested_model(each)), each) for each in found[:most]]
    items = sorted(tables.get_each(TransitionRequest, wanted), key=lambda item: item.sk)
    return items, found[most - 1] if len(found) > most else None


def row_of(request: TransitionRequest) -> OpenRequest:
    """The row that lists a request while it is open."""
    return OpenRequest(
        keys.OPEN_REQUESTS,
        request.request_id,
        version=request.version,
        to_stage=request.to_stage,
        expires=request.expires,
    )


def finish(request: TransitionRequest, model: RegisteredModel, status: str, reason: str | None = None) -> None:
    """Set the fields of a request that the next link of its model's audit chain ends."""
    request.status, request.reason, request.ended = status, reason, clock.now_ms()
    request.link = int(model.sequence) + 1


def change_of(request: TransitionRequest, action: str, **details: object) -> Change:
    """The change that puts a request as it is now, and unlists it if it has ended."""
    told = {"request": request.request_id, "status": request.status, **details}
    return Change(f"request:{action}", told, int(request.version), puts=[request], deletes=unlisted(request))


def unlisted(request: TransitionRequest) -> list[OpenRequest]:
    """What is to be deleted along with putting a request."""
    return [] if request.status in rules.OPEN else [row_of(request)]


@contextmanager
def by_machine(request_id: str) -> Iterator[None]:
    """Inside the block it is the state machine who acts, in the name of a request."""
    with identity.in_name_of(MACHINE), request_ids.acting_in(request_id):
        yield
