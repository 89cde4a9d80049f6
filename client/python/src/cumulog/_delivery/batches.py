"""Records as calls to the server.

Metrics never share a call with params: a refused param refuses the whole call. Tags, calls and files keep their order.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cumulog._http.wire import Json, double
from cumulog._journal.points import Point, unpacked
from cumulog._journal.records import Kind, Record

MOST = {"metrics": 1000, "params": 100, "tags": 100}
_BATCHED = (Kind.METRICS, Kind.PARAMS, Kind.TAGS, Kind.OPEN)


@dataclass
class Batch:
    """Lines that may go in any order: at most one call's worth of metrics, or one record that has more."""

    records: list[Record] = field(default_factory=list)
    metrics: list[Json] = field(default_factory=list)
    params: list[Json] = field(default_factory=list)
    tags: list[Json] = field(default_factory=list)

    def add(self, record: Record) -> None:
        self.records.append(record)
        if record.kind == Kind.METRICS:
            self.metrics.extend(map(_metric, unpacked(record.payload)))
        elif record.kind == Kind.PARAMS:
            self.params.extend(json.loads(record.payload))
        elif record.kind == Kind.TAGS:
            self.tags.extend(json.loads(record.payload))

    def parts(self) -> Iterator[tuple[str, list[Json]]]:
        """(field of log-batch, entries) of each call."""
        for name, entries in (("params", _distinct(self.params)), ("metrics", self.metrics), ("tags", self.tags)):
            for start in range(0, len(entries), MOST[name]):
                yield name, entries[start : start + MOST[name]]


def grouped(records: Sequence[Record]) -> Iterator[Batch | Record]:
    """Batches, and between them the records that go alone."""
    batch = Batch()
    for record in records:
        if record.kind not in _BATCHED:
            if batch.records:
                yield batch
            batch = Batch()
            yield record
            continue
        batch.add(record)
        if len(batch.metrics) >= MOST["metrics"] or len(batch.records) >= MOST["metrics"]:
            yield batch
            batch = Batch()
    if batch.records:
        yield batch


def _metric(point: Point) -> Json:
    return {"key": point.key, "value": double(point.value), "timestamp": point.timestamp, "step": point.step}


def _distinct(params: list[Json]) -> list[Json]:
    """Without repetitions. One call may not name a param twice, and the server keeps the first value anyway."""
    found: dict[tuple[str, str], Json] = {(each["key"], each["value"]): each for each in params}
    return list(found.values())
