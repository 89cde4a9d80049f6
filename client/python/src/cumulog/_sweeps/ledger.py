"""The runs of a sweep on the server. They are all that a sweep keeps: who continues it reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

from cumulog._client.client import Client
from cumulog._sweeps.declared import Objective
from cumulog._sweeps.stopping import Curve
from cumulog._sweeps.trials import ATTEMPT, STOPPED, TRIAL, Attempt, Trial

_PAGE = 1000
_MOST_CURVES = 100
_POINTS = 512


class Ledger:
    """Its methods raise ApiError."""

    def __init__(self, client: Client, experiment_id: str, sweep_id: str, names: Sequence[str]) -> None:
        """`names` are the parameters of the sweep's space."""
        self._client = client
        self._experiment_id = experiment_id
        self._sweep_id = sweep_id
        self._names = names

    def attempts(self, objective: Objective | None) -> list[Attempt]:
        """All runs of the sweep that are not deleted."""
        wanted = f"tags.`mlflow.parentRunId` = '{self._sweep_id}'"
        pages = self._client.pages(
            self._client.runs.search, experiment_ids=[self._experiment_id], filter=wanted, max_results=_PAGE
        )
        found = (self._attempt(run, objective) for page in pages for run in page.get("runs", []))
        return [each for each in found if each]

    def value(self, run_id: str, objective: Objective | None) -> float | None:
        """The last value of the objective; None if the run has none."""
        return _value(self._client.runs.get(run_id)["run"]["data"], objective)

    def curves(self, run_ids: Sequence[str], objective: Objective) -> dict[str, Curve]:
        """By run, the objective at each step; of long ones its best value within a stretch of steps."""
        found: dict[str, Curve] = {}
        for start in range(0, len(run_ids), _MOST_CURVES):
            asked = list(run_ids[start : start + _MOST_CURVES])
            reply = self._client.metrics.series(asked, [objective.key], points=_POINTS)
            found |= {reply["runs"][each["run"]]: _curve(each, objective) for each in reply["series"]}
        return found

    def mark(self, run_id: str, why: str) -> None:
        """Note that the sweep stops a run."""
        self._client.runs.set_tag(run_id, STOPPED, value=why)

    def kill(self, run_id: str) -> None:
        """End the run of a process that is gone."""
        self._client.runs.update(run_id, status="KILLED")

    def _attempt(self, run: Any, objective: Objective | None) -> Attempt | None:
        data = run["data"]
        tags = _named(data.get("tags", []))
        number, attempt = tags.get(TRIAL, ""), tags.get(ATTEMPT, "1")
        if not (number.isdecimal() and attempt.isdecimal()):
            # A child of another kind.
            return None
        params = {name: value for name, value in _named(data.get("params", [])).items() if name in self._names}
        trial = Trial(int(number), params, int(attempt))
        info = run["info"]
        return Attempt(trial, info["run_id"], info["status"], _value(data, objective), STOPPED in tags)


def _value(data: Any, objective: Objective | None) -> float | None:
    if objective is None:
        return None
    found = next((each["value"] for each in data.get("metrics", []) if each["key"] == objective.key), None)
    value = None if found is None else float(found)
    # A loss that is no number says nothing of how good a trial is.
    return None if value != value else value


def _curve(series: Any, objective: Objective) -> Curve:
    if series["exact"]:
        return [(step, float(value)) for step, value in zip(series["x"], series["value"], strict=True)]
    best = series["max" if objective.is_maximized else "min"]
    return [(step, float(value)) for step, value in zip(series["end"], best, strict=True)]


def _named(entries: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {each["key"]: each["value"] for each in entries}
