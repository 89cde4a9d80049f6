"""The registry under random calls, and a rename with many versions: ours answers as MLflow does."""

import pytest

from tests.parity import trace_registry
from tests.parity.calls import API, Call
from tests.parity.compare import Pair
from tests.sampling import times

CALLS = times(100, nightly=250)
VERSIONS = times(105, nightly=150)


@pytest.mark.sampled(keep=1)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ours_answers_a_random_trace_as_mlflow_does(pair: Pair, seed: int) -> None:
    before = pair.tally.calls

    found = [sentence for call in trace_registry.trace(seed, CALLS) for sentence in pair.compare(call)]

    assert not found, "\n".join([f"{len(found)} answers differ; the first of them:", *found[:10]])
    assert pair.tally.calls - before >= CALLS


def test_a_rename_takes_more_than_a_hundred_versions_along(pair: Pair) -> None:
    run = Call("POST", f"{API}/runs/create", body={"experiment_id": "0"}, learn={"run": "run.info.run_id"})
    pair.prepare(run)
    pair.prepare(Call("POST", f"{API}/registered-models/create", body={"name": "many"}))
    source = {"name": "many", "source": "runs:/${run}/model", "run_id": "${run}"}
    for _ in range(VERSIONS):
        pair.prepare(Call("POST", f"{API}/model-versions/create", body=source))
    for version, stage in (("7", "Production"), ("90", "Staging"), (str(VERSIONS - 1), "Archived")):
        body = {"name": "many", "version": version, "stage": stage}
        pair.prepare(Call("POST", f"{API}/model-versions/transition-stage", body=body))

    by_number = {"order_by": ["version_number ASC"]}
    found = [
        sentence
        for call in (
            Call("POST", f"{API}/registered-models/rename", body={"name": "many", "new_name": "renamed"}),
            Call("GET", f"{API}/registered-models/get", query={"name": "renamed"}),
            Call("GET", f"{API}/registered-models/get", query={"name": "many"}),
            Call("GET", f"{API}/model-versions/search", query={"filter": "name = 'renamed'"}),
            Call("GET", f"{API}/model-versions/search", query={"filter": "name = 'many'"}),
            Call("GET", f"{API}/model-versions/search", query={"filter": "run_id = '${run}'", **by_number}),
            Call(
                "GET",
                f"{API}/model-versions/search",
                query={"filter": "run_id = '${run}'", "max_results": "40"},
                pages=5,
            ),
            Call("GET", f"{API}/model-versions/get", query={"name": "renamed", "version": "7"}),
            Call("POST", f"{API}/model-versions/create", body={**source, "name": "renamed"}),
            Call("GET", f"{API}/registered-models/get", query={"name": "renamed"}),
        )
        for sentence in pair.compare(call)
    ]

    assert not found, "\n".join(found)
    assert (
        pair.ours.send(
            Call("GET", f"{API}/model-versions/get", query={"name": "renamed", "version": str(VERSIONS + 1)})
        ).status
        == 200
    )
