"""Verifying a chain, and its model's stored state against it, while others go on changing the model.

    model → its chain up to that link → its versions → the model again → the links since

The model's item is written together with its last link, so the item from the second read is compared. A version that
the links since then changed may have been read before or after them, so it is not compared: the next call will do it. A
chain that is too long for one call is verified in portions; the state is compared only if one portion was enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib import errors
from chalicelib.provenance import comparing, history
from chalicelib.provenance.comparing import Difference
from chalicelib.provenance.replay import State
from chalicelib.registry import versions
from chalicelib.registry.chain import audit, changes
from chalicelib.registry.chain.audit import Noted, Verdict, Walk
from chalicelib.storage import keys, tables
from chalicelib.storage.registry_items import AuditEntry, ModelName, ModelVersion, RegisteredModel

# As many take some seconds of a Lambda's 29.
MOST_LINKS = 20_000


class Report(NamedTuple):
    """The verdict up to where the walk stopped, and the differences between store and chain, None if not compared.

    `is_whole` is False if the walk must continue in another call.
    """

    model: RegisteredModel
    verdict: Verdict
    walk: Walk
    is_whole: bool = True
    differences: list[Difference] | None = None


@dataclass
class _Course:
    """A walk along a chain. `state` is None if it did not begin at the first link."""

    walk: Walk
    noted: Noted | None
    state: State | None
    impossible: str | None = None
    touched: set[int] = field(default_factory=set)

    def advance(self, model: RegisteredModel, until: int) -> Verdict | None:
        """Walk up to link `until`, which must exist; a verdict if a link on the way is bad or missing."""
        if until <= self.walk.count:
            return None
        bad = audit.faulty(self.walk, self._links(model.model_id, until - self.walk.count), self.noted)
        return bad or (self.walk.end(model, self.noted) if self.walk.count < until else None)

    def _links(self, model_id: str, most: int) -> Iterator[AuditEntry]:
        for entry in audit.entries(model_id, self.walk.count, most):
            yield entry
            # The generator resumes here only when the link was found to be good.
            if self.state is not None and self.impossible is None:
                self.impossible = history.followed(self.state, entry)
            self.touched |= _versions_in(entry)


class _Stored(NamedTuple):
    """The stored state besides the model's own item."""

    versions: list[ModelVersion]
    name: str
    holder: str | None


def verify(
    model: RegisteredModel, noted: Noted | None = None, start: Walk | None = None, most: int = MOST_LINKS
) -> Report:
    """Verify at most `most` links of a model's chain, from the first link or from where an earlier call stopped."""
    course = _Course(start or Walk(), noted, None if start else State())
    until = min(int(model.sequence), course.walk.count + most)
    bad = course.advance(model, until)
    if bad or until < model.sequence:
        return Report(model, bad or Verdict(course.walk.count), course.walk, is_whole=bad is not None)
    stored = _stored(model)
    return _concluded(course, _again(model), stored)


def _concluded(course: _Course, model: RegisteredModel, stored: _Stored) -> Report:
    """The report on the model as it is now; `stored` was read after the course got to where it is."""
    course.touched.clear()
    bad = course.advance(model, int(model.sequence)) or _too_many(model)
    verdict = bad or course.walk.end(model, course.noted)
    if verdict.bad is not None or course.state is None:
        return Report(model, verdict, course.walk)
    return Report(model, verdict, course.walk, differences=_differences(course, course.state, model, stored))


def _differences(course: _Course, state: State, model: RegisteredModel, stored: _Stored) -> list[Difference]:
    if course.impossible:
        return [Difference("history", None, course.impossible, None)]
    holder = stored.holder if stored.name == model.name else model.model_id
    found = comparing.differences(state, model, stored.versions, holder)
    return [each for each in found if each.version not in course.touched]


def _too_many(model: RegisteredModel) -> Verdict | None:
    """A verdict if there is a link after the model's last one, and not because it was just made."""
    last = int(model.sequence)
    try:
        further = next(audit.entries(model.model_id, last), None) is not None
    except errors.InvalidState:
        further = True
    if further and _again(model).sequence == last:
        return Verdict(last, last + 1, "the model's last link is the one before")
    return None


def _versions_in(entry: AuditEntry) -> set[int]:
    """The versions that a link changed; none if its details have an unexpected shape."""
    archived = entry.details.get("archived", ()) if isinstance(entry.details, dict) else ()
    return {int(number) for number in (entry.version, *archived) if isinstance(number, int)}


def _stored(model: RegisteredModel) -> _Stored:
    name = tables.get(ModelName, keys.model_name(model.name), keys.NAME)
    return _Stored(list(versions.all_of(model.model_id)), model.name, name.model_id if name else None)


def _again(model: RegisteredModel) -> RegisteredModel:
    found = changes.load_even_deleted(model.model_id)
    if found is None:
        raise changes.missing_id(model.model_id)
    return found
