"""What `make cost` measured, as it lies in measured.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Units:
    """Read and write units of DynamoDB, calls to it, and calls to S3: those of the dear class (PUT, LIST and what an
    upload in parts needs) and those of the cheap one (GET, HEAD). Deletions are free."""

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
    """A run of the shape, whose points came one way: its log calls in all, what the sweeper did for it until it was
    sealed, and the bytes it takes in the table of runs when all is done."""

    log_calls: int
    logging: Units
    sweeping: Units
    stored_bytes: int


@dataclass(frozen=True)
class Measured:
    """`calls` are one call each, by name. `idle_round` and `idle_per_experiment` are one whole round of the sweeper
    without an open run: what it takes anyway, and what each experiment adds; `idle_quick_round` is one between these.
    `deployed` counts what a stack has of things that cost by the month (alarms, dashboards, custom metrics), by the
    name of their price.
    """

    on: str
    engine: str
    access: bool
    calls: Mapping[str, Units]
    ways: Mapping[str, Logging]
    idle_round: Units
    idle_per_experiment: Units
    idle_quick_round: Units
    version_bytes: int
    deployed: Mapping[str, int]


def load(path: Path = PATH) -> Measured:
    """What was measured last."""
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
        version_bytes=found["version_bytes"],
        deployed=dict(found["deployed"]),
    )


def _logging(way: Mapping[str, Any]) -> Logging:
    return Logging(way["log_calls"], Units(**way["logging"]), Units(**way["sweeping"]), way["stored_bytes"])
