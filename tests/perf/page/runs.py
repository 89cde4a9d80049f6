"""The runs that both pages show: a table of 1,000 runs with 60 columns, and 20 long curves."""

import math
from random import Random
from typing import NamedTuple

TABLE_RUNS = 1_000
TABLE = "table of 1,000"
CURVES = "20 long curves"
CURVE_RUNS = 20
CURVE_POINTS = 1_000_000
METRICS = tuple(f"layer{number:02d}/norm" for number in range(25))
PARAMS = tuple(f"section.param_{number:02d}" for number in range(30))
TAGS = tuple(f"tag_{number}" for number in range(5))
POINTS = 10
FIRST_START_MS = 1_700_000_000_000
_CHOICES = ("adam", "sgd", "lion", "resnet50", "vit-b/16", "convnext-tiny")


class TableRun(NamedTuple):
    """A finished run; of each metric the values of its points, a step apart."""

    name: str
    start_time: int
    params: dict[str, str]
    metrics: dict[str, list[float]]
    tags: dict[str, str]

    @property
    def end_time(self) -> int:
        return self.start_time + 60_000


def table_run(number: int) -> TableRun:
    """One of the runs of the table, always the same one."""
    random = Random(number)
    params = {key: _param(random, place) for place, key in enumerate(PARAMS)}
    metrics = {key: [random.random() * math.exp(-step / 3) for step in range(POINTS)] for key in METRICS}
    tags = {key: random.choice(("vision", "speech", "robotics")) for key in TAGS}
    return TableRun(f"calm-owl-{number}", FIRST_START_MS + number * 100_000, params, metrics, tags)


def curve_value(step: int, chance: float) -> float:
    """A point of a long curve, the chance between 0 and 1."""
    return 2.5 * math.exp(-step / 250_000) + 0.3 * chance


def _param(random: Random, place: int) -> str:
    if place % 3 == 0:
        return random.choice(_CHOICES)
    return f"{random.random():.6f}" if place % 3 == 1 else str(random.choice((16, 32, 64, 128)))
