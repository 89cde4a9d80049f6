"""What a run consumes from its creation to its sealing: `python -m tests.perf.spending`, the first half of `make cost`.

The whole application runs in this process, on dynoxide, which counts as DynamoDB does, and on ministack's S3. Time is
simulated: a run takes 10,000 seconds, a log call comes when its points are there, and the sweeper comes every minute.
Calls are ten seconds apart or more, so what is remembered for five seconds is remembered in none: the dearest way to
log. What is found goes to infra/cost/measured.json, from which `python -m infra.cost` computes dollars.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from chalicelib import clock
from chalicelib.access import filled, identity, tokens
from chalicelib.access.identity import Identity
from chalicelib.accounts import token_changes, users
from chalicelib.accounts.token_rules import Wish
from chalicelib.config import settings
from chalicelib.storage import keys, objects, tables
from chalicelib.storage.connection import connection
from chalicelib.storage.items import Filled, Lease, RunInfo
from chalicelib.sweeper.sweep import sweep, sweep_all, sweep_busy
from chalicelib.tracking.experiments import experiments
from chalicelib.tracking.runs.runs import SEALED
from infra.cost import measured, sizes, stack
from infra.cost.measured import Logging, Units
from infra.cost.workload import WAYS, Shape
from infra.deploy import package
from infra.local import engines
from infra.local.engines import OWN, Choice
from tests.perf import population, spending_calls
from tests.perf.spender import Spender

SHAPE = Shape()
ROUND_MS = 60_000
WHOLE_ROUNDS_MS = 600_000
FILLING_MS = 900_000
A_YEAR_MS = 365 * 24 * 3600 * 1000
# Longer than anything is remembered.
APART_MS = 10_000
MOST_ROUNDS = 20
OWNER = "ada"
FEW, MANY = 2, 50
LEASES = 1_000
VERSION_ITEMS = ("VERSIONS#", "AUDIT#", "RUN_VERSIONS#")

Json = dict[str, Any]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, stores(Path(folder)):
        found = measure(Spender(new_token()))
    measured.PATH.write_text(json.dumps(found, indent=2) + "\n")
    print(f"Written to {measured.PATH}.", file=sys.stderr)
    return 0


def measure(spender: Spender) -> Json:
    """The fields of measured.json."""
    experiment_id = spender.call("POST", "/experiments/create", name="cost")["experiment_id"]
    _settle(spender)
    few, many = _idle_round(spender, FEW), _idle_round(spender, MANY)
    quick = _round(spender, sweep_busy)
    leased = _round_with_leases(spender).plus(quick, -1)
    per_experiment = Units().plus(many.plus(few, -1), 1 / (MANY - FEW))
    # Runs do not pay for the sweeper's note that it is there.
    tables.put(
        Filled(keys.FILLED, keys.COMPLETE, since=0, seen=spender.now_ms + A_YEAR_MS, is_complete=True, feeds_since=0)
    )
    ways = {name: _way(spender, experiment_id, points) for name, points in WAYS.items()}
    return {
        "on": datetime.now(timezone.utc).date().isoformat(),
        "engine": "dynoxide, ministack",
        "access": spender.has_token,
        "calls": {name: asdict(units) for name, units in spending_calls.measure(spender).items()},
        "ways": {name: asdict(way) for name, way in ways.items()},
        "idle_round": asdict(few.plus(per_experiment, -FEW)),
        "idle_quick_round": asdict(quick),
        "idle_per_experiment": asdict(per_experiment),
        "round_per_lease": asdict(Units().plus(leased, 1 / LEASES)),
        "version_bytes": _bytes(settings().ledger_table, VERSION_ITEMS) // spending_calls.VERSIONS,
        "deployed": stack.counts(package.template()),
    }


def _settle(spender: Spender) -> None:
    """Let the sweeper find that no earlier version has left anything to fill in."""
    spender.sweep(sweep_all)
    spender.wait(FILLING_MS)
    spender.sweep(sweep_all)


def _idle_round(spender: Spender, wanted: int) -> Units:
    """A whole round of the sweeper, among so many experiments in which nothing happens."""
    while len(list(experiments.load_all())) < wanted:
        spender.call("POST", "/experiments/create", name=clock.unique_id())
    spender.wait(WHOLE_ROUNDS_MS)
    return _round(spender, sweep_all)


def _round_with_leases(spender: Spender) -> Units:
    """A quick round among leases that hold, of runs of which nothing else is there."""
    later = spender.now_ms + A_YEAR_MS
    numbers = {"since": later, "held_until": later, "renewed": later, "expires": later, "looked": later}
    held = [Lease(keys.LEASES, f"{number:032x}", holder=spending_calls.HOLDER, **numbers) for number in range(LEASES)]
    tables.put_all(held)
    spent = _round(spender, sweep_busy)
    tables.delete_all(held)
    return spent


def _round(spender: Spender, sweep_once: Callable[[], object]) -> Units:
    spender.wait(ROUND_MS)
    with spender.counting() as found:
        spender.sweep(sweep_once)
    return found[0]


def _way(spender: Spender, experiment_id: str, at_once: int) -> Logging:
    """A run whose points come so many at a time, from before its creation until it is sealed."""
    before = _bytes(settings().runs_table)
    sweeper = _Sweeper(spender)
    with spender.counting() as spent:
        run_id = _logged(spender, sweeper, experiment_id, at_once)
    logging = spent[0].plus(sweeper.spent, -1)
    for _ in range(MOST_ROUNDS):
        sweeper.wait(ROUND_MS)
    if not _is_sealed(run_id):
        raise RuntimeError(f"Run {run_id} is not sealed after {MOST_ROUNDS} minutes.")
    return Logging(
        log_calls=SHAPE.points // at_once,
        logging=logging,
        sweeping=sweeper.spent.plus(sweeper.last, -sweeper.rounds),
        stored_bytes=_bytes(settings().runs_table) - before,
    )


def _logged(spender: Spender, sweeper: "_Sweeper", experiment_id: str, at_once: int) -> str:
    """A run from its creation to its end, while the sweeper comes and goes."""
    run_id = _begin(spender, experiment_id)
    for start in range(0, SHAPE.points, at_once):
        sweeper.wait(at_once * SHAPE.seconds * 1_000 // SHAPE.points)
        _log(spender, run_id, start, at_once)
    spender.wait(APART_MS)
    spender.call("POST", "/runs/update", run_id=run_id, status="FINISHED", end_time=spender.now_ms)
    return run_id


class _Sweeper:
    """Comes every minute of the spender's time. `last` is what its last round spent: nothing but idling, once the run
    is sealed."""

    def __init__(self, spender: Spender) -> None:
        self.spent, self.last, self.rounds = Units(), Units(), 0
        self._spender, self._next = spender, spender.now_ms + ROUND_MS

    def wait(self, passed_ms: int) -> None:
        until = self._spender.now_ms + passed_ms
        while self._next <= until:
            self._spender.now_ms = self._next
            self._come()
            self._next += ROUND_MS
        self._spender.now_ms = until

    def _come(self) -> None:
        with self._spender.counting() as found:
            self._spender.sweep(sweep)
        self.last, self.rounds = found[0], self.rounds + 1
        self.spent = self.spent.plus(self.last)


def _begin(spender: Spender, experiment_id: str) -> str:
    """A new run with its params and tags, as a training script begins one."""
    planned = spending_calls.planned()
    spender.wait(APART_MS)
    spender.call("GET", "/experiments/get-by-name", experiment_name="cost")
    created = spender.call("POST", "/runs/create", **population.create_body(planned, experiment_id))
    run_id = str(created["run"]["info"]["run_id"])
    spender.wait(APART_MS)
    spender.call("POST", "/runs/log-batch", run_id=run_id, params=population.batch_body(planned, run_id)["params"])
    return run_id


def _log(spender: Spender, run_id: str, start: int, at_once: int) -> None:
    points = spending_calls.points(range(start, start + at_once), spender.now_ms)
    if at_once == 1:
        spender.call("POST", "/runs/log-metric", run_id=run_id, **points[0])
    else:
        spender.call("POST", "/runs/log-batch", run_id=run_id, metrics=points)


def _is_sealed(run_id: str) -> bool:
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    return info is not None and info.phase == SEALED


def _bytes(table: str, prefixes: tuple[str, ...] = ("",)) -> int:
    """What the items of a table take in storage, those whose partition key begins with one of the prefixes."""
    pages = connection().client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    items = (item for page in pages for item in page["Items"])
    return sum(sizes.stored_bytes(item) for item in items if item["pk"]["S"].startswith(prefixes))


def new_token() -> str:
    """A token of somebody who is no administrator: what such a one may has to be looked up."""
    with identity.acting_as(Identity("cumulog:cost", is_admin=True)):
        users.create(OWNER, tokens.PERSON)
        return token_changes.create(OWNER, "cost", Wish()).text


@contextmanager
def stores(folder: Path) -> Iterator[None]:
    """Empty stores on a folder, for this process alone, and the settings that lead there."""
    (folder / "logs").mkdir()
    with engines.running(Choice(OWN, OWN), folder) as started:
        for name, value in {**engines.environment(started), "CUMULOG_ACCESS": "closed"}.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        settings.cache_clear()
        started.wait_ready()
        tables.create_missing()
        filled.mark_as_new()
        objects.create_bucket()
        yield


if __name__ == "__main__":
    sys.exit(main())
