"""The permission that each endpoint of MLflow's protocol asks for here is the one that MLflow 3.17.2 asks for.

Theirs is told by the name of the function that its server calls before a request, or after it where that one filters
the reply. What such a name stands for was read in mlflow/server/auth/__init__.py and is written down once, below.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import app
from chalicelib.edge import http
from chalicelib.edge.http import Endpoint

SCRIPT = Path(__file__).with_name("validators_script.py")

Levels = tuple[str, ...]

# What a name stands for: the first that fits. Two levels: of what the request is about, and of what else it names.
BY_NAME: dict[str, Levels] = {
    r"filter_\w+|validate_can_search_\w+": ("filtered",),
    # The store that it wraps searches only what may be read.
    r"redact_search_runs_model_links": ("filtered",),
    r"validate_can_create_experiment": ("creates experiment",),
    r"validate_can_create_registered_model": ("creates registered_model",),
    r"validate_can_create_run|validate_can_create_model_version": ("EDIT",),
    r"validate_can_create_logged_model": ("EDIT", "READ"),
    r"validate_can_log_\w+": ("EDIT", "EDIT"),
    r"validate_can_(read_user|update_user_password|view_user_roles|get_user_permission)": ("self",),
    r"validate_can_(create_user|delete_user|list_users|update_user_admin)": ("admin",),
    r"_?validate_can_read_\w+": ("READ",),
    r"_?validate_can_(update|set)_\w+": ("EDIT",),
    r"_?validate_can_(delete|manage)_\w+": ("MANAGE",),
    r"<lambda>": ("authenticated",),
}


@dataclass(frozen=True)
class Difference:
    reason: str
    theirs: Levels | None
    ours: Levels


DIFFERENCES = {
    "log_inputs": Difference(
        "What a run used is noted with the run; the model that was used is not changed.",
        ("EDIT", "EDIT"),
        ("EDIT", "READ"),
    ),
    "get_model_version_artifact": Difference(
        "A registered model opens no files: they keep the permissions of where they are.", ("READ",), ("READ", "READ")
    ),
    "transition_model_version_stage": Difference(
        "Where the stage asks for approval, whoever asks vouches for the files.", ("EDIT",), ("EDIT", "READ")
    ),
    "update_user_password": Difference("There are no passwords: it refuses everybody.", ("self",), ("authenticated",)),
    "server_info": Difference(
        "MLflow tells everybody what it can do; ours only whoever has a token.", None, ("authenticated",)
    ),
    "health": Difference("Open in both; MLflow says so elsewhere.", None, ("public",)),
    "version": Difference(
        "Open to everybody here, as /health is; to MLflow's, whoever has signed in.", None, ("public",)
    ),
}

SHARED = [each for each in http.endpoints(app) if "/cumulog" not in each.path]


def named(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def ours(endpoint: Endpoint) -> Levels:
    return tuple(rule.level or rule.name for rule in endpoint.rules)


def theirs(validator: str | None) -> Levels | None:
    return next((levels for pattern, levels in BY_NAME.items() if re.fullmatch(pattern, validator or "")), None)


@pytest.fixture(scope="module")
def validators() -> dict[str, str | None]:
    """The names of MLflow's functions by endpoint."""
    asked = [[each.method, re.sub(r"\{\w+\+?\}", "x", each.path)] for each in SHARED]
    command = [sys.executable, "-W", "ignore", str(SCRIPT)]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=200)
    return dict(zip(map(named, SHARED), json.loads(done.stdout.splitlines()[-1]), strict=True))


@pytest.mark.parametrize("endpoint", SHARED, ids=named)
def test_an_endpoint_asks_for_the_permission_that_mlflow_asks_for(
    validators: dict[str, str | None], endpoint: Endpoint
) -> None:
    wanted = theirs(validators[named(endpoint)])

    known = DIFFERENCES.get(endpoint.view)
    if known:
        assert (wanted, ours(endpoint)) == (known.theirs, known.ours)
    else:
        assert ours(endpoint) == wanted, validators[named(endpoint)]


def test_every_difference_is_still_one() -> None:
    assert set(DIFFERENCES) <= {endpoint.view for endpoint in SHARED}
    assert all(each.theirs != each.ours and each.reason for each in DIFFERENCES.values())


def test_the_app_serves_what_is_compared() -> None:
    assert {each.path for each in SHARED} <= set(app.routes)
