"""Random worlds of runs in several experiments, as they lie in the index: some open, some with rows out of date."""

import math
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from chalicelib.search.record import DatasetRecord, Record
from chalicelib.tracking.experiments import lifecycle
from chalicelib.tracking.experiments.lifecycle import ACTIVE, DELETED, Mark
from chalicelib.tracking.index.index_rows import Key, rows_of
from tests.unit.search import any_search
from tests.unit.search.any_search import CONTEXTS, EDGES, METRIC_KEYS, TEXT_KEYS, USERS, Language
from tests.unit.search.fake_index import FakeIndex, FakeTable, table_of

VALUES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 5e-324, -5e-324, 1e308, -1e308, 3.0, 1000.0, 2.0**53, math.nan, math.inf]
VALUES += [-math.inf, -2.0, -1000.0]
NUMBERS = [*any_search.NUMBERS, "-5e-324", "1e308", "-1e308", "1e999", "-1e999", "-2", "-1000", "3.5", "1.5"]
_LONG = "p" * 128
TEXTS = [*any_search.TEXTS, _LONG[1:], _LONG, _LONG + "p", _LONG + "a", _LONG + "b" * 99, _LONG[1:] + "\x00", "a\x00"]
TEXTS += [
    "a",
    "a\x01",
    "a\x01}",
    "\x00",
    "\x01",
    "\x7f",
    "ag",
    "a0",
    "af",
    "\U0010ffff",
    "a\U0010ffff",
    "\ud7ff",
    "\ue000",
]
TEXTS += ["日本" * 70, "日本" * 70 + "!"]
TIMES = [0, 1, 1000, 1000, 2000, 3000, -1, 2**63 - 1, -(2**63), 1_700_000_000_000]
VIEWS = [{ACTIVE}, {DELETED}, {ACTIVE, DELETED}]


@dataclass
class World:
    """`open` runs are in the index as they once were; `sealed` ones as they are, beside rows that outlived a value."""

    experiments: Mapping[str, tuple[Mark, int]]
    sealed: list[Record] = field(default_factory=list)
    open: list[Record] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    stages: dict[str, str] = field(default_factory=dict)

    def table(self) -> FakeTable:
        return table_of(self.keys)

    def visible(self, wanted: set[str]) -> list[Record]:
        """The sealed runs of these lifecycle stages."""
        return [record for record in self.sealed if self.stages[record.id] in wanted]

    def index(self, table: FakeTable, wanted: set[str]) -> FakeIndex:
        """What a search for runs of these lifecycle stages reads from."""
        scopes = [
            (experiment_id, group)
            for experiment_id, (mark, settled) in self.experiments.items()
            for group in lifecycle.groups(mark, settled, wanted)
        ]
        # The SEALED items of open runs are still there.
        runs = {record.id: record for record in [*self.open, *self.sealed] if self.stages[record.id] in wanted}
        return FakeIndex(table, scopes, runs)

    def language(self) -> Language:
        return any_search.of_runs([*self.sealed, *self.open] or [any_run(Random(0), 0.5)], NUMBERS, TEXTS)


def any_world(rng: Random, most_runs: int) -> World:
    world = World(dict(_any_experiment(rng, number) for number in range(rng.choice([1, 1, 2, 4]))))
    share = rng.choice([0.1, 0.5, 0.95])
    # With few values and keys many runs are alike; with all of them each field has few.
    few = rng.random() < 0.4
    for _ in range(rng.choice([0, 1, 2, most_runs // 10, most_runs // 3, most_runs])):
        _add(world, any_run(rng, share, few), rng)
    return world


def any_run(rng: Random, share: float, few: bool = False) -> Record:
    """A run that has this share of all keys."""
    values, texts = (VALUES[:3] + VALUES[-5:-3], TEXTS[:3]) if few else (VALUES, TEXTS)
    run_id = "".join(rng.choices(string.hexdigits[:16], k=32))
    metrics = {key: rng.choice(values) for key in METRIC_KEYS if rng.random() < share}
    params, tags = ({key: rng.choice(texts) for key in TEXT_KEYS if rng.random() < share} for _ in "ab")
    if rng.random() < 0.8:
        tags["mlflow.runName"] = rng.choice(texts)
    attributes = {
        "run_id": run_id,
        "run_name": tags.get("mlflow.runName"),
        "status": rng.choice(["FINISHED", "FAILED", "KILLED"]),
        "user_id": rng.choice([*USERS, None]),
        "artifact_uri": rng.choice([f"s3://bucket/{run_id}", "s3://bucket/" + _LONG + run_id]),
        "start_time": rng.choice(TIMES),
        "end_time": rng.choice([None, *TIMES]),
    }
    edges = [
        DatasetRecord(*edge, rng.choice([None, *CONTEXTS])) for edge in rng.sample(EDGES, rng.choice([0, 0, 1, 2]))
    ]
    return Record(run_id, attributes, metrics, params, tags, edges, size=rng.randint(1, 100))


def _any_experiment(rng: Random, number: int) -> tuple[str, tuple[Mark, int]]:
    epoch = rng.choice([0, 0, 1, 2, 3])
    return str(number), (Mark(_stage_in(epoch), epoch), rng.randint(0, epoch))


def _stage_in(epoch: int) -> str:
    """Each delete and each restore of an experiment begins an epoch."""
    return DELETED if epoch % 2 else ACTIVE


def _add(world: World, record: Record, rng: Random) -> None:
    experiment_id = rng.choice(list(world.experiments))
    mark, settled = world.experiments[experiment_id]
    own = Mark(rng.choice([ACTIVE, DELETED]), rng.randint(0, mark.epoch)) if rng.random() < 0.4 else None
    world.stages[record.id] = lifecycle.stage(mark, own)
    group = _group(mark, own, settled, rng)
    world.keys += rows_of(record, experiment_id, group)
    if rng.random() < 0.1:
        # An open run may have lost fields, and come to differ from its experiment, since its rows were put.
        world.open.append(record)
        world.keys += rows_of(any_run(rng, 0.5), experiment_id, group)
        return
    world.sealed.append(record)
    if rng.random() < 0.2:
        world.keys += _outlived(record, experiment_id, group, rng)
    if rng.random() < 0.1:
        world.keys += rows_of(record, experiment_id, rng.choice([lifecycle.FOLLOWS, lifecycle.differs(mark.epoch)]))
    if rng.random() < 0.05:
        # Of a run that is gone, or not yet there.
        world.keys += rows_of(any_run(rng, 0.5), experiment_id, group)


def _group(mark: Mark, own: Mark | None, settled: int, rng: Random) -> str:
    """Where a run's rows stand: perhaps still where it differed in an earlier epoch."""
    if own and settled <= own.epoch < mark.epoch and own.stage != _stage_in(own.epoch) and rng.random() < 0.7:
        return lifecycle.differs(own.epoch)
    return lifecycle.group(mark, own)


def _outlived(record: Record, experiment_id: str, group: str, rng: Random) -> Iterator[Key]:
    """Rows of former values of the fields that the run still has."""
    former = any_run(rng, 0.9)
    attributes = {**former.attributes, "run_id": record.id, "start_time": record.attributes["start_time"]}
    known = {pk for pk, _ in rows_of(record, experiment_id, group)}
    rows = rows_of(former._replace(id=record.id, attributes=attributes), experiment_id, group)
    return (key for key in rows if key[0] in known)
