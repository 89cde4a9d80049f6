"""A cold start costs little more than what the libraries cost by themselves (design §8): ratios, not times.

`make bench-cold` measures the package; here it is the checkout, with what pip installed, so that nothing need be built.
"""

import gc
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.accounts import first_admin
from chalicelib.tracking.experiments import experiments
from tests import lambda_events, starting
from tests.starting import Place, Start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Lambda's runtime client is for Linux alone")

ROOT = Path(__file__).parents[2]
ROUNDS, MOST_ROUNDS = 3, 12
CEILING = 1.3
EXPERIMENT = "/api/2.0/mlflow/experiments/get"
AUTHORIZER = "chalicelib.access.authorizer.token_authorizer"

# boto3, the command's part of Chalice, and what hardly any request needs.
UNWANTED = ("boto3", "s3transfer", "chalice.cli", "chalice.deploy", "yaml", "aws_lambda_powertools")


@pytest.fixture
def place() -> Place:
    environment = starting.lambda_environment("APIHandler", ROOT)
    return Place([sys.executable], ROOT, environment)


def test_the_first_reply_costs_at_most_a_third_more_than_the_floor(place: Place) -> None:
    experiments.ensure_default()
    event = lambda_events.get(EXPERIMENT, {"experiment_id": "0"}, first_admin.create())

    def first_reply() -> Start:
        start, answer = starting.answered(place, "app.app", event)
        assert answer["statusCode"] == 200, answer
        return start

    assert _of_the_floor(place, first_reply, CEILING) <= CEILING


def test_the_authorizer_costs_no_more_than_the_floor(place: Place) -> None:
    event = lambda_events.authorization(first_admin.create())

    def first_answer() -> Start:
        start, answer = starting.answered(place, AUTHORIZER, event)
        assert answer["context"]["token_id"], answer
        return start

    assert _of_the_floor(place, first_answer, 1) <= 1


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
        "import gc, app; from chalicelib.storage.connection import connection;"
        "print(connection.cache_info().currsize, gc.get_threshold()[0])",
    )

    assert told == ["0", str(gc.get_threshold()[0])]


def test_the_handler_imports_nothing_that_its_first_reply_does_not_need(place: Place) -> None:
    modules = _said(place, "import sys, app; print(*sys.modules)")

    assert [module for module in modules if module.startswith(UNWANTED)] == []


def _said(place: Place, program: str) -> list[str]:
    """The words that a program prints."""
    command = [*place.python, "-c", program]
    ran = subprocess.run(
        command, cwd=place.folder, env=place.variables(), stdout=subprocess.PIPE, text=True, check=True
    )
    return ran.stdout.split()


def _of_the_floor(place: Place, begin: Callable[[], Start], limit: float) -> float:
    """The processor time of a start as a multiple of the floor's, both when they were disturbed least.

    A busy machine only ever adds to either, so what seems above the limit gets further rounds.
    """
    floors, starts = [], []
    while len(starts) < MOST_ROUNDS:
        floors.append(starting.ran(place, starting.FLOOR))
        starts.append(begin())
        multiple = starting.least_processor_seconds(starts) / starting.least_processor_seconds(floors)
        if len(starts) >= ROUNDS and multiple <= limit:
            break
    return multiple
