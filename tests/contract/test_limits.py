"""Limits that the store itself sets, as a real engine enforces them."""

from tests import client as api


def test_tags_of_an_experiment_end_at_a_limit_that_is_told() -> None:
    experiment_id = api.create_experiment()
    tag = {"experiment_id": experiment_id, "value": "x" * 20_000}
    answers = [api.post("/experiments/set-experiment-tag", key=f"tag {number}", **tag) for number in range(25)]

    assert {answer.status for answer in answers[:15]} == {200}
    assert answers[-1].status == 400
    assert answers[-1].body["error_code"] == "INVALID_PARAMETER_VALUE"
    assert "380 KB" in answers[-1].body["message"]
