"""Curves on the wire: as JSON, or as bytes, which hold the same (infra/docs/curves.md)."""

import json
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

from chalicelib.access import identity
from chalicelib.edge.replies import MOST_BYTES, Json
from chalicelib.edge.wire import double
from chalicelib.search import page
from chalicelib.tracking.metrics import curve_cursors, curves
from chalicelib.tracking.metrics.curves import Curve, Question
from chalicelib.tracking.metrics.schemas import MetricSeries
from chalicelib.tracking.series.buckets import LEAST_BUCKETS, STEP, TIME, Bucket
from chalicelib.tracking.series.sketch import Range

_MAGIC = b"CSR1"
_WORD = 8
# A bucket as JSON: two places of up to 20 characters, four values of up to 24, a count, and what separates them.
_BUCKET_BYTES = 155
# What else a series takes there: the names of its fields, whose quotes count twice.
_SERIES_BYTES = 250
_REST_BYTES = 10_000


class Columns(NamedTuple):
    """A series as named columns, integers or floats."""

    series: Json
    integers: dict[str, list[int]]
    floats: dict[str, list[float]]

    def message(self) -> Json:
        values = {name: [double(value) for value in column] for name, column in self.floats.items()}
        return {**self.series, **self.integers, **values}

    def packed(self) -> bytes:
        words = [struct.pack(f"<{len(column)}q", *column) for column in self.integers.values()]
        return b"".join(words + [struct.pack(f"<{len(column)}d", *column) for column in self.floats.values()])


class SeriesReply(NamedTuple):
    """The same reply in two forms."""

    head: Json
    columns: Sequence[Columns]

    def message(self) -> Json:
        return {**self.head, "series": [each.message() for each in self.columns]}

    def packed(self) -> bytes:
        """Magic, length of the header, header, columns. The header is JSON, filled up with spaces to whole words."""
        series = [{**each.series, "columns": [*each.integers, *each.floats]} for each in self.columns]
        header = json.dumps({**self.head, "series": series}, ensure_ascii=False, separators=(",", ":")).encode()
        header += b" " * (-len(header) % _WORD)
        return b"".join([_MAGIC, struct.pack("<I", len(header)), header, *(each.packed() for each in self.columns)])


def series(request: MetricSeries) -> SeriesReply:
    """Answer a request for curves."""
    runs, keys = list(dict.fromkeys(request.runs)), list(dict.fromkeys(request.keys))
    axis = STEP if request.x == "step" else TIME
    question = Question(
        runs, keys, Range(axis, request.from_, request.to), _share(request.points, runs, keys), request.x == "relative"
    )
    digest = _digest(request, question)
    shown = curve_cursors.redeem(request.since, digest, runs) if request.since else {}
    found = curves.read(question, shown)
    head = {
        "x": request.x,
        "runs": runs,
        "keys": keys,
        "missing": {"runs": found.missing_runs, "keys": found.missing_keys},
        "left": found.left,
        # A run that was left keeps what was shown of it before.
        "since": curve_cursors.mint(digest, runs, {**shown, **found.seen}),
    }
    return SeriesReply(head, [_columns(curve, question) for curve in found.series])


def _share(points: int, runs: Sequence[str], keys: Sequence[str]) -> int:
    """How many buckets of each series a reply can carry."""
    names = sum(2 * len(json.dumps(name).encode()) for name in (*runs, *runs, *runs, *keys, *keys))
    count = max(1, len(runs) * len(keys))
    room = MOST_BYTES - _REST_BYTES - names - count * _SERIES_BYTES
    return max(LEAST_BUCKETS, min(points, room // (count * _BUCKET_BYTES)))


def _digest(request: MetricSeries, question: Question) -> str:
    asked: list[Any] = [request.x, request.from_, request.to, request.points]
    name = identity.current().name
    return page.question_digest("metrics/series", json.dumps(asked), name, question.runs, question.keys)


def _columns(curve: Curve, question: Question) -> Columns:
    told = {"run": question.runs.index(curve.run), "key": question.keys.index(curve.key)}
    told |= {"size": len(curve.sketch.buckets)}
    told |= {"origin": curve.origin} if question.is_relative else {}
    held = curve.sketch.buckets
    if curve.sketch.is_exact:
        integers = {"x": [bucket.start - curve.origin for bucket in held]}
        return Columns({**told, "exact": True}, integers, {"value": [bucket.first for bucket in held]})
    return Columns({**told, "exact": False}, *_of_buckets(held, curve.origin))


def _of_buckets(held: Sequence[Bucket], origin: int) -> tuple[dict[str, list[int]], dict[str, list[float]]]:
    integers = {
        "start": [bucket.start - origin for bucket in held],
        "end": [bucket.end - origin for bucket in held],
        "count": [bucket.size for bucket in held],
    }
    floats = {
        "first": [bucket.first for bucket in held],
        "last": [bucket.last for bucket in held],
        "min": [bucket.low for bucket in held],
        "max": [bucket.high for bucket in held],
    }
    return integers, floats
