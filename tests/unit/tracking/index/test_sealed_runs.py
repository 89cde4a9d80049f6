"""A sealed run in one piece comes out of it as it went in."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.storage import keys
from chalicelib.storage.items import InputEdge, ModelEdge, RunInfo
from chalicelib.tracking.index.run_records import record
from chalicelib.tracking.index.sealed_runs import pack, unpack
from chalicelib.tracking.runs.reading import Run
from chalicelib.tracking.series.points import Point

RUN_ID = "a" * 32
INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TEXTS = st.dictionaries(TEXT, TEXT, max_size=5)


@given(
    values=st.dictionaries(TEXT, st.floats(), max_size=5),
    timestamp=INT64,
    step=INT64,
    params=TEXTS,
    tags=TEXTS,
    start=st.none() | INT64,
)
def test_a_run_survives_packing(
    values: dict[str, float], timestamp: int, step: int, params: dict[str, str], tags: dict[str, str], start: int | None
) -> None:
    metrics = {key: Point(key, value, timestamp, step) for key, value in values.items()}
    run = Run(_info(start_time=start), metrics, params, tags)

    back = unpack(pack(run))

    assert list(map(_exact, back.metrics.values())) == list(map(_exact, metrics.values()))
    assert (back.params, back.tags) == (params, tags)
    assert back.info.serialize(null_check=False) == run.info.serialize(null_check=False)


def test_inputs_and_outputs_survive_packing_with_their_keys_and_order() -> None:
    pk, digest = keys.run(RUN_ID), "b" * 64
    edge = InputEdge(
        pk, keys.input_edge(digest), dataset=digest, name="d", digest="1", position="p", tags=[["mlflow.x", "train"]]
    )
    models = [ModelEdge(pk, keys.model_input(f"m{at}"), model_id=f"m{at}", position=str(at)) for at in (2, 1)]
    output = ModelEdge(pk, keys.output("m3"), model_id="m3", position="0", step=7)
    run = Run(_info(), inputs=[edge], model_inputs=models, outputs=[output])

    back = unpack(pack(run))

    for before, after in zip([edge, *models, output], [*back.inputs, *back.model_inputs, *back.outputs], strict=True):
        assert after.serialize() == before.serialize()


def test_the_record_of_an_unpacked_run_is_the_runs() -> None:
    run = Run(_info(end_time=5), {"m": Point("m", 0.1, 1, 2)}, {"p": "1"}, {"mlflow.runName": "n"})

    assert record(unpack(pack(run))) == record(run)


def _info(**more: Any) -> RunInfo:
    own = {"run_id": RUN_ID, "experiment_id": "1", "run_name": "n", "status": "FINISHED", "artifact_uri": "s3://b/a"}
    return RunInfo(keys.run(RUN_ID), **{**own, "mark": "deleted", "mark_epoch": 3, **more})


def _exact(point: Point) -> tuple[str, str, int, int]:
    """0.0 and -0.0 differ here, and NaN equals itself."""
    value = "NaN" if math.isnan(point.value) else point.value.hex()
    return (point.key, value, point.timestamp, point.step)
