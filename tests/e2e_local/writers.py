"""Clients that write without pause and remember exactly what they were told is stored."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests

API = "/api/2.0/mlflow"
METRIC_KEYS = ["loss", "acc", "lr"]
TIMEOUT_SECONDS = 60

Point = tuple[str, float, int, int]


@dataclass
class Written:
    """Of one run: what was acknowledged, and all that was ever sent (the last request may be either)."""

    points: set[Point] = field(default_factory=set)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def add(self, request: dict[str, Any]) -> None:
        """Note what a log-batch request carries."""
        self.points |= {(m["key"], m["value"], m["timestamp"], m["step"]) for m in request.get("metrics", [])}
        self.params |= {p["key"]: p["value"] for p in request.get("params", [])}
        self.tags |= {t["key"]: t["value"] for t in request.get("tags", [])}


@dataclass
class Writer:
    """One client: a run of its own per round, and small requests of every kind to it until the connection breaks."""

    name: str
    experiment_id: str
    acknowledged: dict[str, Written] = field(default_factory=dict)
    sent: dict[str, Written] = field(default_factory=dict)
    names_sent: set[str] = field(default_factory=set)
    names_acknowledged: set[str] = field(default_factory=set)
    answers: int = 0
    refusals: list[str] = field(default_factory=list)

    def write(self, url: str, stop: threading.Event) -> None:
        """Write until the server is gone. Nothing is ever sent twice: a new Session does not retry."""
        with requests.Session() as session:
            try:
                while not stop.is_set():
                    self._fill_a_run(session, url, stop)
            except requests.RequestException:
                return

    def _fill_a_run(self, session: requests.Session, url: str, stop: threading.Event) -> None:
        run_id = self._create(session, url)
        for path, request in requests_to(run_id):
            if stop.is_set():
                return
            self.sent[run_id].add(as_batch(path, request))
            if self._post(session, f"{url}{API}/runs/{path}", request) is not None:
                self.acknowledged[run_id].add(as_batch(path, request))

    def _create(self, session: requests.Session, url: str) -> str:
        name = f"{self.name} run {len(self.names_sent)}"
        self.names_sent.add(name)
        reply = self._post(session, f"{url}{API}/runs/create", {"experiment_id": self.experiment_id, "run_name": name})
        assert reply is not None, self.refusals
        run_id = str(reply["run"]["info"]["run_id"])
        self.names_acknowledged.add(name)
        self.acknowledged[run_id], self.sent[run_id] = Written(), Written()
        return run_id

    def _post(self, session: requests.Session, url: str, body: dict[str, Any]) -> Any:
        response = session.post(url, json=body, timeout=TIMEOUT_SECONDS)
        self.answers += 1
        if response.status_code == 200:
            return response.json()
        self.refusals.append(f"{url} {body}: {response.status_code} {response.text}")
        return None


def requests_to(run_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The requests that fill one run, each with values that occur nowhere else in it."""
    for number in range(40):
        point = {"value": number / 7, "timestamp": 1_000 + number, "step": number}
        metric = {"key": METRIC_KEYS[number % 3], **point}
        yield "log-metric", {"run_id": run_id, **metric}
        yield "log-parameter", {"run_id": run_id, "key": f"p{number}", "value": str(number)}
        yield "set-tag", {"run_id": run_id, "key": f"t{number}", "value": str(number)}
        batch = [{**metric, "timestamp": 9_000 + 10 * number + n, "step": -1 - n} for n in range(5)]
        params = [{"key": f"batch{number}", "value": str(number)}]
        tags = [{"key": f"batch{number}", "value": str(number)}]
        yield "log-batch", {"run_id": run_id, "metrics": batch, "params": params, "tags": tags}


def as_batch(path: str, request: dict[str, Any]) -> dict[str, Any]:
    """A request of any kind in the shape of log-batch."""
    kinds = {"log-metric": "metrics", "log-parameter": "params", "set-tag": "tags"}
    return {kinds[path]: [request]} if path in kinds else request
