"""`cumulog models` and `cumulog catalogue` against the application."""

import json
from typing import Any, NamedTuple

import pytest

import cumulog
from cumulog import _command
from tests import client as api
from tests import gateway_transport, registered
from tests.api import registering


class Told(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], bucket: Any) -> Any:
    """A command line, to a model `wine` with two versions."""
    registered.model(versions=2)

    def typed(*line: str) -> Told:
        try:
            status = _command.main(line, gateway_transport.Gateway())
        except SystemExit as ended:
            status = int(ended.code or 0)
        return Told(status, *capsys.readouterr())

    return typed


def test_models_are_listed_with_stages_and_aliases(run: Any) -> None:
    assert run("models", "alias", "set", "wine", "champion", "1").out == "wine@champion is version 1.\n"
    run("models", "transition", "wine", "2", "staging")

    (_, row) = run("models", "list").out.splitlines()

    assert row.split("\t")[:3] == ["wine", "1 None, 2 Staging", "champion=1"]
    assert json.loads(run("models", "list", "--json", "--filter", "name = 'none'").out) == []


def test_a_model_is_shown_by_versions_and_a_version_by_itself(run: Any) -> None:
    run("models", "alias", "set", "wine", "champion", "1")

    versions = [line.split("\t") for line in run("models", "show", "wine").out.splitlines()]
    one = dict(line.split("\t") for line in run("models", "show", "wine", "1").out.splitlines())

    assert [line[0] for line in versions] == ["VERSION", "2", "1"]
    assert versions[2][2] == "champion"
    assert (one["version"], one["aliases"]) == ("1", "champion")
    assert len(json.loads(run("models", "show", "wine", "--json").out)["versions"]) == 2
    assert run("models", "alias", "delete", "wine", "champion").out == "wine has no alias champion any more.\n"
    assert run("models", "alias", "delete", "wine", "champion").status == 3


@pytest.mark.parametrize("line", [("models", "list"), ("models", "audit", "wine")])
def test_a_list_that_ends_at_its_limit_says_so(run: Any, line: tuple[str, ...]) -> None:
    registered.model("beer")

    cut, whole = run(*line, "--limit", "1"), run(*line)

    assert (len(cut.out.splitlines()), cut.err) == (2, "There is more than is shown: --limit, now 1, sets how much.\n")
    assert (len(whole.out.splitlines()) > 2, whole.err) == (True, "")


def test_a_name_that_is_near_is_suggested(run: Any) -> None:
    told = run("models", "show", "wien")

    assert (told.status, told.out) == (3, "")
    assert told.err == "cumulog: There is no registered model 'wien'. Did you mean 'wine'?\n"
    assert run("models", "alias", "set", "nothing", "a", "1").status == 3
    assert run("models", "show", "wine", "9").status == 3


def test_a_model_is_registered_from_a_run(run: Any, experiment_id: str) -> None:
    run_id = api.create_run(experiment_id)

    first = run("models", "register", "beer", f"runs:/{run_id}/model")
    assert (first.out, first.err) == ("beer has version 1.\n", "")
    assert run("models", "register", "beer", f"runs:/{run_id}/model").out == "beer has version 2.\n"
    assert registering.read_version(2, "beer")["run_id"] == run_id


def test_a_transition_asks_for_the_approvals_that_the_stage_needs(run: Any) -> None:
    assert "asks for 1 approval" in run("models", "policy", "wine", "Production", "--needed", "1").out
    reproduced = ("--needed", "0", "--reproduced", "somebody_else")
    assert "asks for a reproduction by somebody else" in run("models", "policy", "wine", "Staging", *reproduced).out
    run("models", "policy", "wine", "Production", "--needed", "1", "--requester-may-approve")

    asked = run("models", "transition", "wine", "1", "Production", "--comment", "ready")
    (request,) = json.loads(run("models", "requests", "--json").out)

    assert asked.status == 0
    assert asked.out == f"Production asks for 1 approval: request {request['request_id']} is PENDING.\n"
    assert f"cumulog models approve {request['request_id']}" in asked.err
    assert run("models", "requests", "wine").out.splitlines()[1].split("\t")[:4] == [
        "wine",
        "1",
        "Production",
        "0 of 1",
    ]
    rejected = run("models", "reject", request["request_id"], "--comment", "no")
    assert rejected.out == "The request for wine 1 to Production is REJECTED: no.\n"
    assert run("models", "approve", request["request_id"]).status == 1
    assert run("models", "policy", "wine", "Production").status == 2
    assert "asks for no approval" in run("models", "policy", "wine", "Production", "--needed", "0").out
    assert run("models", "transition", "wine", "1", "Production").out == "wine 1 is in Production.\n"


def test_the_history_is_shown_and_checked(run: Any) -> None:
    run("models", "transition", "wine", "1", "Production")
    links = [line.split("\t") for line in run("models", "audit", "wine").out.splitlines()[1:]]
    verified = run("models", "verify", "wine")
    facts = dict(line.split("\t") for line in verified.out.splitlines())

    assert [link[0] for link in links] == [str(number) for number in range(1, len(links) + 1)]
    assert "to=Production" in links[-1][5]
    assert (verified.status, facts["chain"], facts["stored state"]) == (0, "holds", "agrees")
    assert facts["head"] == f"{links[-1][0]}:{links[-1][6]}"
    assert run("models", "verify", "wine", "--link", facts["head"]).status == 0
    assert run("models", "verify", "wine", "--link", f"1:{'0' * 64}").status == 1
    assert run("models", "verify", "wine", "--link", "x").status == 2


def test_the_state_at_a_time_and_where_a_version_comes_from(run: Any) -> None:
    run("models", "transition", "wine", "1", "Production")

    now = dict(line.split("\t") for line in run("models", "state", "wine").out.splitlines() if "\t" in line)
    then = dict(
        line.split("\t") for line in run("models", "state", "wine", "--at", "1000").out.splitlines() if "\t" in line
    )
    lineage = run("models", "lineage", "wine", "1").out

    assert (now["existed"], now["stages.Production"], now["stages.Staging"]) == ("yes", "1", "-")
    assert then["existed"] == "no"
    assert "wine 1, Production" in lineage
    assert "RUNNING" in lineage


def test_what_is_not_known_or_wrong_has_its_exit_code(run: Any) -> None:
    assert run("models", "audit", "none").status == 3
    assert run("models", "approve", "none").status == 3
    assert run("models", "state", "wine", "--at", "yesterday").status == 1
    assert run("models", "transition", "wine", "1", "production!").status == 2


def test_the_catalogue_lists_what_lies_in_the_bucket(run: Any) -> None:
    client = cumulog.Client(transport=gateway_transport.Gateway())
    assert run("catalogue", "list").out.splitlines() == ["PATH\tFLAVORS\tSIZE\tPICKLE\tSTATUS\tCHANGED (UTC)\tWHY"]
    assert json.loads(run("catalogue", "list", "--json", "--failed").out) == client.catalogue.search()["entries"]
    assert run("catalogue", "show", f"1/{'0' * 32}/artifacts/model").status == 3
