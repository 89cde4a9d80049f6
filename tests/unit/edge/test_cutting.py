"""A message that is too large for a reply: what fits is shown, and what does not is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.edge.cutting import TAG, cut
from chalicelib.edge.replies import Json, bytes_in_reply

LISTS = (("data", "params"), ("data", "metrics"), ("inputs", "dataset_inputs"))
TAGS = ("data", "tags")


def message(**lists: int) -> Json:
    """Lists of so many entries of some hundred bytes each."""
    of = {
        name: [{"key": f"{name} {number}", "value": "v" * 80} for number in range(count)]
        for name, count in lists.items()
    }
    inputs = {"dataset_inputs": of.pop("dataset_inputs")} if "dataset_inputs" in of else {}
    return {"info": {"run_id": "r"}, "data": of, "inputs": inputs}


def test_a_message_that_fits_stays_as_it_is() -> None:
    whole = message(params=3, tags=2)

    assert cut(whole, LISTS, TAGS, most=100_000) is whole


def test_the_longest_list_is_cut_and_the_others_are_whole() -> None:
    shown = cut(message(params=100, metrics=3, tags=5, dataset_inputs=2), LISTS, TAGS, most=8_000)

    assert [len(shown["data"]["metrics"]), len(shown["inputs"]["dataset_inputs"])] == [3, 2]
    assert shown["cut"] == {"params": 100 - len(shown["data"]["params"])}
    note = shown["data"]["tags"][-1]
    assert note == {
        "key": TAG,
        "value": f"Too large for one reply. Not shown: {shown['cut']['params']} of 100 params.",
    }
    assert [each["key"] for each in shown["data"]["params"]] == [
        f"params {number}" for number in range(len(shown["data"]["params"]))
    ]


def test_mlflows_own_tags_come_before_all_else() -> None:
    whole = message(tags=100)
    whole["data"]["tags"].append({"key": "mlflow.runName", "value": "wine"})

    shown = cut(whole, LISTS, TAGS, most=4_000)

    assert {"key": "mlflow.runName", "value": "wine"} in shown["data"]["tags"]
    assert shown["cut"]["tags"] > 50


def test_an_entry_that_is_too_long_does_not_keep_out_the_others() -> None:
    whole = message(params=3, dataset_inputs=1)
    whole["inputs"]["dataset_inputs"].append({"dataset": {"name": "wine", "profile": "p" * 50_000}})
    whole["inputs"]["dataset_inputs"].append({"dataset": {"name": "beer"}})

    shown = cut(whole, LISTS, TAGS, most=10_000)

    assert shown["cut"] == {"dataset_inputs": 1}
    assert shown["inputs"]["dataset_inputs"][-1] == {"dataset": {"name": "beer"}}
    assert len(shown["data"]["params"]) == 3


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200), st.integers(3_000, 30_000))
def test_what_is_shown_fits(params: int, metrics: int, tags: int, most: int) -> None:
    shown = cut(message(params=params, metrics=metrics, tags=tags), LISTS, TAGS, most)

    assert bytes_in_reply(shown) <= most


@pytest.mark.parametrize("place", [*LISTS, TAGS])
def test_a_message_without_one_of_the_lists_is_cut_too(place: tuple[str, str]) -> None:
    whole = message(params=100, metrics=100, tags=100, dataset_inputs=100)
    del whole[place[0]][place[1]]

    shown = cut(whole, LISTS, TAGS, most=8_000)

    assert place[1] not in shown["cut"]
    assert bytes_in_reply(shown) <= 8_000
