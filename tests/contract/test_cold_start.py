"""What a cold start loads and does, counted: what it takes beside what the libraries take is for `make bench-cold`.

It is the checkout that starts here, with what pip installed, so that nothing need be built.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.accounts import first_admin
from chalicelib.tracking.experiments import experiments
from tests import lambda_events, starting
from tests.starting import Place

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Lambda's runtime client is for Linux alone")

ROOT = Path(__file__).parents[2]
EXPERIMENT = "/api/2.0/mlflow/experiments/get"
AUTHORIZER = "chalicelib.access.authorizer.token_authorizer"

# boto3, the command's part of Chalice, and what hardly any request needs.
UNWANTED = ("boto3", "s3transfer", "chalice.cli", "chalice.deploy", "yaml", "aws_lambda_powertools")
OURS = ("app", "chalicelib")
SAY_MODULES = "\nimport sys; print(*sys.modules)"


@pytest.fixture
def place() -> Place:
    environment = starting.lambda_environment("APIHandler", ROOT)
    return Place([sys.executable], ROOT, environment)


def test_a_lambda_that_starts_answers(place: Place) -> None:
    experiments.ensure_default()
    token = first_admin.create()

    _, answer = starting.answered(place, "app.app", lambda_events.get(EXPERIMENT, {"experiment_id": "0"}, token))
    _, leave = starting.answered(place, AUTHORIZER, lambda_events.authorization(token))

    assert answer["statusCode"] == 200
    assert leave["context"]["token_id"]


# A tenth more than there are: modules of ours, and of others that the floor does not load too.
@pytest.mark.parametrize(("start", "ours", "others"), [("app", 330, 12), (AUTHORIZER.rpartition(".")[0], 30, 4)])
def test_a_start_loads_hardly_more_than_the_floor(place: Place, start: str, ours: int, others: int) -> None:
    floor = set(_said(place, starting.FLOOR + SAY_MODULES))

    more = set(_said(place, f"import {start}" + SAY_MODULES)) - floor

    own = {module for module in more if module.partition(".")[0] in OURS}
    assert len(own) <= ours
    assert len(more - own) <= others, sorted(more - own)


def test_a_lambda_makes_its_client_and_tames_the_collector_while_it_starts(place: Place) -> None:
    told = _said(
        place,
        "import gc, app; from chalicelib.storage.connection import connection;"
        "print(connection.cache_info().currsize, gc.get_threshold()[0])",
    )

    assert told == ["1", "200000"]


def test_no_other_process_is_touched(place: Place) -> None:
    environment = {name: value for name, value in place.environment.items() if name != "AWS_LAMBDA_FUNCTION_NAME"}

    told = _said(
        Place(place.python, place.folder, environment),
        "import gc; usual = gc.get_threshold(); import app; from chalicelib.storage.connection import connection;"
        "print(connection.cache_info().currsize, gc.get_threshold() == usual)",
    )

    assert told == ["0", "True"]


def test_the_handler_imports_nothing_that_its_first_reply_does_not_need(place: Place) -> None:
    modules = _said(place, "import app" + SAY_MODULES)

    assert [module for module in modules if module.startswith(UNWANTED)] == []


def _said(place: Place, program: str) -> list[str]:
    """The words that a program prints."""
    command = [*place.python, "-c", program]
    ran = subprocess.run(
        command, cwd=place.folder, env=place.variables(), stdout=subprocess.PIPE, text=True, check=True
    )
    return ran.stdout.split()
