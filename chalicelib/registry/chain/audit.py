"""The audit chain of a registered model: who did what, when and why, each link holding the digest of the one before.

An entry's digest is the SHA-256 of all its other fields as canonical JSON (sorted keys, no blanks, UTF-8). To alter,
drop, add or move an entry in the store, one must alter every later entry too, and the head in the model's item. A
reader who has noted the head, from a reply or an event, can check the chain against it at any time
(`verify(…, noted)`). `provenance/` has the queries on a chain.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from chalicelib import clock, errors
from chalicelib.access import identity
from chalicelib.edge import request_ids
from chalicelib.storage import keys, tables
from chalicelib.storage.registry_items import AuditEntry, RegisteredModel
from chalicelib.storage.tables import Condition

# The first link's `previous`.
BEGINNING = ""
_ANONYMOUS = "anonymous"
_LONGEST, _SHOWN = 1000, 200


class Noted(NamedTuple):
    """A link that a reader noted earlier: its number and digest."""

    sequence: int
    digest: str


class Verdict(NamedTuple):
    """`bad` is the number of the first wrong link and `reason` what is wrong with it; both None in a valid chain."""

    entries: int
    bad: int | None = None
    reason: str | None = None


def next_entry(model: RegisteredModel, action: str, version: int | None, details: Mapping[str, Any]) -> AuditEntry:
    """The link after the model's last one, with a unique `change`. Time never goes back in a chain."""
    sequence = int(model.sequence) + 1
    entry = AuditEntry(
        keys.audit(model.model_id),
        keys.audit_entry(sequence),
        sequence=sequence,
        at=max(clock.now_ms(), int(model.head_at)),
        who=identity.current().name or _ANONYMOUS,
        action=action,
        request_id=request_ids.current(),
        version=version,
        details=brief(dict(details)),
        previous=model.head,
        change=clock.unique_id(),
    )
    entry.digest = digest_of(entry)
    return entry


def brief(details: Any) -> Any:
    """The details with long texts replaced by their digests: two values of a tag may outgrow the entry's item."""
    if isinstance(details, dict):
        return {key: brief(value) for key, value in details.items()}
    if isinstance(details, str) and len(details) > _LONGEST:
        sha256 = hashlib.sha256(details.encode()).hexdigest()
        return {"begins": details[:_SHOWN], "characters": len(details), "sha256": sha256}
    return details


def digest_of(entry: AuditEntry) -> str:
    """The digest that this entry must have: 64 hexadecimal digits."""
    fields = {
        "chain": entry.pk,
        "sequence": entry.sequence,
        "at": entry.at,
        "who": entry.who,
        "action": entry.action,
        "request_id": entry.request_id,
        "version": entry.version,
        "details": entry.details,
        "previous": entry.previous,
        "change": entry.change,
    }
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def entries(model_id: str, after: int = 0, most: int | None = None) -> Iterator[AuditEntry]:
    """The links after number `after`, in order, read lazily; with `most`, only those of the next `most` numbers.

    Raises InvalidState for a link that is not stored as it was written.
    """
    return tables.query(AuditEntry, keys.audit(model_id), _range(after, most), _as_written)


@dataclass
class Walk:
    """How far a chain is valid: number, digest and time of its last good link."""

    count: int = 0
    digest: str = BEGINNING
    at: int = 0

    def step(self, entry: AuditEntry, noted: Noted | None = None) -> str | None:
        """Advance to the next link, or return what is wrong with it."""
        reason = _fault(entry, self.count + 1, self.digest, self.at)
        if reason is None and noted is not None and noted.sequence == self.count + 1 and noted.digest != entry.digest:
            reason = "it is not the link that was noted"
        if reason is None:
            self.count, self.digest, self.at = self.count + 1, entry.digest, int(entry.at)
        return reason

    def end(self, model: RegisteredModel, noted: Noted | None = None) -> Verdict:
        """The verdict on a chain that has no further link."""
        missing = max(int(model.sequence), noted.sequence if noted else 0)
        if self.count < missing:
            return Verdict(self.count, self.count + 1, "it is missing")
        if self.count > model.sequence:
            return Verdict(self.count, int(model.sequence) + 1, "the model's last link is the one before")
        if (self.digest, self.at) != (model.head, model.head_at):
            return Verdict(self.count, max(self.count, 1), "it is not the model's last link")
        return Verdict(self.count)


def verify(chain: Iterable[AuditEntry], model: RegisteredModel, noted: Noted | None = None) -> Verdict:
    """Walk a chain; the verdict names the first link that is not as it was made."""
    walk = Walk()
    return faulty(walk, chain, noted) or walk.end(model, noted)


def faulty(walk: Walk, chain: Iterable[AuditEntry], noted: Noted | None = None) -> Verdict | None:
    """Walk on; the verdict names the first link that is wrong in itself, None if all are good."""
    try:
        for entry in chain:
            if reason := walk.step(entry, noted):
                return Verdict(walk.count, walk.count + 1, reason)
    except errors.InvalidState as error:
        return Verdict(walk.count, walk.count + 1, error.message)
    return None


def _range(after: int, most: int | None) -> Condition | None:
    first, last = keys.audit_entry(after + 1), keys.audit_entry(after + most) if most is not None else None
    if after == 0:
        # No lower bound, so that a forged link before number 1 is found too.
        return AuditEntry.sk <= last if last else None
    return AuditEntry.sk.between(first, last) if last else AuditEntry.sk > keys.audit_entry(after)


def _as_written(raw: dict[str, Any]) -> AuditEntry:
    """The entry, if storing it again would change nothing. Otherwise it has something that the digest does not cover.

    Raises InvalidState.
    """
    try:
        entry = AuditEntry.from_raw_data(raw)
        is_same = entry.serialize() == raw
    except (TypeError, ValueError):
        # An attribute of another type, a missing attribute, or a text that is not JSON.
        is_same = False
    if not is_same:
        number = raw["sk"]["S"].lstrip("0")
        raise errors.InvalidState(f"Link {number} of the audit chain is not stored as it was written.")
    return entry


def _fault(entry: AuditEntry, sequence: int, previous: str, at: int) -> str | None:
    if entry.sk != keys.audit_entry(sequence) or entry.sequence != sequence:
        return "another link is in its place"
    if entry.previous != previous:
        return "it does not follow the link before"
    if entry.digest != digest_of(entry):
        return "its content does not match its digest"
    if entry.at < at:
        return "it is older than the link before"
    return None
