"""The links of a chain in pages, and what a model was like at some moment."""

from dataclasses import dataclass

from chalicelib import errors
from chalicelib.provenance import replay
from chalicelib.provenance.replay import Link, State
from chalicelib.registry.chain import audit
from chalicelib.registry.chain.audit import Walk
from chalicelib.storage.registry_items import AuditEntry


@dataclass(frozen=True)
class Then:
    """What a model was like after the link where `walk` ended."""

    state: State
    walk: Walk


def state_at(model_id: str, at: int) -> Then:
    """What the model was like at a time, ms: after all the links that are not younger.

    Raises InvalidState where the chain is broken: what it says after that is not to be believed.
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
    """Change the state as an entry says, or tell why that cannot be."""
    try:
        version = None if entry.version is None else int(entry.version)
        replay.follow(state, Link(int(entry.at), entry.action, version, entry.details))
    except replay.Impossible as error:
        return str(error)
    return None
