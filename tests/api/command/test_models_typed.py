"""`cumulog models` and `cumulog catalogue`."""

from typing import Any

import pytest

from chalicelib.access import identity
from cumulog._command.nouns.catalogue import typed
from tests.api.approved_model import folder as folder
from tests.api.command.typed import Terminal


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], bucket: Any) -> Terminal:
    return Terminal(capsys)


def test_a_model_is_registered_moved_and_named(run: Terminal, run_id: str) -> None:
    assert run.answer(f"models register wine runs:/{run_id}/model") == {"name": "wine", "version": "1"}

    run.answer("models transition wine 1 Staging")
    run.answer("models alias set wine champion 1")
    assert "version\t1" in run.done("models show wine champion")

    shown = run.answer("models show wine")
    assert [(each["current_stage"], each["aliases"]) for each in shown["versions"]] == [("Staging", ["champion"])]
    assert run.answer("models list")[0]["aliases"] == {"champion": "1"}
    assert "champion=1" in run.done("models list")
    run.answer("models alias delete wine champion")
    assert run.answer("models show wine")["aliases"] == {}


def test_a_model_is_registered_by_the_beginning_of_its_runs_id(run: Terminal, run_id: str) -> None:
    assert run.answer(f"models register wine runs:/{run_id[:8]}/model") == {"name": "wine", "version": "1"}

    assert run.answer("models show wine")["versions"][0]["run_id"] == run_id


def test_a_model_that_is_not_there_has_suggestions(run: Terminal, run_id: str) -> None:
    run.done(f"models register wine runs:/{run_id}/model")

    for verb in ("show wien", "audit wien", "verify wien", "lineage wien 1", "requests wien", "policy wien"):
        told = run(f"models {verb}")

        assert told.status == 3
        assert "Did you mean 'wine'?" in told.err


def test_the_past_of_a_model_is_told(run: Terminal, run_id: str) -> None:
    run.done(f"models register wine runs:/{run_id}/model")

    assert [each["action"] for each in run.answer("models audit wine")] == ["model:create", "version:create"]
    assert run.answer("models verify wine")["valid"] is True
    assert "chain\tholds" in run.done("models verify wine")
    assert run.answer("models state wine --at 2100-01-01T00:00:00Z")["versions"][0]["version"] == "1"
    assert run.answer("models lineage wine 1")["model_version"]["run_id"] == run_id
    assert run_id in run.done("models lineage wine 1")


def test_a_stage_that_needs_an_approval_says_so_with_the_request(run: Terminal, folder: str) -> None:
    told = run.answer("models transition wine 1 Production")

    request_id = told["request_id"]
    assert [each["request_id"] for each in run.answer("models requests")] == [request_id]
    assert "asks for 2 approvals" in run.done("models transition wine 1 Production")
    assert run(f"models approve {request_id}").status == 4
    with identity.in_name_of("bea"):
        assert run.answer(f"models approve {request_id}")["status"] == "PENDING"
    with identity.in_name_of("cem"):
        assert run.answer(f"models reject {request_id} --comment no")["status"] == "REJECTED"
    assert run.answer("models requests") == []


def test_an_empty_catalogue_is_an_empty_list(run: Terminal, run_id: str) -> None:
    assert run.answer(f"catalogue list --run {run_id}") == []
    assert run("catalogue show 1/models/m-1/artifacts").status == 3


def test_the_catalogue_takes_names_of_experiments_and_beginnings_of_runs(
    run: Terminal, experiment_id: str, run_id: str
) -> None:
    experiment = run.answer(f"experiments show {experiment_id}")["name"]

    assert run.answer(f"catalogue list --experiment '{experiment}' --run {run_id[:8]}") == []
    assert run("catalogue list --experiment nowhere").status == 3
    assert run("catalogue list --run nothing").status == 3


@pytest.mark.parametrize(
    "line",
    [
        "catalogue list --flavor-version 3",
        "models policy wine --needed 1",
        "models policy wine --days 3",
        "models policy wine prod --needed 1",
        *(f"models policy wine Production --needed 1 --days {days}" for days in ("nan", "-1", "0", "inf", "366")),
        *(f"admin tokens create --days {days}" for days in ("nan", "-1", "0", "inf", "366", "1e99")),
    ],
)
def test_an_option_that_would_do_nothing_or_has_no_sense_is_refused(run: Terminal, line: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(line)

    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ({"type": "double", "name": "alcohol", "required": True}, "alcohol: double"),
        ({"type": "string", "name": "note", "required": False}, "note: string (optional)"),
        ({"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}, "float32 [-1, 3]"),
        ("odd", "odd"),
    ],
)
def test_a_column_of_a_signature_reads_well(column: Any, told: str) -> None:
    assert typed(column) == told
