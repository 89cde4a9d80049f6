"""What a client of columns does: asks for them, and keeps a table up to date by what has changed."""

import json
from typing import Any

from tests import client as api
from tests.client import Answer

PATH = "/api/2.0/cumulog/runs/columns"

Table = dict[str, list[Any]]


def ask(**fields: Any) -> Answer:
    return api.send("POST", PATH, json.dumps(fields).encode())


def asked(**fields: Any) -> dict[str, Any]:
    """The reply to what has to work."""
    answer = ask(**fields)
    assert answer.status == 200, answer.body
    return answer.body


def by_run(reply: dict[str, Any]) -> Table:
    """A reply's values by run, in its order."""
    arrays = reply["columns"].values()
    return {run_id: [array[at] for array in arrays] for at, run_id in enumerate(reply["run_ids"])}


def brought_up(table: Table, reply: dict[str, Any]) -> Table:
    """A table with what a reply says of it."""
    if reply.get("unchanged"):
        return table
    merged = {**table, **by_run(reply["changed"])}
    return {run_id: merged[run_id] for run_id in reply.get("run_ids", table)}
