"""What a run may hold: it grows by calls that are each within the limits, and always fits into a reply.

Runs of earlier versions may hold more. They are shown with what fits, and no search stops at them.
"""

import json
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.edge.cutting import TAG
from chalicelib.edge.replies import MOST_BYTES, bytes_in_reply
from chalicelib.storage import keys, tables
from chalicelib.storage.items import InputEdge, MoreParam, MoreTag, RunInfo, RunSize
from tests import client as api
from tests import feeds

WIDE = "\U0001f600"

pytestmark = pytest.mark.usefixtures("bucket")


def pairs(word: str, count: int, length: int) -> list[dict[str, str]]:
    return [{"key": f"{word} {number}", "value": WIDE * length} for number in range(count)]


def log(run_id: str, **fields: Any) -> api.Answer:
    """A log-batch in UTF-8: escaped to ASCII, a character of four bytes would take twelve."""
    content = json.dumps({"run_id": run_id, **fields}, ensure_ascii=False).encode()
    return api.send("POST", api.PREFIX + "/runs/log-batch", content)


def shown(run_id: str) -> dict[str, Any]:
    answer = api.get("/runs/get", run_id=run_id)
    assert answer.status == 200, answer.body
    assert bytes_in_reply(answer.body["run"]) <= MOST_BYTES
    return dict(answer.body["run"])


def refused(answer: api.Answer) -> str:
    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert "may take about 3.5 MB in a reply" in answer.body["message"]
    return str(answer.body["message"])


def filled(experiment_id: str) -> str:
    """A run that has room for some 100 KB more."""
    run_id = api.create_run(experiment_id)
    assert log(run_id, params=pairs("p", 100, 6000)).status == 200
    assert log(run_id, tags=pairs("t", 31, 8000)).status == 200
    return run_id


def overfull(experiment_id: str) -> str:
    """A run as an earlier version may have left it: nothing was counted."""
    run_id = api.create_run(experiment_id)
    info = RunInfo(keys.run(run_id), keys.INFO)
    tables.update(info, [RunInfo.overflow.set(True), RunInfo.more.set(True)])
    tables.put_all(MoreParam(info.pk, keys.param(f"p {number}"), value=WIDE * 6000) for number in range(100))
    tables.put_all(MoreTag(info.pk, keys.tag(f"t {number}"), value=WIDE * 8000) for number in range(100))
    return run_id


def test_a_run_takes_what_fits_into_a_reply_and_refuses_the_rest_whole(experiment_id: str) -> None:
    run_id = filled(experiment_id)
    before = shown(run_id)

    refused(log(run_id, params=[{"key": "small", "value": "v"}], tags=pairs("more", 10, 8000)))
    refused(api.post("/runs/log-inputs", run_id=run_id, datasets=[dataset("d", profile="p" * 200_000)]))

    assert shown(run_id) == before
    assert "cut" not in before
    assert log(run_id, params=[{"key": "small", "value": "v"}]).status == 200
    assert shown(run_id)["data"]["params"][-1] == {"key": "small", "value": "v"}


def test_room_that_was_given_back_is_found_before_a_call_is_refused(experiment_id: str) -> None:
    run_id = filled(experiment_id)
    refused(log(run_id, tags=pairs("more", 10, 8000)))

    for number in range(10):
        api.done("/runs/delete-tag", run_id=run_id, key=f"t {number}")

    assert log(run_id, tags=pairs("more", 10, 8000)).status == 200
    refused(log(run_id, tags=pairs("again", 10, 8000)))


def test_a_tag_may_be_overwritten_however_often(experiment_id: str) -> None:
    run_id = filled(experiment_id)

    for length in (8000, 1, 8000, 1, 8000, 1, 8000):
        assert log(run_id, tags=pairs("t", 5, length)).status == 200


def test_calls_that_died_keep_their_room_for_a_minute(experiment_id: str) -> None:
    run_id = filled(experiment_id)
    size = tables.get(RunSize, keys.run(run_id), keys.SIZE)
    assert size is not None
    died = RunSize(size.pk, size.sk, bytes=size.bytes + 80_000, writing={"died": f"80000 {clock.now_ms()}"})
    tables.put(died)

    refused(log(run_id, tags=pairs("more", 3, 8000)))

    with clock.frozen(clock.now_ms() + 61_000):
        assert log(run_id, tags=pairs("more", 1, 8000)).status == 200
    after = tables.get(RunSize, size.pk, size.sk)
    assert after is not None
    assert after.writing == {}


def test_a_new_run_with_too_many_tags_is_refused(experiment_id: str) -> None:
    fields = {"experiment_id": experiment_id, "tags": pairs("t", 110, 8000)}
    answer = api.send("POST", api.PREFIX + "/runs/create", json.dumps(fields, ensure_ascii=False).encode())

    refused(answer)
    assert api.found_ids(experiment_id) == []


def test_very_many_short_tags_leave_info_before_they_fill_a_reply(run_id: str) -> None:
    # As many as INFO still takes, at once: a hundred calls would say no more.
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    assert info is not None
    info.tags = {**info.tags, **{f"{number:x}": "\u0001" for number in range(5000)}}
    tables.put(info)

    for start in range(5000, 6000, 100):
        tags = [{"key": f"{number:x}", "value": "\u0001"} for number in range(start, start + 100)]
        assert log(run_id, tags=tags).status == 200

    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    assert info is not None
    assert len(info.tags) > 5001
    assert info.overflow
    assert len(shown(run_id)["data"]["tags"]) == 6001


def test_a_run_of_an_earlier_version_is_shown_with_what_fits_and_says_so(experiment_id: str) -> None:
    run_id = overfull(experiment_id)
    api.done("/runs/log-metric", run_id=run_id, key="loss", value=0.5, timestamp=1)

    run = shown(run_id)

    tags = {each["key"]: each["value"] for each in run["data"]["tags"]}
    assert run["cut"].keys() == {"tags"}
    assert tags[TAG] == f"Too large for one reply. Not shown: {run['cut']['tags']} of 101 tags."
    assert "mlflow.runName" in tags
    assert len(run["data"]["params"]) == 100
    assert len(run["data"]["metrics"]) == 1


def test_no_search_stops_at_a_run_that_is_too_large(experiment_id: str) -> None:
    run_ids = [
        api.create_run(experiment_id, start_time=9),
        *(overfull(experiment_id) for _ in range(2)),
        api.create_run(experiment_id, start_time=0),
    ]

    found, token = list[str](), ""
    while True:
        reply = api.done("/runs/search", experiment_ids=[experiment_id], page_token=token)
        assert sum(map(bytes_in_reply, reply["runs"])) <= MOST_BYTES
        found += [run["info"]["run_id"] for run in reply["runs"]]
        token = reply.get("next_page_token", "")
        if not token:
            break

    assert sorted(found) == sorted(run_ids)


def test_a_run_that_is_too_large_refuses_what_makes_it_larger_and_nothing_else(experiment_id: str) -> None:
    run_id = overfull(experiment_id)

    refused(api.post("/runs/log-parameter", run_id=run_id, key="new", value="v"))
    refused(api.post("/runs/set-tag", run_id=run_id, key="new", value="v"))

    assert log(run_id, params=pairs("p", 1, 6000), tags=pairs("t", 3, 10)).status == 200
    api.done("/runs/delete-tag", run_id=run_id, key="t 9")
    api.done("/runs/log-metric", run_id=run_id, key="loss", value=0.5, timestamp=1)
    api.done("/runs/update", run_id=run_id, status="FINISHED", run_name="done")


def dataset(name: str, **fields: str) -> dict[str, Any]:
    return {"dataset": {"name": name, "digest": "1", "source_type": "local", "source": "s", **fields}}


def test_a_dataset_counts_as_it_is_stored_for_each_run_that_uses_it(experiment_id: str) -> None:
    profile = "p" * 1_500_000
    first, second = api.create_run(experiment_id), api.create_run(experiment_id)
    for name in ("a", "b"):
        api.done("/runs/log-inputs", run_id=first, datasets=[dataset(name, profile=profile)])

    refused(api.post("/runs/log-inputs", run_id=first, datasets=[dataset("c", profile=profile)]))
    api.done("/runs/log-inputs", run_id=first, datasets=[dataset("a"), dataset("b")])
    api.done("/runs/log-inputs", run_id=second, datasets=[dataset("a"), dataset("b")])
    refused(api.post("/runs/log-inputs", run_id=second, datasets=[dataset("c", profile=profile)]))

    for run_id in (first, second):
        assert [len(each["dataset"]["profile"]) for each in shown(run_id)["inputs"]["dataset_inputs"]] == [
            1_500_000
        ] * 2


def test_a_dataset_of_an_earlier_version_is_counted_too(experiment_id: str) -> None:
    run_id = api.create_run(experiment_id)
    api.done("/runs/log-inputs", run_id=run_id, datasets=[dataset("a", profile="p" * 2_000_000)])
    key = keys.dataset("a", "1")
    tables.update(InputEdge(keys.run(run_id), keys.input_edge(key)), [InputEdge.bytes.remove()])
    tables.delete(RunSize(keys.run(run_id), keys.SIZE))

    refused(api.post("/runs/log-inputs", run_id=run_id, datasets=[dataset("b", profile="p" * 2_000_000)]))


def test_the_tags_of_a_dataset_input_are_limited(run_id: str) -> None:
    tags = [{"key": f"{number}", "value": "v" * 500} for number in range(700)]

    answer = api.post("/runs/log-inputs", run_id=run_id, datasets=[{**dataset("a"), "tags": tags}])

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert shown(run_id)["inputs"] == {}


def test_a_run_that_is_full_of_metrics_takes_no_new_ones_and_goes_on_with_those_it_has(run_id: str) -> None:
    for start in range(0, 5000, 1000):
        assert log(run_id, metrics=points(start, start + 1000)).status == 200
    feeds.fold(run_id)
    with clock.frozen(clock.now_ms() + 120_000):
        new = [{"key": "new", "value": 1, "timestamp": 1}]
        refused(log(run_id, metrics=new))
        refused(log(run_id, metrics=new, params=[{"key": "p", "value": "v"}]))
        refused(api.post("/runs/log-metric", run_id=run_id, **new[0]))
        assert log(run_id, metrics=points(0, 999), params=[{"key": "q", "value": "v"}]).status == 200

    run = shown(run_id)
    assert run["data"]["params"] == [{"key": "q", "value": "v"}]
    assert run["cut"] == {"metrics": 5000 - len(run["data"]["metrics"])}


def points(first: int, end: int) -> list[dict[str, Any]]:
    """One point each of metrics with the longest keys."""
    return [{"key": f"{number:04d}".ljust(250, "𝛼"), "value": 1, "timestamp": 1} for number in range(first, end)]
