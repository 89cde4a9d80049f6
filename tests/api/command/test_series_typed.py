"""`cumulog series`, and what a shell is offered."""

import pytest
from click.shell_completion import ShellComplete

from cumulog._command.frame.session import Session
from cumulog._command.root import root
from tests import client as api
from tests.api.command.typed import Terminal
from tests.gateway_transport import Gateway


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


@pytest.fixture
def logged(run_id: str) -> str:
    for step, value in enumerate((1.0, 0.5, "NaN")):
        api.done("/runs/log-metric", run_id=run_id, key="loss", value=value, timestamp=5, step=step)
    return run_id


def test_a_series_is_numbers_in_a_pipe_and_as_json(run: Terminal, logged: str) -> None:
    assert run.answer(f"series loss {logged}") == [
        {"run_id": logged, "key": "loss", "x": [0, 1, 2], "value": [1.0, 0.5, "NaN"], "exact": True}
    ]
    assert run.done(f"series loss {logged}").splitlines()[1:] == [
        f"{logged}\tloss\t0\t1.0",
        f"{logged}\tloss\t1\t0.5",
        f"{logged}\tloss\t2\tNaN",
    ]


def test_a_metric_that_is_misspelt_has_suggestions(run: Terminal, logged: str) -> None:
    told = run(f"series los {logged}")

    assert told.status == 3
    assert "Did you mean 'loss'?" in told.err


def offered(*typed: str) -> list[str]:
    """What a shell offers for the last word."""
    *before, last = typed
    completion = ShellComplete(root, {"obj": Session(Gateway())}, "cumulog", "_CUMULOG_COMPLETE")
    return [each.value for each in completion.get_completions(list(before), last)]


def test_a_shell_is_offered_nouns_verbs_and_names() -> None:
    experiment_id = api.create_experiment("wine")
    api.create_run(experiment_id, run_name="brave fox")
    api.done("/registered-models/create", name="grapes")

    assert offered("exp") == ["experiments"]
    assert offered("runs", "sh") == ["show"]
    assert offered("runs", "list", "wi") == ["wine"]
    assert offered("runs", "show", "bra") == ["brave fox"]
    assert offered("runs", "show", "wine/") == ["wine/brave fox"]
    assert offered("models", "show", "x") == []
    for verb in ("show", "audit", "lineage", "policy"):
        assert offered("models", verb, "gr") == ["grapes"]


def test_bash_is_offered_names_as_they_have_to_be_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CUMULOG_COMPLETE", "bash_complete")
    api.create_experiment("red wine")

    assert offered("runs", "list", "re") == ["'red wine'"]


def test_a_shell_is_offered_nothing_while_the_server_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    completion = ShellComplete(root, {"obj": Session()}, "cumulog", "_CUMULOG_COMPLETE")

    assert completion.get_completions(["runs", "list"], "wi") == []
