"""The hand-written cases, `cases/*.json`: one sentence each, and the calls that both servers have to answer alike.

A call is `[method, path, arguments, options]`. A path without a leading slash lies under /api/2.0/mlflow. The arguments
are the query of a GET and the JSON body of everything else; the options are further fields of `Call`. Long values are
written `{"$repeat": [text, times]}`, long lists `{"$each": [times, template]}` with `<i>` for the index.

A case finds `${experiment}`, `${run}` and what is deleted (`scene`) shared with all others, and leaves them alone; one
that writes asks for `${fresh_run}`, made for it alone, or `${fresh_experiment}` with that run in it.
"""

import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.parity.calls import API, Call

FOLDER = Path(__file__).with_name("cases")

_serial = itertools.count(1)


@dataclass(frozen=True)
class Case:
    name: str
    calls: list[Call]


def load() -> list[Case]:
    """Every case of every table, in order."""
    return [
        Case(f"{table.stem}: {entry['case']}", [_call(*written) for written in entry["calls"]])
        for table in sorted(FOLDER.glob("*.json"))
        for entry in json.loads(table.read_text(encoding="utf-8"))
    ]


def scene() -> list[Call]:
    """What every case may look at: an experiment with a run, and one deleted thing of each kind."""
    return [
        _create_experiment("experiment", "the scene's experiment"),
        _create_experiment("deleted_experiment", "the scene's deleted experiment"),
        _create_run("run", "experiment"),
        _create_run("deleted_run", "experiment"),
        _create_run("run_of_deleted_experiment", "deleted_experiment"),
        _post("runs/log-parameter", {"run_id": "${run}", "key": "p", "value": "1"}),
        _post("runs/log-metric", {"run_id": "${run}", "key": "m", "value": 1.5, "timestamp": 10, "step": 1}),
        _post("runs/set-tag", {"run_id": "${run}", "key": "t", "value": "v"}),
        _post("runs/delete", {"run_id": "${deleted_run}"}),
        _post("experiments/delete", {"experiment_id": "${deleted_experiment}"}),
    ]


def preparation(case: Case) -> list[Call]:
    """The calls that make what the case wants for itself."""
    text = repr(case.calls)
    number = next(_serial)
    if "${fresh_experiment}" in text:
        return [
            _create_experiment("fresh_experiment", f"for case {number}"),
            _create_run("fresh_run", "fresh_experiment"),
        ]
    return [_create_run("fresh_run", "experiment")] if "${fresh_run}" in text else []


def _call(method: str, path: str, arguments: Any = None, options: dict[str, Any] | None = None) -> Call:
    whole = path if path.startswith("/") else f"{API}/{path}"
    given = _expanded(arguments)
    if method == "GET":
        return Call(method, whole, query=given or {}, **(options or {}))
    return Call(method, whole, body=given, **(options or {}))


def _post(path: str, body: dict[str, Any]) -> Call:
    return Call("POST", f"{API}/{path}", body=body)


def _create_experiment(symbol: str, name: str) -> Call:
    return Call("POST", f"{API}/experiments/create", body={"name": name}, learn={symbol: "experiment_id"})


def _create_run(symbol: str, experiment: str) -> Call:
    body = {"experiment_id": f"${{{experiment}}}", "run_name": symbol, "start_time": 1_000}
    return Call("POST", f"{API}/runs/create", body=body, learn={symbol: "run.info.run_id"})


def _expanded(value: Any) -> Any:
    if isinstance(value, list):
        return [_expanded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$repeat" in value:
        text, times = value["$repeat"]
        return text * times
    if "$each" in value:
        times, template = value["$each"]
        written = json.dumps(template)
        return [_expanded(json.loads(written.replace("<i>", str(index)))) for index in range(times)]
    return {key: _expanded(item) for key, item in value.items()}
