"""`cumulog open`: the URL of what is shown."""

import json
import webbrowser
from collections.abc import Iterator

import pytest

from cumulog._command import main
from cumulog._http.transport import Transport
from tests.unit.client.guarded_server import Guard, guarded

RUN = "a" * 32
NOT_THERE = (404, "application/json", json.dumps({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no"}))
BY_ID, BY_NAME = "/api/2.0/mlflow/experiments/get", "/api/2.0/mlflow/experiments/get-by-name"


def as_json(**fields: object) -> tuple[int, str, str]:
    return 200, "application/json", json.dumps(fields)


@pytest.fixture
def guard() -> Iterator[Guard]:
    with guarded(is_open=True) as made:
        made.replies["/api/2.0/mlflow/runs/get"] = as_json(run={"info": {"experiment_id": "7"}})
        made.replies[f"/api/2.0/mlflow/logged-models/m-{RUN}"] = as_json(model={"info": {"experiment_id": "7"}})
        made.replies[BY_ID] = made.replies[BY_NAME] = as_json(experiment={"experiment_id": "7"})
        yield made


@pytest.mark.parametrize(
    ("what", "place"),
    [
        ([], ""),
        ([RUN], f"#/experiments/7/runs/{RUN}"),
        ([f"m-{RUN}"], f"#/experiments/7/models/m-{RUN}"),
        (["7"], "#/experiments/7"),
        (["wines"], "#/experiments/7"),
        (["models:/wine"], "#/models/wine"),
        (["models:/red wine/3"], "#/models/red%20wine/versions/3"),
    ],
)
def test_the_url_is_that_of_mlflows_page(
    guard: Guard, what: list[str], place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["open", "--print", *what], Transport(guard.url)) == 0
    assert capsys.readouterr().out == f"{guard.url}/{place}\n"


def test_a_name_that_is_a_number_is_found(guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    guard.replies[BY_ID] = NOT_THERE

    assert main(["open", "--print", "2026"], Transport(guard.url)) == 0
    assert capsys.readouterr().out.endswith("#/experiments/7\n")


def test_what_is_not_there_is_not_opened(guard: Guard, capsys: pytest.CaptureFixture[str]) -> None:
    guard.replies[BY_NAME] = NOT_THERE

    assert main(["open", "wines"], Transport(guard.url)) == 3
    assert "There is no experiment 'wines'" in capsys.readouterr().err


class Browser(webbrowser.BaseBrowser):
    def __init__(self, works: bool) -> None:
        super().__init__("of tests")
        self.works = works
        self.shown: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.shown.append(url)
        return self.works


@pytest.mark.parametrize("works", [True, False])
def test_the_browser_shows_it_or_else_the_url_is_printed(
    works: bool, guard: Guard, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(works)
    # No browser of the machine, and none of another test.
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    webbrowser.register("of tests", None, browser)

    code = main(["open"], Transport(guard.url))

    told = capsys.readouterr()
    assert browser.shown == [f"{guard.url}/"]
    assert (code, "No browser" in told.err) == ((0, False) if works else (1, True))
    assert f"{guard.url}/" in told.out
