"""Asking a server a question about its runs: the right page, timed, and checked each time."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.perf.bench import Server
from tests.perf.questions import Expected, Question

# No search, but in the same tables. Two fifths of MLflow's time at most.
GET_RUN = Question("get run", faster=2.5)


class WrongAnswer(Exception):
    """The runs that a server found are not those that the population has."""


@dataclass(frozen=True)
class Asked:
    """A question's request to one server, with the token of its page, and what it has to answer."""

    server: Server
    question: Question
    body: dict[str, Any]
    expected: Expected


@dataclass
class Timing:
    """Milliseconds of each call, and what the calls cost by the store's reckoning: read units and round trips."""

    question: Question
    page: int
    milliseconds: list[float] = field(default_factory=list)
    units: list[float] = field(default_factory=list)
    trips: list[float] = field(default_factory=list)
    plan: str = ""

    def add(self, milliseconds: float, response: requests.Response) -> None:
        self.milliseconds.append(milliseconds)
        self.plan = response.headers.get("X-Cumulog-Plan", "")
        # X-Cumulog-Capacity: read=1.0; write=1.0; trips=2
        capacity = response.headers.get("X-Cumulog-Capacity")
        if capacity:
            read, _, trips = (float(part.split("=")[1]) for part in capacity.split(";"))
            self.units.append(read)
            self.trips.append(trips)


def prepared(server: Server, question: Question, experiment_id: str, expected: Expected) -> Asked:
    """Turn pages up to the one that is wanted, and get it once without a clock. Raises WrongAnswer for a wrong one."""
    body = question.body(experiment_id)
    for _ in range(expected.page - 1):
        reply = server.post("runs/search", body).json()
        body = question.body(experiment_id, reply["next_page_token"])
    asked = Asked(server, question, body, expected)
    _check_end(asked, _checked(asked, server.post("runs/search", body)))
    return asked


def ask(asked: Asked, timing: Timing) -> None:
    """Ask once, and add what it took. Raises WrongAnswer."""
    start = time.perf_counter()
    response = asked.server.post("runs/search", asked.body)
    timing.add((time.perf_counter() - start) * 1_000, response)
    _checked(asked, response)


def take_turns(rivals: Sequence[Asked], turns: int, most_seconds: float) -> list[Timing]:
    """Ask the same of each in turn: three turns at least, then until time is up."""
    timings = [Timing(asked.question, asked.expected.page) for asked in rivals]
    start = time.monotonic()
    for turn in range(turns):
        if turn >= 3 and time.monotonic() - start > most_seconds:
            break
        for asked, timing in zip(rivals, timings, strict=True):
            ask(asked, timing)
    return timings


def get_in_turn(rivals: Sequence[Server], run_ids: Sequence[str]) -> list[Timing]:
    """Get each of the runs once from each."""
    timings = [Timing(GET_RUN, 1) for _ in rivals]
    for run_id in run_ids:
        for server, timing in zip(rivals, timings, strict=True):
            start = time.perf_counter()
            response = server.get("runs/get", {"run_id": run_id})
            timing.add((time.perf_counter() - start) * 1_000, response)
    return timings


def _checked(asked: Asked, response: requests.Response) -> dict[str, Any]:
    reply: dict[str, Any] = response.json()
    found = [run["info"]["run_id"] for run in reply.get("runs", ())]
    if found != asked.expected.run_ids:
        raise WrongAnswer(f"{asked.question.name}: {len(found)} runs, {_first_difference(found, asked.expected)}")
    return reply


def _check_end(asked: Asked, reply: dict[str, Any]) -> None:
    """A token where more runs follow; where none do, none or one that leads to an empty page."""
    token = reply.get("next_page_token")
    if asked.expected.more and not token:
        raise WrongAnswer(f"{asked.question.name}: no token, but there are more runs")
    if token and not asked.expected.more:
        further = asked.server.post("runs/search", {**asked.body, "page_token": token}).json()
        if further.get("runs"):
            raise WrongAnswer(f"{asked.question.name}: runs behind the last one")


def _first_difference(found: Sequence[str], expected: Expected) -> str:
    pairs = zip(found, expected.run_ids, strict=False)
    at = next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(found), expected.size))
    return f"{expected.size} expected, different from place {at} on"
