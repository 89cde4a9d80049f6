"""Registered models through HTTP: names, what an update changes, what a deletion leaves. MLflow's own rules: parity."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.registry import models
from chalicelib.registry.chain import audit, changes
from tests import client as api
from tests.api.registering import (
    ABSENT,
    INVALID,
    OK,
    change,
    create_model,
    create_version,
    found_models,
    found_versions,
    outcome,
    read_model,
    read_version,
)

DAY_MS = 86_400_000


@pytest.mark.parametrize(
    "name",
    [
        "wine%2fred",
        "%77ine",
        "100%25",
        "wi\u0000ne",
        "wine\n",
        "wine\u2028",
        "\u202eeniw",
        "wine\u200b",
        "\ufeffwine",
        "cafe\u0301",
        "\u212b",
        "n" * 257,
    ],
)
def test_a_name_that_could_be_taken_for_another_is_refused(name: str) -> None:
    assert outcome(api.post("/registered-models/create", name=name)) == INVALID
    assert outcome(api.get("/registered-models/get", name=name)) == INVALID

    create_model()

    assert outcome(api.post("/registered-models/rename", name="wine", new_name=name)) == INVALID
    assert read_model()["name"] == "wine"


@pytest.mark.parametrize(
    "name",
    [
        "n" * 256,
        "😀" * 256,
        "100%",
        "50% off",
        "%zz",
        "café",
        "日本",
        "👩\u200d🔬",
        "می\u200cخواهم",
        "red  wine",
        "a.b#c?d=e&f",
    ],
)
def test_a_name_of_any_script_is_kept_as_it_is(name: str) -> None:
    create_model(name)

    assert read_model(name)["name"] == name
    assert found_models() == [name]


@pytest.mark.parametrize(
    "name", ["*", " wine", "wine ", "wi\u00adne", "wi\u3164ne", "red\u00a0wine", "wi\u200cne", "wine\ufe0f"]
)
def test_no_new_model_gets_a_name_that_looks_like_another_or_means_all(name: str) -> None:
    create_model()

    assert outcome(api.post("/registered-models/create", name=name)) == INVALID
    assert outcome(api.post("/registered-models/rename", name="wine", new_name=name)) == INVALID
    assert found_models() == ["wine"]


@pytest.mark.parametrize("name", ["*", "wine ", "wi\u00adne"])
def test_a_model_that_had_such_a_name_before_is_found_renamed_and_deleted(name: str, run_id: str) -> None:
    models.create(name, None, {})
    create_version(run_id, name)

    assert (read_model(name)["name"], read_version(1, name)["name"]) == (name, name)
    api.done("/registered-models/rename", name=name, new_name="wine of before")
    assert read_model("wine of before")["name"] == "wine of before"

    models.create(name, None, {})
    assert change("DELETE", "/registered-models/delete", name=name).status == 200
    assert found_models() == ["wine of before"]


def test_a_name_is_free_again_after_a_rename_and_after_a_deletion() -> None:
    create_model("wine")
    api.done("/registered-models/rename", name="wine", new_name="beer")
    create_model("wine", description="another")

    assert change("DELETE", "/registered-models/delete", name="beer").status == 200
    create_model("beer")

    assert found_models() == ["beer", "wine"]
    assert read_model("wine")["description"] == "another"


def test_versions_of_a_renamed_model_changed_then(run_id: str) -> None:
    with clock.frozen(1 * DAY_MS):
        create_model()
        create_version(run_id)

    with clock.frozen(2 * DAY_MS):
        api.done("/registered-models/rename", name="wine", new_name="beer")

    version = read_version(1, "beer")
    assert (version["creation_timestamp"], version["last_updated_timestamp"]) == (1 * DAY_MS, 2 * DAY_MS)


def test_a_deleted_model_is_in_no_search_and_its_numbers_begin_anew(run_id: str) -> None:
    create_model()
    create_version(run_id)
    create_version(run_id)

    change("DELETE", "/registered-models/delete", name="wine")

    assert found_models() == []
    assert found_versions() == []
    assert found_versions(filter=f"run_id = '{run_id}'") == []
    create_model()
    assert create_version(run_id)["version"] == "1"
    assert found_versions(filter=f"run_id = '{run_id}'") == ["wine/1"]


def test_texts_of_every_length_that_is_allowed_go_into_the_audit_chain() -> None:
    create_model(description="日" * 20_000)
    for letter in "é日":
        value = letter * 100_000
        assert outcome(api.post("/registered-models/set-tag", name="wine", key="k", value=value)) == OK

    model = changes.load("wine")
    chain = list(audit.entries(model.model_id))
    assert audit.verify(chain, model) == audit.Verdict(3)
    assert chain[-1].details["to"]["characters"] == 100_000
    assert chain[-1].details["from"]["begins"] == "é" * 200


def test_tags_that_no_item_can_hold_are_refused() -> None:
    create_model()
    outcomes = [
        outcome(api.post("/registered-models/set-tag", name="wine", key=f"k{number}", value="v" * 100_000))
        for number in range(5)
    ]

    assert outcomes[:3] == [OK, OK, OK]
    assert outcomes[-1] == INVALID
    assert len(read_model()["tags"]) == outcomes.count(OK)


@pytest.mark.parametrize(
    "fields",
    [
        {"tags": [{"key": "k", "value": "v" * 100_001}]},
        {"tags": [{"key": "k" * 251, "value": "v"}]},
        {"tags": [{"key": "a+b", "value": "v"}]},
        {"description": "d" * 100_001},
    ],
)
def test_a_model_beyond_the_limits_is_refused_and_not_there(fields: dict[str, Any]) -> None:
    assert outcome(api.post("/registered-models/create", name="wine", **fields)) == INVALID
    assert outcome(api.get("/registered-models/get", name="wine")) == ABSENT


def test_an_alias_is_letters_digits_and_dashes_to_its_end(run_id: str) -> None:
    create_model()
    create_version(run_id)

    # MLflow's pattern lets a line feed pass at the very end.
    assert outcome(api.post("/registered-models/alias", name="wine", alias="champion\n", version="1")) == INVALID
    assert "aliases" not in read_model()


def test_the_latest_alias_is_the_highest_version_whatever_its_stage(run_id: str) -> None:
    create_model()
    for _ in range(3):
        create_version(run_id)
    api.done("/model-versions/transition-stage", name="wine", version="3", stage="Archived")

    answer = api.get("/registered-models/alias", name="wine", alias="Latest")

    assert answer.body["model_version"]["version"] == "3"
