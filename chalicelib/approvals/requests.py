"""Transition requests: to move a version to a stage whose policy requires approval.

    open (`opening.py`) → approve, reject, cancel (`deciding.py`), expire (`ending.py`) → apply (`applying.py`)

The item of a request is the truth about it. Each step is one transaction with the model's audit chain, so every
decision on a request holds, and every step may be called twice. An execution of the state machine only drives the
request from step to step (`machine/tasks.py`): it waits, wakes, and retries what failed. When no execution is left, the
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

# The audit chain's name for the system's own actions; no user can have it (`edge/http.py`).
MACHINE = "cumulog:transition"

_ID = re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}")


def new_id(model_id: str) -> str:
    """A unique id. It also names an execution, so its 49 characters must stay within the 80 allowed."""
    return keys.request(model_id, clock.short_id())


def find(request_id: str) -> TransitionRequest | None:
    """The request with an id, open or ended, or None."""
    if not _ID.fullmatch(request_id):
        return None
    return tables.get(TransitionRequest, keys.requests(keys.requested_model(request_id)), request_id)


def load(request_id: str) -> TransitionRequest:
    """The request with an id, open or ended. Raises ResourceDoesNotExist."""
    request = find(request_id)
    if request is None:
        raise missing(request_id)
    return request


def missing(request_id: str) -> errors.ResourceDoesNotExist:
    """The not-found error for a request."""
    return errors.ResourceDoesNotExist(f"Transition request {request_id[:100]!r} not found")


def is_over(request: TransitionRequest) -> bool:
    """Whether a request has expired, even if its status still says PENDING."""
    return rules.is_over(request.status, int(request.expires), clock.now_ms())


def rows(model_id: str | None = None, after: str = "") -> Iterator[OpenRequest]:
    """The rows of the open requests of a model, or of all models, after a request's id."""
    condition = OpenRequest.sk.startswith(keys.request_of(model_id)) if model_id else None
    found = tables.query(OpenRequest, keys.OPEN_REQUESTS, condition)
    return (row for row in found if row.sk > after)


def page(
    model_id: str | None, after: str, most: int, is_shown: Callable[[str], bool]
) -> tuple[list[TransitionRequest], str | None]:
    """Open requests in the order of their ids, and the id after which there are more.

    `is_shown` says by a model's id whether to show its requests. The others leave no trace: an id would be one.
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
    """Set the fields of a request that ends with the next link of its model's audit chain."""
    request.status, request.reason, request.ended = status, reason, clock.now_ms()
    request.link = int(model.sequence) + 1


def change_of(request: TransitionRequest, action: str, **details: object) -> Change:
    """The change that stores a request as it is now, and unlists it if it has ended."""
    recorded = {"request": request.request_id, "status": request.status, **details}
    return Change(f"request:{action}", recorded, int(request.version), puts=[request], deletes=unlisted(request))


def unlisted(request: TransitionRequest) -> list[OpenRequest]:
    """The rows to delete when a request is stored: its own if it has ended."""
    return [] if request.status in rules.OPEN else [row_of(request)]


@contextmanager
def by_machine(request_id: str) -> Iterator[None]:
    """Inside the block, the audit chain records the state machine as the caller, and this request as the request id."""
    with identity.in_name_of(MACHINE), request_ids.acting_in(request_id):
        yield
