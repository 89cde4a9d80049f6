"""What came of a reproduction: the verdict, and the report that is kept with the new run."""

import math
from typing import Any, Literal, NamedTuple

from cumulog._reproduction.comparing.files import File
from cumulog._reproduction.comparing.metrics import Metric, Tolerance
from cumulog._reproduction.comparing.predictions import Predictions
from cumulog._reproduction.recorded.run import Missing
from cumulog._reproduction.repeating.causes import Cause

FORMAT = 1
FILE = "cumulog/reproduction.json"
Judgement = Literal["equal", "within_tolerance", "different", "failed"]


class Outcome(NamedTuple):
    """`origin` says where the code was from, `forced` what was asked to differ, `missing` what the record lacks."""

    old: str
    new: str
    status: str
    why: str
    origin: str
    forced: tuple[str, ...]
    allowed: Tolerance
    metrics: list[Metric]
    files: list[File]
    predictions: list[Predictions]
    causes: list[Cause]
    missing: tuple[Missing, ...]

    @property
    def verdict(self) -> Judgement:
        """What is extra is told, and is no difference. A model whose predictions agree may be written otherwise."""
        if self.status != "FINISHED":
            return "failed"
        if any(each in ("different", "missing") for each in self._verdicts()):
            return "different"
        return "within_tolerance" if any(each == "within" for each in self._by_number()) else "equal"

    def _by_number(self) -> list[str | None]:
        return [*(each.verdict for each in self.metrics), *(each.verdict for each in self.predictions)]

    def _verdicts(self) -> list[str | None]:
        return [*self._by_number(), *(each.verdict for each in self.files)]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each kind have which verdict."""
        verdicts: dict[str, list[str]] = {
            "metrics": [each.verdict for each in self.metrics],
            "files": [each.verdict for each in self.files],
            "predictions": [each.verdict or "unknown" for each in self.predictions],
        }
        return {name: {each: some.count(each) for each in sorted({*some})} for name, some in verdicts.items()}

    def differences(self) -> dict[str, int]:
        """How many of all came out how, in the server's words."""
        words = {"equal": "equal", "within": "within_tolerance", "different": "different", "missing": "missing"}
        verdicts = self._verdicts()
        return {word: verdicts.count(verdict) for verdict, word in words.items()}

    def fields(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return {
            "format": FORMAT,
            "run_id": self.old,
            "reproduced_run_id": self.new,
            "verdict": self.verdict,
            "status": self.status,
            "failure": self.why,
            "code": self.origin,
            "forced": list(self.forced),
            "tolerance": self.allowed._asdict(),
            "counts": self.counts(),
            "metrics": [_plain(each) for each in self.metrics],
            "files": [_plain(each) for each in self.files],
            "predictions": [_plain(each) for each in self.predictions],
            "causes": [each._asdict() for each in self.causes],
            "missing": [each._asdict() for each in self.missing],
        }


def _plain(row: Metric | File | Predictions) -> dict[str, Any]:
    """The fields of a row. JSON has no infinity, and no value that is not a number: they become texts."""
    return {name: _number(value) for name, value in row._asdict().items() if value not in (None, "")}


def _number(value: Any) -> Any:
    is_odd = isinstance(value, float) and not math.isfinite(value)
    return str(value) if is_odd else value
