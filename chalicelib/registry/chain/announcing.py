"""Events of the registry, for whoever deploys or notifies: each tells of one link of an audit chain.

`registry.version.stage.set` is the link `version:stage:set`, and so on. An event carries the link's number and digest:
who keeps them can hold the chain against them later. It may come twice, and the number tells.
"""

import logging
from collections.abc import Callable

from chalicelib.errors import RetryLater
from chalicelib.storage import events, keys, tables
from chalicelib.storage.registry_items import AuditEntry, RegisteredModel, TransitionRequest

log = logging.getLogger("cumulog")


def announce(model_id: str, name: str, sequence: int) -> None:
    """Put the event of a link. Raises RetryLater; a link that is not there is none to tell of."""
    entry = tables.get(AuditEntry, keys.audit(model_id), keys.audit_entry(sequence))
    if entry is None:
        return
    detail = {
        "model_id": model_id,
        "name": name,
        "version": None if entry.version is None else int(entry.version),
        "sequence": sequence,
        "digest": entry.digest,
        "at": int(entry.at),
        "who": entry.who,
        "details": entry.details,
    }
    events.put("registry." + entry.action.replace(":", "."), detail)


def announce_end(request: TransitionRequest) -> None:
    """Put the event of how a request ended. Raises RetryLater; one that ended with its model has none."""
    if request.link is not None:
        announce(request.model_id, request.name, int(request.link))


def tell(model: RegisteredModel) -> None:
    """Announce the last change of a model, if that can be done: the change is made, and its caller must hear so."""
    _tried(lambda: announce(model.model_id, model.name, int(model.sequence)))


def tell_end(request: TransitionRequest) -> None:
    """Announce how a request ended, if that can be done."""
    _tried(lambda: announce_end(request))


def _tried(call: Callable[[], None]) -> None:
    try:
        call()
    except RetryLater as error:
        log.warning("A change of the registry was not announced: %s", error.message)
