"""That the benchmark of searches notices a wrong answer."""

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
import requests

from tests.perf import asking
from tests.perf.asking import Timing, WrongAnswer
from tests.perf.bench import Server
from tests.perf.questions import Expected, Question

QUESTION = Question("a search", page_size=2)


class Pages(Server):
    """A server that has these pages of run ids; its tokens are their numbers."""

    def __init__(self, pages: Sequence[Sequence[str]], says_more: bool = False) -> None:
        super().__init__("http://nowhere")
        self._pages, self._says_more = pages, says_more

    def post(self, end: str, body: dict[str, Any]) -> requests.Response:
        number = int(body.get("page_token", 0))
        runs = [{"info": {"run_id": run_id}} for run_id in self._pages[number]] if number < len(self._pages) else []
        more = number + 1 < len(self._pages) or (self._says_more and number < len(self._pages))
        response = requests.Response()
        response.headers["X-Cumulog-Capacity"] = "read=3.0; write=0.0; trips=2"
        token = {"next_page_token": str(number + 1)} if more else {}
        response.raw = io.BytesIO(json.dumps({"runs": runs, **token}).encode())
        return response


def test_the_page_wanted_is_asked_for_by_its_token() -> None:
    server = Pages([["a", "b"], ["c", "d"], ["e"]])

    asked = asking.prepared(server, QUESTION, "1", Expected(["c", "d"], page=2, more=True))

    assert asked.body == {"experiment_ids": ["1"], "max_results": 2, "page_token": "1"}


def test_calls_are_timed_with_what_they_cost() -> None:
    asked = asking.prepared(Pages([["a"]]), QUESTION, "1", Expected(["a"], page=1, more=False))

    (timing,) = asking.take_turns([asked], turns=4, most_seconds=0)

    assert (len(timing.milliseconds), timing.units, timing.trips) == (3, [3.0] * 3, [2.0] * 3)


@pytest.mark.parametrize(
    ("pages", "more"),
    [
        pytest.param([["b", "a"]], False, id="wrong order"),
        pytest.param([["a"]], False, id="a run is missing"),
        pytest.param([["a", "b", "c"]], False, id="a run too many"),
        pytest.param([["a", "b"]], True, id="no token, but there are more"),
        pytest.param([["a", "b"], ["c"]], False, id="runs behind the last one"),
    ],
)
def test_a_wrong_answer_is_told(pages: Sequence[Sequence[str]], more: bool) -> None:
    with pytest.raises(WrongAnswer):
        asking.prepared(Pages(pages), QUESTION, "1", Expected(["a", "b"], page=1, more=more))


def test_a_token_that_leads_to_an_empty_page_is_no_fault() -> None:
    server = Pages([["a", "b"]], says_more=True)

    asked = asking.prepared(server, QUESTION, "1", Expected(["a", "b"], page=1, more=False))

    assert asked.expected.size == 2


def test_an_answer_that_becomes_wrong_is_told() -> None:
    asked = asking.prepared(Pages([["a"]]), QUESTION, "1", Expected(["a"], page=1, more=False))
    asked.expected.run_ids.append("b")

    with pytest.raises(WrongAnswer):
        asking.ask(asked, Timing(QUESTION, page=1))
