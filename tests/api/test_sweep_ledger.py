"""What a sweep keeps on the server, and what who continues it reads there."""

import pytest

import cumulog
from cumulog._sweeps.declared import Objective
from cumulog._sweeps.ledger import Ledger
from cumulog._sweeps.trials import ATTEMPT, TRIAL, Attempt, Trial, sorted_out
from tests.gateway_transport import Gateway

LOSS = Objective("loss")


@pytest.fixture
def client() -> cumulog.Client:
    return cumulog.Client(transport=Gateway())


def child(
    client: cumulog.Client, experiment_id: str, parent: str, number: str, attempt: str, losses: list[float]
) -> str:
    tags = {"mlflow.parentRunId": parent, TRIAL: number, ATTEMPT: attempt}
    entries = [{"key": key, "value": value} for key, value in tags.items()]
    run_id = client.runs.create(experiment_id=experiment_id, tags=entries)["run"]["info"]["run_id"]
    points = [{"key": "loss", "value": value, "timestamp": 1, "step": step} for step, value in enumerate(losses)]
    client.runs.log_batch(
        run_id, metrics=points, params=[{"key": "n", "value": number}, {"key": "other", "value": "x"}]
    )
    return run_id


def test_the_attempts_of_a_sweep_are_its_children(client: cumulog.Client) -> None:
    experiment_id = client.experiments.create("sweep")["experiment_id"]
    parent = client.runs.create(experiment_id=experiment_id)["run"]["info"]["run_id"]
    first = child(client, experiment_id, parent, "0", "1", [3.0, 1.0, 2.0])
    second = child(client, experiment_id, parent, "0", "2", [])
    behind = child(client, experiment_id, parent, "1", "1", [float("nan")])
    child(client, experiment_id, parent, "not a number", "1", [])
    child(client, experiment_id, first, "2", "1", [])
    ledger = Ledger(client, experiment_id, parent, ["n"])

    client.runs.update(first, status="FINISHED")
    ledger.mark(behind, "median")
    ledger.kill(behind)

    attempts = ledger.attempts(LOSS)
    assert sorted(attempts) == [
        Attempt(Trial(0, {"n": "0"}, 1), first, "FINISHED", 2.0),
        Attempt(Trial(0, {"n": "0"}, 2), second, "RUNNING"),
        Attempt(Trial(1, {"n": "1"}, 1), behind, "KILLED", None, is_stopped=True),
    ]
    assert set(sorted_out(attempts).over) == {0, 1}
    assert ledger.value(first, LOSS) == 2.0
    assert ledger.value(first, Objective("acc")) is None


def test_the_curves_of_trials_are_read_together(client: cumulog.Client) -> None:
    experiment_id = client.experiments.create("curves")["experiment_id"]
    parent = client.runs.create(experiment_id=experiment_id)["run"]["info"]["run_id"]
    runs = [child(client, experiment_id, parent, str(number), "1", [3.0, float(number)]) for number in range(3)]
    without = child(client, experiment_id, parent, "3", "1", [])

    curves = Ledger(client, experiment_id, parent, ["n"]).curves([*runs, without], LOSS)

    assert curves == {run_id: [(0, 3.0), (1, float(number))] for number, run_id in enumerate(runs)}
