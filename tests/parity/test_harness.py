"""The harness itself: what it lets pass, and above all what it does not."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.parity.calls import Call, Reply, Side, fill
from tests.parity.compare import Pair
from tests.parity.masks import masked
from tests.parity.traces import trace

RUN = {"theirs": "a" * 32, "ours": "b" * 32}


@dataclass
class Scripted(Side):
    """A server that answers what it was told to, one reply after the other."""

    replies: list[Reply] = field(default_factory=list)

    def _request(self, call: Call) -> Reply:
        return self.replies.pop(0)


def ok(payload: Any) -> Reply:
    return Reply(200, None, None, payload)


def refused(status: int, error_code: str | None) -> Reply:
    return Reply(status, error_code, "no", None)


def compared(theirs: Reply, ours: Reply, call: Call | None = None) -> list[str]:
    sides = [
        Scripted("", names={"run": RUN[name]}, replies=[reply]) for name, reply in (("theirs", theirs), ("ours", ours))
    ]
    return Pair(*sides).compare(call or Call("GET", "/x"))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"run_id": RUN["theirs"]}, {"run_id": RUN["ours"]}),
        (
            {"artifact_uri": f"mlflow-artifacts:/0/{RUN['theirs']}/x"},
            {"artifact_uri": f"mlflow-artifacts:/0/{RUN['ours']}/x"},
        ),
        ({"tags": [{"key": "a"}, {"key": "b"}]}, {"tags": [{"key": "b"}, {"key": "a"}]}),
        ({"run_name": "calm-otter-12"}, {"run_name": "vivid-cricket-248"}),
        ({"next_page_token": "x"}, {"next_page_token": "y"}),
        ({"value": 1}, {"value": 1.0}),
        ({"value": 1.7976931348623157e308}, {"value": "Infinity"}),
    ],
)
def test_what_a_server_may_choose_is_no_difference(theirs: Any, ours: Any) -> None:
    assert compared(ok(theirs), ok(ours)) == []


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (ok({"run_id": RUN["theirs"]}), ok({"run_id": "c" * 32})),
        (ok({"a": 1}), ok({})),
        (ok({"a": 1}), ok({"a": 2})),
        (ok({"a": 1}), ok({"a": True})),
        (ok({"a": 1}), ok({"a": "1"})),
        (ok({"a": [1, 2]}), ok({"a": [2, 1]})),
        (ok({"a": [1]}), ok({"a": [1, 1]})),
        (
            ok({"metrics": [{"key": "m", "step": 1}, {"key": "m", "step": 2}]}),
            ok({"metrics": [{"key": "m", "step": 2}, {"key": "m", "step": 1}]}),
        ),
        (ok({"run_name": "mine"}), ok({"run_name": "calm-otter-12"})),
        (ok({"next_page_token": "x"}), ok({})),
        (ok({"value": 1.0}), ok({"value": "Infinity"})),
        (ok({"creation_time": 1, "last_update_time": 1}), ok({"creation_time": 1, "last_update_time": 2})),
        (ok({}), refused(400, "INVALID_PARAMETER_VALUE")),
        (refused(400, "BAD_REQUEST"), refused(400, "INVALID_PARAMETER_VALUE")),
        (refused(404, "RESOURCE_DOES_NOT_EXIST"), refused(400, "RESOURCE_DOES_NOT_EXIST")),
    ],
)
def test_everything_else_is_a_difference(theirs: Reply, ours: Reply) -> None:
    assert len(compared(theirs, ours)) == 1


def test_messages_are_counted_and_do_not_fail() -> None:
    replies = [Reply(404, "RESOURCE_DOES_NOT_EXIST", message, None) for message in ("not found", "not here")]
    pair = Pair(*[Scripted("", replies=[reply]) for reply in replies])

    found = pair.compare(Call("GET", "/x"))

    assert found == []
    assert len(pair.tally.messages) == 1


def test_a_known_difference_must_be_as_its_entry_says() -> None:
    call = Call("GET", "/x", difference="an unknown path")
    html, ours = refused(404, None), refused(404, "ENDPOINT_NOT_FOUND")

    assert compared(html, ours, call) == []
    assert len(compared(html, html, call)) == 1
    assert len(compared(ours, ours, call)) == 1


def test_pages_follow_until_one_side_has_no_more() -> None:
    pages = [ok({"n": 1, "next_page_token": "x"}), ok({"n": 2})]
    pair = Pair(Scripted("", replies=list(pages)), Scripted("", replies=list(pages)))

    found = pair.compare(Call("GET", "/x", pages=9))

    assert found == []
    assert pair.tally.calls == 2


def test_names_are_filled_in_and_taken_out_again() -> None:
    names = {"run1": "d" * 32, "experiment": "7"}
    body = {"run_id": "${run1}", "filter": "run_id = '${run1}' AND tags.x = '${nobody}'"}

    sent = fill(body, names)

    assert sent["filter"] == f"run_id = '{'d' * 32}' AND tags.x = '${{nobody}}'"
    assert masked({**sent, "experiment_id": "7", "step": 7}, names) == {
        **body,
        "experiment_id": "${experiment}",
        "step": 7,
    }


def test_a_seed_always_makes_the_same_calls() -> None:
    assert list(trace(4, 60)) == list(trace(4, 60)) != list(trace(5, 60))
