"""The state of a model at a past moment."""

from typing import NamedTuple

from chalicelib import errors
from chalicelib.provenance import replay
from chalicelib.provenance.replay import Link, State
from chalicelib.registry.chain import audit
from chalicelib.registry.chain.audit import Walk
from chalicelib.storage.registry_items import AuditEntry


class Then(NamedTuple):
    """A model's state after the link where `walk` ended."""

    state: State
    walk: Walk


def state_at(model_id: str, at: int) -> Then:
    """The model's state at a time in ms: after all links up to then.

    Raises InvalidState if the chain is broken before: nothing after the break can be trusted.
    """
    state, walk = State(), Walk()
    for entry in audit.entries(model_id):
        if entry.at > at:
            break
        reason = walk.step(entry) or followed(state, entry)
        if reason:
            raise errors.InvalidState(f"Link {entry.sequence} of the audit chain is broken: {reason}.")
    return Then(state, walk)


def followed(state: State, entry: AuditEntry) -> str | None:
    """Apply an entry to the state, or return why that is impossible."""
    try:
        version = None if entry.version is None else int(entry.version)
        replay.follow(state, Link(int(entry.at), entry.action, version, entry.details))
    except replay.Impossible as error:
        return str(error)
    return None
