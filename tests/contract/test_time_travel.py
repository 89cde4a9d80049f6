"""What the past is said to have been, against a model of the registry that simply remembers: random histories."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.approvals import transitions
from chalicelib.registry import aliases, models, versions
from chalicelib.registry.chain import changes
from tests import client as api
from tests.contract import registered
from tests.contract.store import empty
from tests.sampling import examples

STATE = "/api/2.0/cumulog/registry/state"
START_MS = 1_795_000_000_000
STAGES = ("None", "Staging", "Production", "Archived")


@dataclass
class Remembered:
    """A registered model as a dictionary would be one; `moments` has what it was like from each time on."""

    name: str = "wine"
    last: int = 0
    stages: dict[int, str] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    exists: bool = True
    moments: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def note(self) -> None:
        # Time never goes back in a chain, whatever a server's clock does.
        before = self.moments[-1][0] if self.moments else 0
        self.moments.append((max(clock.now_ms(), before), self.shown()))

    def at(self, moment: int) -> dict[str, Any]:
        past = [shown for since, shown in self.moments if since <= moment]
        return past[-1] if past else {"exists": False}

    def shown(self) -> dict[str, Any]:
        if not self.exists:
            return {"exists": False}
        held = {stage: [str(each) for each in sorted(self.stages) if self.stages[each] == stage] for stage in STAGES}
        return {
            "exists": True,
            "name": self.name,
            "stages": held,
            "aliases": {alias: str(number) for alias, number in self.aliases.items()},
            "versions": {str(number): stage for number, stage in self.stages.items()},
        }


# Carries out a change in both, and says whether there was anything to change.
Step = Callable[[Remembered], bool]


def _create(_: int, __: str) -> Step:
    def step(told: Remembered) -> bool:
        told.last += 1
        told.stages[told.last] = "None"
        assert registered.new_version(told.name) == told.last
        return True

    return step


def _delete(choice: int, _: str) -> Step:
    def step(told: Remembered) -> bool:
        if number := _chosen(told, choice):
            del told.stages[number]
            told.aliases = {alias: held for alias, held in told.aliases.items() if held != number}
            versions.delete(told.name, number)
        return number is not None

    return step


def _move(choice: int, word: str) -> Step:
    def step(told: Remembered) -> bool:
        if number := _chosen(told, choice):
            to = STAGES[choice // 7 % len(STAGES)]
            archive = to in ("Staging", "Production") and word in ("a", "b")
            if archive:
                others = {each: "Archived" for each, stage in told.stages.items() if stage == to}
                told.stages = {**told.stages, **others}
            told.stages[number] = to
            transitions.transition(told.name, number, to, archive)
        return number is not None

    return step


def _point(choice: int, word: str) -> Step:
    def step(told: Remembered) -> bool:
        number = _chosen(told, choice)
        if number is None or told.aliases.get(word) == number:
            return False
        told.aliases[word] = number
        aliases.set_alias(told.name, word, number)
        return True

    return step


def _unpoint(_: int, word: str) -> Step:
    def step(told: Remembered) -> bool:
        aliases.delete_alias(told.name, word)
        return told.aliases.pop(word, None) is not None

    return step


def _rename(choice: int, word: str) -> Step:
    def step(told: Remembered) -> bool:
        before, told.name = told.name, f"wine {word} {choice % 3}"
        models.rename(before, told.name)
        return True

    return step


def _describe(choice: int, word: str) -> Step:
    def step(told: Remembered) -> bool:
        models.set_tag(told.name, word, str(choice))
        models.update(told.name, word * choice)
        return True

    return step


def _chosen(told: Remembered, choice: int) -> int | None:
    numbers = sorted(told.stages)
    return numbers[choice % len(numbers)] if numbers else None


# Versions are made and moved more often than anything else.
_STEPS = [_create, _create, _create, _move, _move, _move, _move, _point, _point, _unpoint, _delete, _rename, _describe]
steps = st.builds(
    lambda make, *given: make(*given), st.sampled_from(_STEPS), st.integers(0, 99), st.sampled_from("abc")
)
# Some changes share a moment, and the next may come from a server whose clock is behind.
passed_ms = st.sampled_from([0, 0, 1, 10, 60_000, -5])


@given(st.lists(st.tuples(passed_ms, steps), min_size=5, max_size=30), st.booleans())
@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_past_is_what_it_was_at_every_moment(history: list[tuple[int, Step]], ends: bool) -> None:
    empty()
    model_id, told = _lived(history, ends)

    for moment in sorted({since + step for since, _ in told.moments for step in (-1, 0, 1)}):
        assert _seen(model_id, moment) == told.at(moment)
    assert _seen(model_id, clock.now_ms()) == told.moments[-1][1]


def test_a_moment_is_told_in_milliseconds_or_as_iso_8601() -> None:
    with clock.frozen(START_MS):
        models.create("wine", None, {})

    answers = [
        api.send("GET", STATE, query={"name": "wine", "at": at})
        for at in (START_MS, "2026-11-18T11:06:40Z", "2026-11-18T12:06:40+01:00", "2026-11-18T11:06:40", "2026-11-30")
    ]
    before = api.send("GET", STATE, query={"name": "wine", "at": "2026-11-18T11:06:39.999Z"})

    assert [answer.body.get("exists") for answer in answers] == [True] * 5
    assert {answer.body["at"] for answer in answers[:4]} == {START_MS}
    assert before.body == {
        "model_id": changes.load("wine").model_id,
        "at": START_MS - 1,
        "exists": False,
        "sequence": 0,
    }


def _lived(history: list[tuple[int, Step]], ends: bool) -> tuple[str, Remembered]:
    now, told = START_MS, Remembered()
    with clock.frozen(now):
        model_id = models.create("wine", None, {}).model_id
        told.note()
    for passed, step in history:
        now += passed
        with clock.frozen(now):
            if step(told):
                told.note()
    if ends:
        with clock.frozen(now):
            models.delete(told.name)
            told.exists = False
            told.note()
    return model_id, copy.deepcopy(told)


def _seen(model_id: str, at: int) -> dict[str, Any]:
    answer = api.send("GET", STATE, query={"model_id": model_id, "at": at})
    assert answer.status == 200, answer
    seen = answer.body
    if not seen["exists"]:
        return {"exists": False}
    stages = {each["version"]: each["current_stage"] for each in seen["versions"]}
    return {"versions": stages, **{name: seen[name] for name in ("exists", "name", "stages", "aliases")}}
