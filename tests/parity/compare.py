"""Does ours answer as MLflow does? A sentence about the first thing that differs, or None."""

import math
from dataclasses import dataclass, field
from typing import Any

from tests.parity.calls import Call, Reply, Side
from tests.parity.differences import DIFFERENCES, Answer, Difference, excuse
from tests.parity.masks import masked, masked_text


@dataclass
class Tally:
    """Figures of a whole session, for the summary line."""

    calls: int = 0
    refusals: int = 0
    known: int = 0
    messages: list[str] = field(default_factory=list)


@dataclass
class Pair:
    """The two servers under one set of calls. `self_check`: MLflow stands on both sides, to try the harness itself."""

    theirs: Side
    ours: Side
    self_check: bool = False
    tally: Tally = field(default_factory=Tally)

    def compare(self, call: Call) -> list[str]:
        """Send the call, and the pages that follow it, to both; what differs, in sentences."""
        found: list[str] = []
        asked: tuple[Call, Call] | None = (call, call)
        for _ in range(max(1, call.pages)):
            theirs, ours = self.theirs.send(asked[0]), self.ours.send(asked[1])
            found += self._mismatches(call, theirs, ours)
            asked = _next_page(call, theirs, ours)
            if found or asked is None:
                break
        return found

    def prepare(self, call: Call) -> None:
        """Send the call to both, which have to accept it. What they answer is compared by the cases about that call."""
        for side in (self.theirs, self.ours):
            reply = side.send(call)
            assert reply.status == 200, f"{side.url}: {call.method} {call.path}: {reply}"

    def _mismatches(self, call: Call, theirs: Reply, ours: Reply) -> list[str]:
        self.tally.calls += 1
        difference = DIFFERENCES[call.difference] if call.difference else None
        reason = self._unlike_the_entry(difference, theirs, ours) if difference else self._unlike(theirs, ours)
        if theirs.status != 200:
            self._note_message(call, theirs, ours)
        return [_sentence(call, reason, theirs, ours)] if reason else []

    def _unlike_the_entry(self, difference: Difference, theirs: Reply, ours: Reply) -> str | None:
        self.tally.known += 1
        if _answer(theirs) != difference.theirs:
            return f"MLflow no longer answers {difference.theirs}"
        expected = difference.theirs if self.self_check else difference.ours
        return None if _answer(ours) == expected else f"expected {expected}: {difference.reason}"

    def _unlike(self, theirs: Reply, ours: Reply) -> str | None:
        if _answer(theirs) != _answer(ours):
            return "another status or error_code"
        where = self._first_difference(
            "$", masked(theirs.payload, self.theirs.names), masked(ours.payload, self.ours.names)
        )
        return f"the payload differs at {where}" if where else None

    def _first_difference(self, where: str, theirs: Any, ours: Any) -> str | None:
        if isinstance(theirs, dict) and isinstance(ours, dict):
            if theirs.keys() != ours.keys():
                return f"{where}: keys {sorted(theirs)} and {sorted(ours)}"
            pairs = [(f"{where}.{key}", theirs[key], ours[key]) for key in theirs]
        elif isinstance(theirs, list) and isinstance(ours, list):
            if len(theirs) != len(ours):
                return f"{where}: {len(theirs)} and {len(ours)} entries"
            pairs = [(f"{where}[{n}]", *both) for n, both in enumerate(zip(theirs, ours, strict=True))]
        else:
            return None if self._same(theirs, ours) else f"{where}: {theirs!r:.200} and {ours!r:.200}"
        return next((found for item in pairs if (found := self._first_difference(*item))), None)

    def _same(self, theirs: Any, ours: Any) -> bool:
        if _equal(theirs, ours):
            return True
        if not excuse(theirs, ours):
            return False
        self.tally.known += 1
        return True

    def _note_message(self, call: Call, theirs: Reply, ours: Reply) -> None:
        self.tally.refusals += 1
        said = masked_text(theirs.message, self.theirs.names), masked_text(ours.message, self.ours.names)
        if said[0] is not None and said[0] != said[1]:
            self.tally.messages.append(f"{call.method} {call.path}\n    {said[0]!r:.300}\n    {said[1]!r:.300}")


def _answer(reply: Reply) -> Answer:
    return (reply.status, reply.error_code)


def _equal(theirs: Any, ours: Any) -> bool:
    if isinstance(theirs, float) and isinstance(ours, float) and math.isnan(theirs) and math.isnan(ours):
        return True
    # JSON does not tell 1 from 1.0, and nor do the clients; but true is no number.
    return isinstance(theirs, bool) == isinstance(ours, bool) and theirs == ours


def _next_page(call: Call, theirs: Reply, ours: Reply) -> tuple[Call, Call] | None:
    tokens = [
        reply.payload.get("next_page_token") if isinstance(reply.payload, dict) else None for reply in (theirs, ours)
    ]
    if not all(tokens):
        return None
    return call.with_token(tokens[0]), call.with_token(tokens[1])


def _sentence(call: Call, reason: str, theirs: Reply, ours: Reply) -> str:
    sent = call.raw if call.raw is not None else call.body if call.body is not None else dict(call.query)
    return (
        f"{call.method} {call.path} {sent!r:.600}\n  {reason}\n"
        f"  MLflow: {theirs.status} {theirs.error_code} {(theirs.message or theirs.payload)!r:.600}\n"
        f"  ours:   {ours.status} {ours.error_code} {(ours.message or ours.payload)!r:.600}"
    )
