"""A generated run as the store holds it after it was created, logged to, ended, closed and sealed.

Keys, packed points, the SEALED item and the index rows come from the application's own functions. What stands here is
which items there are, and when each step was; `tests/contract/test_population.py` compares that with a run that went
through the API and the sweeper.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.edge.replies import bytes_in_reply
from chalicelib.storage import keys
from chalicelib.storage.items import IndexRow, LogCall, RunInfo, SeriesPart, Snap
from chalicelib.storage.models import RunsItem
from chalicelib.tracking.experiments import lifecycle
from chalicelib.tracking.index import sealed_runs
from chalicelib.tracking.index.index_rows import rows_of
from chalicelib.tracking.index.run_records import record
from chalicelib.tracking.metrics import pyramids
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.runs.runs import RUN_NAME_TAG, SEALED
from chalicelib.tracking.series import extremes
from chalicelib.tracking.series.packing import pack
from chalicelib.tracking.series.points import Point
from chalicelib.tracking.series.replies import metric
from tests.perf.population import GeneratedRun

# What tells one log call from others of the same millisecond; a generated run has only one call.
UNIQUE = "0" * 18


@dataclass(frozen=True)
class Moments:
    """When all calls of a run came, when the sweeper closed it, and when it sealed it (ms)."""

    written: int
    closed: int
    sealed: int


def moments(generated: GeneratedRun) -> Moments:
    """The sweeper came as soon as it could."""
    written = generated.end_time
    return Moments(written, closed=written + 60_000, sealed=written + 150_000)


def items_of(generated: GeneratedRun, experiment_id: str, at: Moments) -> Iterator[RunsItem]:
    """Every item of the run, the index rows of an active run included."""
    run = Run(
        _info(generated, experiment_id, at),
        metrics={key: Point(key, value, generated.end_time, 0) for key, value in generated.metrics.items()},
        params=dict(generated.params),
        tags={**generated.tags, RUN_NAME_TAG: generated.name},
    )
    run.extremes = extremes.of(run.metrics.values())
    run.info.metric_bytes = bytes_in_reply([metric(point) for point in run.metrics.values()])
    yield run.info
    yield from _points(run, at)
    yield sealed_runs.item_of(run, lifecycle.FOLLOWS, at.closed)
    for key in rows_of(record(run), experiment_id, lifecycle.FOLLOWS):
        yield IndexRow(*key)


def _info(generated: GeneratedRun, experiment_id: str, at: Moments) -> RunInfo:
    own = generated.traits
    return RunInfo(
        keys.run(own.run_id),
        keys.INFO,
        run_id=own.run_id,
        experiment_id=experiment_id,
        run_name=generated.name,
        user_id=generated.user,
        status="FINISHED",
        start_time=own.start_time,
        end_time=generated.end_time,
        artifact_uri=f"mlflow-artifacts:/{experiment_id}/{own.run_id}/artifacts",
        params=dict(generated.params),
        tags={**generated.tags, RUN_NAME_TAG: generated.name},
        phase=SEALED,
        phase_since=at.sealed,
        updated=at.written,
        floor=at.written,
        indexed=at.closed,
    )


def _points(run: Run, at: Moments) -> Iterator[RunsItem]:
    """The one log call, and what folding made of it."""
    pk, points = run.info.pk, list(run.metrics.values())
    packed = pack(points)
    yield LogCall(pk, keys.log(at.written, UNIQUE), points=packed)
    counts = pyramids.pack_counts({point.key: (0, 1) for point in points})
    yield Snap(pk, keys.SNAP, watermark=at.written, points=packed, folds=1, counts=counts, extremes=True)
    for point in points:
        yield SeriesPart(pk, keys.series_part(point.key, at.written, 0), points=pack([point]))
