"""What searches cost and how fast they are: `python -m tests.perf.searches` (`make bench-search`).

One local stack holds experiments of 1,000, 10,000 and 100,000 sealed runs, each with 15 metrics, 20 params and 10 tags;
`export.py` loads them, `population.py` says what they are like. Every answer is compared with what the population says.

    by size        the same questions in each of the experiments: p50 and p95, read units as the store reports them,
                   round trips; of what is marked `constant` in `questions.py` the units at 10,000 and at 100,000 runs
                   may differ by 20 % at most
    beside MLflow  `mlflow server` on SQLite with the same 10,000 runs, asked in turn with ours; and runs/get
    open runs      1,000 runs that are still open, logged among the 100,000: 3 seconds at most for any question

The exit code is 1 when a limit is not kept, and an answer that is wrong ends it at once. Client, servers and stores
share this machine's cores: read the ratios. It takes ten minutes and 4 GB of disk; `--runs 1000` less than one.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra.local import stack
from tests import servers
from tests.perf import asking, export, mlflow_population, open_population, population, search_report
from tests.perf.asking import Timing
from tests.perf.bench import Server
from tests.perf.population import Span, Traits
from tests.perf.questions import QUESTIONS, answer

BESIDE_MLFLOW = 10_000
MOST_SECONDS = 10.0
OPEN_TURNS = 5


def main() -> int:
    options = _options()
    spans = population.spans(options.runs)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _progress(f"loading {sum(options.runs):,} runs")
        export.fill(folder / "ours", spans)
        with stack.running(folder / "ours") as ours:
            server = Server(ours.url)
            _create_experiments(server, spans)
            faults = _by_size(server, spans, options.turns)
            faults += _beside_mlflow(server, folder / "mlflow", spans, options.turns)
            faults += _beside_open_runs(server, spans[-1], options.open)
    print("\n".join(["", *faults]))
    return 1 if faults else 0


def _by_size(server: Server, spans: Sequence[Span], turns: int) -> list[str]:
    by_size = {}
    for span in spans:
        _progress(f"searching {span.count:,} runs")
        found = _measured([server], span.experiment_id, list(population.traits(span)), turns)
        by_size[span.count] = [ours for (ours,) in found]
    _print(search_report.growth_table(by_size))
    return list(search_report.too_much_growth(by_size))


def _beside_mlflow(server: Server, folder: Path, spans: Sequence[Span], turns: int) -> list[str]:
    span = next((span for span in spans if span.count == BESIDE_MLFLOW), spans[0])
    _progress(f"filling MLflow with {span.count:,} runs")
    with _mlflow(folder, spans, span) as rival:
        runs = list(population.traits(span))
        _check_same(rival, server, runs[0].run_id)
        _progress("asking both in turn")
        pairs = [(theirs, ours) for theirs, ours in _measured([rival, server], span.experiment_id, runs, turns)]
        theirs, ours = asking.get_in_turn([rival, server], [run.run_id for run in runs[: turns * 2]])
        pairs.append((theirs, ours))
    _print(search_report.rival_table(pairs))
    # Among a few runs every search is fast.
    return list(search_report.too_slow(pairs)) if span.count >= BESIDE_MLFLOW else []


def _beside_open_runs(server: Server, sealed: Span, count: int) -> list[str]:
    _progress(f"logging {count:,} open runs to {sealed.count:,} sealed ones")
    runs = [*population.traits(sealed), *open_population.log(server.url, sealed, count)]
    timings = [ours for (ours,) in _measured([server], sealed.experiment_id, runs, OPEN_TURNS)]
    _print(search_report.open_table(timings))
    return list(search_report.too_long(timings))


def _measured(rivals: Sequence[Server], experiment_id: str, runs: list[Traits], turns: int) -> Iterator[list[Timing]]:
    """For each question the timings of each server."""
    for question in QUESTIONS:
        expected = answer(question, runs)
        asked = [asking.prepared(server, question, experiment_id, expected) for server in rivals]
        yield asking.take_turns(asked, turns, MOST_SECONDS)


@contextmanager
def _mlflow(folder: Path, spans: Sequence[Span], filled: Span) -> Iterator[Server]:
    """MLflow's server with the same experiments, of which one has its runs."""
    with servers.mlflow(folder) as url:
        server = Server(url)
        _create_experiments(server, spans)
        mlflow_population.fill(folder / "mlflow.db", filled)
        yield server


def _create_experiments(server: Server, spans: Sequence[Span]) -> None:
    for span in spans:
        created = server.post("experiments/create", {"name": f"{span.count} runs"}).json()
        assert created["experiment_id"] == span.experiment_id, created


def _check_same(theirs: Server, ours: Server, run_id: str) -> None:
    """Both have the very same run. Raises WrongAnswer."""
    one, other = (_without_order(server.get("runs/get", {"run_id": run_id}).json()) for server in (theirs, ours))
    if one != other:
        raise asking.WrongAnswer(f"MLflow: {one}\nCumulog: {other}")


def _without_order(message: Any) -> Any:
    """The message with its lists of params, tags and metrics sorted."""
    if isinstance(message, dict):
        return {key: _without_order(value) for key, value in message.items()}
    return sorted(message, key=str) if isinstance(message, list) else message


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.perf.searches")
    parser.add_argument("--runs", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="sealed runs, ascending")
    parser.add_argument("--open", type=int, default=1_000, help="open runs beside the most sealed ones")
    parser.add_argument("--turns", type=int, default=40, help="how often each question is asked")
    return parser.parse_args()


def _progress(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text} ...", file=sys.stderr, flush=True)


def _print(lines: Iterator[str]) -> None:
    print("", *lines, sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
