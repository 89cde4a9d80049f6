"""What a random trace knows of the two servers: which things it has made, and a supply of values to try.

Nothing here has seen a server; a thing is the name under which both will remember their own id for it.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.parity.calls import AJAX, API

UNKNOWN_RUN = "0123456789abcdef0123456789abcdef"
UNKNOWN_EXPERIMENT = "987654321"

METRICS = ["loss", "acc", "val/loss", "learning rate", "f1.macro"]
PARAMS = ["depth", "lr", "optimizer.name", "ünï/code"]
TAGS = ["team", "stage", "mlflow.note.content", "a b", "empty"]
TEXTS = ["", "red", "blue", "Blue", "it is 7", "日本", "😀 x", "per%cent", "under_score", 'quote"s', "9"]
BAD_KEYS = ["a+b", "../up", "/root", "a//b", "k" * 251, "", "new\nline"]

# One key that no filter or order mentions: MLflow clamps infinite values, so that sorting by them would differ too.
UNBOUNDED = "unbounded"


@dataclass
class World:
    """The random source of one trace and the things in it. All names carry the seed: the seeds share their servers."""

    seed: int
    rng: Random = field(init=False)
    experiments: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    minutes: int = 0

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)

    @property
    def prefix(self) -> str:
        return f"seed {self.seed}"

    def path(self, end: str) -> str:
        """The endpoint under one of the two prefixes that MLflow serves it at."""
        return f"{self.rng.choice([API, API, AJAX])}/{end}"

    def experiment(self) -> str:
        """An experiment that was made, seldom one that nobody made."""
        if not self.experiments or self.chance(0.04):
            return UNKNOWN_EXPERIMENT
        return f"${{{self.rng.choice(self.experiments)}}}"

    def run(self) -> str:
        """A run that was made, in whatever state, the newer ones more often; seldom one that nobody made."""
        if not self.runs or self.chance(0.03):
            return UNKNOWN_RUN
        newer = self.runs[-6:] if self.chance(0.6) else self.runs
        return f"${{{self.rng.choice(newer)}}}"

    def time(self) -> int:
        """Milliseconds that no other call of this trace was given: equal start times would be ordered by run id."""
        self.minutes += 1
        return 1_700_000_000_000 + self.minutes * 60_000

    def key(self, keys: list[str]) -> str:
        return self.rng.choice(BAD_KEYS) if self.chance(0.05) else self.rng.choice(keys)

    def text(self) -> str:
        return "v" * self.rng.choice([500, 6001, 8001]) if self.chance(0.03) else self.rng.choice(TEXTS)

    def point(self) -> dict[str, Any]:
        """A metric as log-metric and log-batch take it; steps and timestamps collide often."""
        key = UNBOUNDED if self.chance(0.08) else self.key(METRICS)
        value = self.rng.choice(["Infinity", "-Infinity", 0.5]) if key == UNBOUNDED else self.value()
        point: dict[str, Any] = {"key": key, "value": value, "timestamp": self.number(0, 30)}
        if self.chance(0.8):
            point["step"] = self.number(-2, 9)
        return point

    def value(self) -> float | str:
        return self.rng.choice([0, 1, -1.5, 0.25, 1e-300, 1e300, "NaN", "2.5", self.rng.random(), self.rng.random()])

    def number(self, low: int, high: int) -> int | str:
        """An integer, at times as the text of its digits."""
        number = self.rng.randint(low, high)
        return str(number) if self.chance(0.1) else number

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability
