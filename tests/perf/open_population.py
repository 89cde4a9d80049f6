"""Runs that are still open, logged through the API among sealed ones."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.perf import population
from tests.perf.bench import Server
from tests.perf.population import APART_MS, Span, Traits

_THREADS = 8


def log(url: str, sealed: Span, count: int) -> list[Traits]:
    """Log so many running runs to the experiment of the sealed ones, between the last of these by their start times."""
    runs = list(_between(sealed, count))
    parts = [runs[number::_THREADS] for number in range(_THREADS)]
    with ThreadPoolExecutor(_THREADS) as pool:
        logged = pool.map(lambda part: _log_each(Server(url), sealed.experiment_id, part), parts)
    return [run for part in logged for run in part]


def _between(sealed: Span, count: int) -> Iterator[Traits]:
    """One between every other two of the sealed runs, from the last one back."""
    last = population.FIRST_START_MS + (sealed.first + sealed.count - 1) * APART_MS
    beyond = Span(sealed.experiment_id, sealed.first + sealed.count, count)
    for number, run in enumerate(population.traits(beyond)):
        yield run._replace(start_time=last - 2 * number * APART_MS - APART_MS // 2)


def _log_each(server: Server, experiment_id: str, runs: Sequence[Traits]) -> list[Traits]:
    return [run._replace(run_id=_logged(server, experiment_id, run)) for run in runs]


def _logged(server: Server, experiment_id: str, traits: Traits) -> str:
    run = population.generated(traits)
    created = server.post("runs/create", population.create_body(run, experiment_id)).json()
    run_id = str(created["run"]["info"]["run_id"])
    server.post("runs/log-batch", population.batch_body(run, run_id))
    return run_id
