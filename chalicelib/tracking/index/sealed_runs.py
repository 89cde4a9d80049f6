"""A sealed run as one item: packed when the run is sealed, and all that a search reads of the run.

Compact JSON, deflated: a run of 15 metrics, 20 params and 10 tags takes one read unit, and unpacks in a tenth of the
time that its items would take. A write to the run opens it first; from then on nobody reads this item.
"""

import json
import zlib
from collections.abc import Iterable
from typing import Any

from chalicelib.storage import keys, objects, parallel, tables
from chalicelib.storage.items import InputEdge, ModelEdge, RunInfo, SealedRun
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.series import stored_extremes
from chalicelib.tracking.series.points import Point

_VERSION = 1
# Longer content is stored in the bucket, because an item holds 400 KB.
_INLINE_BYTES = 300_000
_DEFLATE_LEVEL = 6

_INFO = (
    "run_id",
    "experiment_id",
    "run_name",
    "user_id",
    "status",
    "start_time",
    "end_time",
    "artifact_uri",
    "mark",
    "mark_epoch",
)


def read(run_ids: Iterable[str]) -> dict[str, Run]:
    """Read the runs that have been sealed, as they were then, by id."""
    items = tables.get_each(SealedRun, [(keys.run(run_id), keys.SEALED) for run_id in run_ids])
    runs = parallel.each(run_of, items) if any(item.stored for item in items) else map(run_of, items)
    return {run.info.run_id: run for run in runs}


def item_of(run: Run, group: str, since: int) -> SealedRun:
    """Make the item for a run that was closed at `since` (ms), with its index rows in this group."""
    item = SealedRun(keys.run(run.info.run_id), keys.SEALED, since=since, group=group)
    packed = pack(run)
    if len(packed) > _INLINE_BYTES:
        item.stored = objects.put_value(content(run))
    else:
        item.run = packed
    return item


def run_of(item: SealedRun) -> Run:
    """Return the run of an item."""
    return restored(objects.get_value(item.stored)) if item.stored else unpack(item.run)


def pack(run: Run) -> bytes:
    """Return the run as bytes."""
    text = json.dumps(content(run), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), _DEFLATE_LEVEL)


def unpack(packed: bytes) -> Run:
    """Return the run that `pack` was given."""
    return restored(json.loads(zlib.decompress(packed)))


def content(run: Run) -> dict[str, Any]:
    """Return what a search reads of a run, as JSON."""
    return {
        "version": _VERSION,
        "info": [_plain(getattr(run.info, name)) for name in _INFO],
        # A float's repr is exact, and Python's JSON supports NaN and the infinities.
        "metrics": list(run.metrics.values()),
        "extremes": stored_extremes.content(run.metrics, run.extremes),
        "params": run.params,
        "tags": run.tags,
        "inputs": [[edge.dataset, edge.name, edge.digest, edge.position, edge.tags] for edge in run.inputs],
        "model_inputs": [_model_edge(edge) for edge in run.model_inputs],
        "outputs": [_model_edge(edge) for edge in run.outputs],
    }


def restored(content: dict[str, Any]) -> Run:
    """Return the run that `content` was given."""
    info = RunInfo(**dict(zip(_INFO, content["info"], strict=True)))
    pk = info.pk = keys.run(info.run_id)
    metrics = {point[0]: Point(*point) for point in content["metrics"]}
    return Run(
        info,
        metrics=metrics,
        # Earlier versions stored none.
        extremes=stored_extremes.restored(metrics, content.get("extremes")),
        params=content["params"],
        tags=content["tags"],
        inputs=[
            InputEdge(
                pk, keys.input_edge(dataset), dataset=dataset, name=name, digest=digest, position=position, tags=tags
            )
            for dataset, name, digest, position, tags in content["inputs"]
        ],
        model_inputs=[_edge(pk, keys.model_input(each[0]), each) for each in content["model_inputs"]],
        outputs=[_edge(pk, keys.output(each[0]), each) for each in content["outputs"]],
    )


def _model_edge(edge: ModelEdge) -> list[Any]:
    return [edge.model_id, edge.position, _plain(edge.step)]


def _edge(pk: str, sort_key: str, content: list[Any]) -> ModelEdge:
    return ModelEdge(pk, sort_key, model_id=content[0], position=content[1], step=content[2])


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value
