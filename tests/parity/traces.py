"""Seeded traces of random calls over every endpoint. The same seed always makes the same calls."""

from collections.abc import Callable, Iterator

from tests.parity import trace_experiments, trace_reads, trace_runs
from tests.parity.calls import Call
from tests.parity.world import World

_WEIGHTS: list[tuple[Callable[[World], Call], int]] = [
    (trace_experiments.create, 2),
    (trace_experiments.get, 2),
    (trace_experiments.get_by_name, 1),
    (trace_experiments.search, 3),
    (trace_experiments.rename, 1),
    (trace_experiments.delete, 1),
    (trace_experiments.restore, 1),
    (trace_experiments.set_tag, 2),
    (trace_experiments.delete_tag, 1),
    (trace_runs.create, 4),
    (trace_runs.update, 3),
    (trace_runs.delete, 1),
    (trace_runs.restore, 1),
    (trace_runs.set_tag, 3),
    (trace_runs.delete_tag, 1),
    (trace_runs.log_metric, 6),
    (trace_runs.log_parameter, 4),
    (trace_runs.log_batch, 6),
    (trace_runs.log_inputs, 2),
    (trace_runs.log_model, 1),
    (trace_reads.get_run, 6),
    (trace_reads.search_runs, 7),
    (trace_reads.get_history, 5),
    (trace_reads.get_history_bulk, 2),
    (trace_reads.get_history_bulk_interval, 3),
    (trace_reads.health, 1),
    (trace_reads.version, 1),
]


def trace(seed: int, calls: int) -> Iterator[Call]:
    """As many calls, after a start that makes three experiments and four runs; every kind occurs at least once."""
    world = World(seed)
    start = [trace_experiments.create] * 3 + [trace_runs.create] * 4
    kinds = [kind for kind, weight in _WEIGHTS for _ in range(weight)]
    chosen = [kind for kind, _ in _WEIGHTS] + world.rng.choices(kinds, k=max(0, calls - len(start) - len(_WEIGHTS)))
    world.rng.shuffle(chosen)
    for kind in start + chosen:
        yield kind(world)
    yield from _what_is_left(world)


def _what_is_left(world: World) -> Iterator[Call]:
    """Read back everything that the trace made: a wrong write must not hide because nobody looked."""
    for experiment in world.experiments:
        yield Call("GET", world.path("experiments/get"), query={"experiment_id": f"${{{experiment}}}"})
    for run in world.runs:
        yield Call("GET", world.path("runs/get"), query={"run_id": f"${{{run}}}"})
