from base64 import b64encode
from json import dumps
from random import Random

import pytest

from chalicelib.edge import compressing, replies
from chalicelib.storage.items import RunInfo
from chalicelib.tracking.columns import naming, rows
from chalicelib.tracking.columns.schemas import MOST_COLUMNS, MOST_ROWS
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.series.points import Point
from infra.local.gateway import LAMBDA_BYTES

KEYS = [f"metric {number}" for number in range(MOST_COLUMNS)]
COLUMNS = [naming.column(f"metrics.{key}") for key in KEYS]


def runs(count: int) -> list[Run]:
    chance = Random(1)
    return [
        Run(
            RunInfo(run_id=f"{chance.getrandbits(128):032x}"),
            metrics={key: Point(key, chance.random(), 1, 1) for key in KEYS},
        )
        for _ in range(count)
    ]


@pytest.mark.slow
def test_the_most_rows_and_columns_of_numbers_fit_into_one_reply_that_is_compressed() -> None:
    with compressing.answering("gzip"):
        taken = rows.fitting(runs(MOST_ROWS), COLUMNS)

    text = dumps(rows.table(taken, COLUMNS), separators=(",", ":"))
    assert len(taken) == MOST_ROWS
    assert replies.bytes_of_text(text) > replies.MOST_BYTES
    in_cursor = MOST_ROWS * 30
    assert len(b64encode(compressing.gzipped(text.encode()))) + in_cursor < LAMBDA_BYTES


@pytest.mark.slow
def test_without_compression_as_many_rows_as_fit_are_taken() -> None:
    taken = rows.fitting(runs(MOST_ROWS), COLUMNS)

    size = replies.bytes_of_text(dumps(rows.table(taken, COLUMNS), separators=(",", ":")))
    assert 0.9 * replies.MOST_BYTES < size < replies.MOST_BYTES


def test_one_row_is_always_taken() -> None:
    long = Run(RunInfo(run_id="0" * 32), tags={"text": "x" * 5_000_000})

    assert len(rows.fitting([long, long], [naming.column("tags.text")])) == 1
