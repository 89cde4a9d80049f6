"""The measurements of `make cost`, as stored in measured.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Units:
    """Read and write units of DynamoDB, calls to it, and calls to S3: `puts` of the expensive class (PUT, LIST and the
    calls of an upload in parts), `gets` of the cheap class (GET, HEAD). Deletions are free."""

    read: float = 0.0
    write: float = 0.0
    trips: float = 0.0
    puts: float = 0.0
    gets: float = 0.0

    def plus(self, other: "Units", times: float = 1.0) -> "Units":
        return Units(*(mine + times * theirs for mine, theirs in zip(self.amounts(), other.amounts(), strict=True)))

    def amounts(self) -> tuple[float, ...]:
        return self.read, self.write, self.trips, self.puts, self.gets


@dataclass(frozen=True)
class Logging:
    """A run of the shape, with its points logged in one way: its log calls, their units, the sweeper's units until it
    was sealed, and the bytes that it finally takes in the table of runs."""

    log_calls: int
    logging: Units
    sweeping: Units
    stored_bytes: int


@dataclass(frozen=True)
class Measured:
    """`calls` has the units of one call each, by name. `idle_round` and `idle_per_experiment` describe a whole round of
    the sweeper without an open run: its fixed part, and what each experiment adds. `idle_quick_round` is a round
    between the whole ones; each lease of a run adds `round_per_lease` to any round. `deployed` counts a stack's things
    that cost by the month (alarms, dashboards, custom metrics), by the name of their price.
    """

    on: str
    engine: str
    access: bool
    calls: Mapping[str, Units]
    ways: Mapping[str, Logging]
    idle_round: Units
    idle_per_experiment: Units
    idle_quick_round: Units
    round_per_lease: Units
    version_bytes: int
    deployed: Mapping[str, int]


def load(path: Path = PATH) -> Measured:
    """The last measurement."""
    return parse(json.loads(path.read_text()))


def parse(found: Mapping[str, Any]) -> Measured:
    """The fields of measured.json."""
    return Measured(
        on=found["on"],
        engine=found["engine"],
        access=found["access"],
        calls={name: Units(**units) for name, units in found["calls"].items()},
        ways={name: _logging(way) for name, way in found["ways"].items()},
        idle_round=Units(**found["idle_round"]),
        idle_per_experiment=Units(**found["idle_per_experiment"]),
        idle_quick_round=Units(**found["idle_quick_round"]),
        round_per_lease=Units(**found["round_per_lease"]),
        version_bytes=found["version_bytes"],
        deployed=dict(found["deployed"]),
    )


def _logging(way: Mapping[str, Any]) -> Logging:
    return Logging(way["log_calls"], Units(**way["logging"]), Units(**way["sweeping"]), way["stored_bytes"])
