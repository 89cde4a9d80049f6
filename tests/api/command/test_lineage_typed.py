"""`cumulog lineage`."""

import pytest

from tests import client as api
from tests.api.command.typed import Terminal

WINES = {"name": "wines", "digest": "d1", "source_type": "local", "source": "wines.csv"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], experiment_id: str) -> Terminal:
    return Terminal(capsys)


def test_a_version_leads_back_to_its_data_and_data_to_its_versions(run: Terminal, run_id: str) -> None:
    api.done("/runs/log-inputs", run_id=run_id, datasets=[{"dataset": WINES}])
    run.answer(f"models register wine runs:/{run_id}/model")

    up = run.done("lineage version wine/1 --direction up").splitlines()
    down = run.done("lineage dataset wines@d1 --direction down").splitlines()

    assert up[:2] == [up[0], "came from:"]
    assert up[0].startswith("model version wine/1")
    assert [line.split()[:3] for line in up[2:]] == [["version:", "run", run_id], ["input:", "dataset", "wines@d1"]]
    assert [line.split()[:3] for line in down[2:]] == [["input:", "run", run_id], ["version:", "model", "version"]]


def test_the_json_is_the_servers_graph(run: Terminal, run_id: str) -> None:
    found = run.answer(f"lineage run {run_id}")

    assert [each["id"] for each in found["nodes"]] == [run_id]
    assert (found["edges"], found["cut"]) == ([], False)


def test_what_is_not_there_is_said(run: Terminal, run_id: str) -> None:
    told = run("lineage run 0123456789abcdef0123456789abcdef")

    assert told.status != 0
    assert "RESOURCE_DOES_NOT_EXIST" in told.err
