"""Events of the registry, for deployment and notification: each event announces one link of an audit chain.

`registry.version.stage.set` announces the link `version:stage:set`, and so on. An event carries the link's number and
digest; a receiver that keeps them can check the chain against them later. An event may arrive twice, with one number.
"""

import logging
from collections.abc import Callable

from chalicelib.errors import RetryLater
from chalicelib.storage import events, keys, tables
from chalicelib.storage.registry_items import AuditEntry, RegisteredModel, TransitionRequest

log = logging.getLogger("cumulog")


def announce(model_id: str, name: str, sequence: int) -> None:
    """Send the event of a link. Does nothing if the link is missing. Raises RetryLater."""
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
    """Send the event of how a request ended; a request that ended with its model has none. Raises RetryLater."""
    if request.link is not None:
        announce(request.model_id, request.name, int(request.link))


def try_to_announce(model: RegisteredModel) -> None:
    """Announce a model's last change. A failure is only logged: the change is made, and the reply must say so."""
    _tried(lambda: announce(model.model_id, model.name, int(model.sequence)))


def try_to_announce_end(request: TransitionRequest) -> None:
    """Announce how a request ended. A failure is only logged."""
    _tried(lambda: announce_end(request))


def _tried(call: Callable[[], None]) -> None:
    try:
        call()
    except RetryLater as error:
        log.warning("A change of the registry was not announced: %s", error.message)
