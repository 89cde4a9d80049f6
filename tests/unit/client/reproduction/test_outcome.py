"""What a reproduction comes to, and what the server is told of it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cumulog._client.client import Client
from cumulog._http.errors import ApiError
from cumulog._reproduction.comparing.files import File
from cumulog._reproduction.comparing.metrics import Metric, Tolerance, Verdict
from cumulog._reproduction.comparing.predictions import Predictions, judged
from cumulog._reproduction.recorded.reading import Server
from cumulog._reproduction.recorded.run import REPRODUCES
from cumulog._reproduction.repeating.outcome import FILE, Outcome
from cumulog._reproduction.repeating.reproducing import keep
from cumulog._transfer.api import Api
from tests.unit.client.fake_server import World


def outcome(*metrics: Verdict, status: str = "FINISHED", forced: tuple[str, ...] = (), **more: Any) -> Outcome:
    found = [Metric(str(at), verdict) for at, verdict in enumerate(metrics)]
    parts = {"files": [], "predictions": [], **more}
    allowed = Tolerance(0.1, 0.2)
    return Outcome(
        "1" * 32, "2" * 32, status, "", "", forced, allowed, found, parts["files"], parts["predictions"], [], ()
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (outcome("equal", "extra"), "equal"),
        (outcome("equal", "within"), "within_tolerance"),
        (outcome("within", "different"), "different"),
        (outcome("missing"), "different"),
        (outcome("equal", status="FAILED"), "failed"),
        (outcome("equal", files=[File("MLmodel", "within")]), "equal"),
        (outcome("equal", files=[File("a", "different")]), "different"),
        (outcome("equal", predictions=[Predictions("m", "different")]), "different"),
        (outcome("equal", predictions=[Predictions("m", None, why="it is a pickle")]), "equal"),
    ],
)
def test_the_verdict_is_the_worst_of_what_was_compared(found: Outcome, expected: str) -> None:
    assert found.verdict == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ([1.0, "a"], [1.0, "a"], "equal"),
        ([1.0], [1.05], "within"),
        ([1.0], [2.0], "different"),
        (["a"], ["b"], "different"),
        ([1.0], [1.0, 1.0], "different"),
    ],
)
def test_predictions_are_compared_as_metrics_are(one: list[object], two: list[object], expected: str) -> None:
    assert judged("m", one, two, Tolerance(absolute=0.1)).verdict == expected


class Noting:
    """A server's records of reproductions."""

    def __init__(self, refusal: ApiError | None = None) -> None:
        self.noted: list[dict[str, Any]] = []
        self.refusal = refusal

    def create(self, **fields: Any) -> None:
        if self.refusal:
            raise self.refusal
        self.noted.append(fields)


def kept(world: World, found: Outcome, folder: Path, noting: Noting) -> str:
    client: Client = SimpleNamespace(reproductions=noting)  # type: ignore[assignment]
    return keep(Server(client, Api(world.url)), found, "0", folder)


def test_the_server_is_told_and_the_report_is_kept(world: World, tmp_path: Path) -> None:
    noting, found = Noting(), outcome("equal", "within", files=[File("a", "equal")])

    assert kept(world, found, tmp_path, noting) == ""

    assert noting.noted == [
        {
            "run_id": "1" * 32,
            "reproduced_run_id": "2" * 32,
            "verdict": "within_tolerance",
            "tolerance": 0.2,
            "differences": {"equal": 2, "within_tolerance": 1, "different": 0, "missing": 0},
            "report": "cumulog/reproduction.json",
        }
    ]
    assert f"0/{'2' * 32}/artifacts/cumulog/reproduction.json" in world.objects


def test_what_was_told_to_differ_is_no_reproduction(world: World, tmp_path: Path) -> None:
    noting = Noting()

    assert kept(world, outcome("equal", forced=("seed=8",)), tmp_path, noting) == ""

    assert noting.noted == []


@pytest.mark.parametrize(("code", "is_told"), [("ENDPOINT_NOT_FOUND", False), ("PERMISSION_DENIED", True)])
def test_a_refusal_is_told_but_not_that_of_an_older_server(
    world: World, tmp_path: Path, code: str, is_told: bool
) -> None:
    noting = Noting(ApiError(404, code, "no"))

    assert bool(kept(world, outcome("equal"), tmp_path, noting)) == is_told


def test_every_field_of_the_report_is_documented() -> None:
    page = (Path(__file__).parents[4] / "infra/docs/reproduce.md").read_text()

    assert [name for name in outcome().fields() if f"`{name}`" not in page] == []
    assert f"`{REPRODUCES}=" in page
    assert f"`{FILE}`" in page
