"""`cumulog.Client` on the real endpoints: what it sends is understood, and what is refused is raised."""

import pytest

import cumulog
from tests.gateway_transport import Gateway


@pytest.fixture
def client() -> cumulog.Client:
    return cumulog.Client(transport=Gateway())


def test_a_run_is_created_logged_to_found_and_charted(client: cumulog.Client) -> None:
    experiment_id = client.experiments.create("wine")["experiment_id"]
    run = client.runs.create(experiment_id=experiment_id, tags=[{"key": "color", "value": "red"}])["run"]
    run_id = run["info"]["run_id"]
    points = [{"key": "loss", "value": value, "timestamp": 1, "step": step} for step, value in enumerate((1.0, 0.5))]

    client.runs.log_batch(run_id, metrics=points, params=[{"key": "depth", "value": "3"}])
    client.runs.log_metric(run_id, key="odd", value=float("nan"), timestamp=1)
    client.runs.update(run_id=run_id, status="FINISHED")

    assert client.runs.get(run_id=run_id)["run"]["info"]["status"] == "FINISHED"
    pages = client.pages(client.runs.search, experiment_ids=[experiment_id], filter="metrics.loss < 0.6")
    assert [run["info"]["run_id"] for page in pages for run in page["runs"]] == [run_id]
    assert client.metrics.get_history(run_id, "odd")["metrics"][0]["value"] == "NaN"
    assert client.series([run_id], ["loss"], points=10)["series"]


def test_a_model_goes_through_its_stages(client: cumulog.Client) -> None:
    experiment_id = client.experiments.create("wine")["experiment_id"]
    run_id = client.runs.create(experiment_id=experiment_id)["run"]["info"]["run_id"]
    client.models.create("wine")
    version = client.models.create_version("wine", f"runs:/{run_id}/model", run_id=run_id)["model_version"]["version"]

    client.models.transition("wine", version, "Production", archive_existing_versions=True)
    client.models.set_alias("wine", "champion", version)

    found = client.models.search_versions(filter="name = 'wine'")["model_versions"]
    assert [(each["version"], each["current_stage"]) for each in found] == [("1", "Production")]
    assert client.registry.verify_audit(name="wine")
    client.models.delete("wine")
    with pytest.raises(cumulog.ApiError) as missing:
        client.models.get("wine")
    assert missing.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_pages_end(client: cumulog.Client) -> None:
    for number in range(5):
        client.experiments.create(f"experiment {number}")

    pages = list(client.pages(client.experiments.search, max_results=2))

    assert [len(page["experiments"]) for page in pages] == [2, 2, 2]


def test_a_write_to_a_deleted_run_is_told_apart(client: cumulog.Client) -> None:
    run_id = client.runs.create(experiment_id="0")["run"]["info"]["run_id"]
    client.runs.delete(run_id)

    with pytest.raises(cumulog.ApiError) as refused:
        client.runs.set_tag(run_id, "t", value="1")

    assert (refused.value.status, refused.value.cumulog_error) == (400, "RUN_DELETED")
