"""Searching registered models and versions: prompts, names and runs as ways in, pages cut to a reply's size."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import identity
from tests import client as api
from tests.api.registering import (
    INVALID,
    change,
    create_model,
    create_version,
    found_models,
    found_versions,
    outcome,
)

PROMPT = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]
IS_PROMPT = "tags.`mlflow.prompt.is_prompt`"


@pytest.fixture
def models(run_id: str) -> None:
    """Two models with versions, and a prompt with one."""
    for name, count in (("wine", 3), ("beer", 2)):
        create_model(name)
        for number in range(count):
            create_version(run_id, name, tags=[{"key": "n", "value": str(number)}])
    create_model("greeting", tags=PROMPT)
    api.done("/model-versions/create", name="greeting", source="dummy-source", tags=PROMPT)


@pytest.mark.parametrize(
    ("text", "models_found", "versions_found"),
    [
        (None, ["beer", "wine"], 5),
        (f"{IS_PROMPT} = 'true'", ["greeting"], 1),
        (f"{IS_PROMPT} = 'TRUE'", [], 0),
        (f"{IS_PROMPT} != 'false'", ["greeting"], 1),
        (f"{IS_PROMPT} != 'true'", ["beer", "wine"], 5),
        (f"{IS_PROMPT} = 'false'", ["beer", "wine"], 5),
        (f"name = 'greeting' AND {IS_PROMPT} != 'true'", [], 0),
    ],
)
def test_prompts_are_found_by_those_who_ask_for_them(
    models: None, text: str | None, models_found: list[str], versions_found: int
) -> None:
    query = {} if text is None else {"filter": text}

    assert found_models(**query) == models_found
    assert len(found_versions(**query)) == versions_found


def test_a_version_of_a_prompt_is_one_without_a_tag_of_its_own(run_id: str) -> None:
    create_model(tags=PROMPT)
    create_version(run_id)

    assert found_versions(filter="name = 'wine'") == []
    assert found_versions(filter=f"run_id = '{run_id}'") == []
    assert found_versions(filter=f"{IS_PROMPT} = 'true'") == ["wine/1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name = 'wine'", ["wine/3", "wine/2", "wine/1"]),
        ("name IN ('wine', 'nobody') AND version_number > 1", ["wine/3", "wine/2"]),
        ("name = 'wine' AND name = 'beer'", []),
        ("name = 'nobody'", []),
        ("name = 'a/b'", []),
        (f"name = '{'n' * 3000}'", []),
        (f"run_id = '{'r' * 3000}'", []),
        ("run_id = ''", []),
        ("run_id = '${run}' AND name = 'beer'", ["beer/2", "beer/1"]),
        ("run_id IN ('${run}', 'nobody') AND tags.n = '1'", ["beer/2", "wine/2"]),
        ("run_id != 'x' AND tags.n = '2'", ["wine/3"]),
        ("name IN ('wine', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i') AND version_number = '1'", ["wine/1"]),
        ("source_path LIKE 'runs:/%' AND version_number = 3", ["wine/3"]),
    ],
)
def test_whatever_the_way_in_the_filter_decides(models: None, run_id: str, text: str, found: list[str]) -> None:
    order = ["name ASC", "version_number DESC"]

    assert found_versions(filter=text.replace("${run}", run_id), order_by=order) == found


def test_a_deleted_version_is_not_found_by_its_run(models: None, run_id: str) -> None:
    change("DELETE", "/model-versions/delete", name="wine", version="2")

    assert found_versions(filter=f"run_id = '{run_id}' AND name = 'wine'") == ["wine/3", "wine/1"]


def test_a_renamed_model_is_found_by_its_new_name_alone(models: None, run_id: str) -> None:
    with clock.frozen(clock.now_ms() + 1000):
        api.done("/registered-models/rename", name="beer", new_name="ale")

    assert found_models() == ["ale", "wine"]
    assert found_versions(filter="name = 'beer'") == []
    # What changed last comes first, and to be renamed is a change of every version.
    assert found_versions()[:2] == ["ale/2", "ale/1"]
    assert found_versions(filter=f"run_id = '{run_id}'")[:2] == ["ale/2", "ale/1"]


def test_a_page_is_cut_where_a_reply_would_be_too_large() -> None:
    for number in range(30):
        create_model(f"model {number:02}", tags=[{"key": "k", "value": '"' * 99_000}])

    names, token, pages = [], "", 0
    while token or not pages:
        body = api.get("/registered-models/search", max_results=1000, page_token=token).body
        names += [model["name"] for model in body["registered_models"]]
        token, pages = body.get("next_page_token", ""), pages + 1

    assert names == [f"model {number:02}" for number in range(30)]
    assert pages == 3


def test_a_page_token_is_good_for_its_question_and_for_who_asked_it(models: None) -> None:
    query: dict[str, Any] = {"filter": "name LIKE '%'", "max_results": 1}
    for path, other in (("/registered-models/search", "name ASC"), ("/model-versions/search", "name DESC")):
        token = api.get(path, **query).body["next_page_token"]

        assert api.get(path, **query, page_token=token).status == 200
        assert outcome(api.get(path, **query, page_token=token, order_by=[other])) == INVALID
        assert outcome(api.get(path, **{**query, "filter": "name != 'x'"}, page_token=token)) == INVALID
        with identity.in_name_of("eve"):
            assert outcome(api.get(path, **query, page_token=token)) == INVALID


def test_a_token_of_one_search_is_none_of_the_other(models: None) -> None:
    token = api.get("/registered-models/search", max_results=1).body["next_page_token"]

    assert outcome(api.get("/model-versions/search", max_results=1, page_token=token)) == INVALID


@pytest.mark.parametrize("count", [0, -1, 1001])
def test_a_page_of_models_has_1_to_1000(count: int) -> None:
    assert outcome(api.get("/registered-models/search", max_results=count)) == INVALID


@pytest.mark.parametrize("count", [0, -1, 200_001])
def test_a_page_of_versions_has_1_to_200000(count: int) -> None:
    assert outcome(api.get("/model-versions/search", max_results=count)) == INVALID
