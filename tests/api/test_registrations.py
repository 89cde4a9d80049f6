"""The tag of a logged model that names the registered models made from it: who writes it, and who reads which names."""

import json
from typing import Any

import pytest

from chalicelib.access import registered_models
from chalicelib.catalogue import entries, places
from chalicelib.storage import objects
from tests import principals
from tests.client import PREFIX
from tests.closed_access import ada as ada
from tests.closed_access import admin as admin
from tests.closed_access import closed as closed
from tests.principals import PERMISSIONS, Principal

TAG = "mlflow.modelVersions"


@pytest.fixture
def bea(admin: Principal) -> Principal:
    return principals.user(admin, "bea")


@pytest.fixture
def experiment_id(ada: Principal) -> str:
    return str(ada.done(PREFIX + "/experiments/create", name="ada's")["experiment_id"])


@pytest.fixture
def model_id(ada: Principal, experiment_id: str) -> str:
    """A logged model of ada's from which she has registered `wine`."""
    made = str(ada.done(PREFIX + "/logged-models", experiment_id=experiment_id)["model"]["info"]["model_id"])
    register(ada, "wine", made)
    return made


def grant(by: Principal, username: str, permission: str, kind: str, name: str) -> None:
    fields = {"resource_type": kind, "resource_id": name, "permission": permission}
    by.done(f"{PERMISSIONS}/permissions/grant", username=username, **fields)


def register(who: Principal, name: str, model_id: str) -> None:
    who.done(PREFIX + "/registered-models/create", name=name)
    who.done(PREFIX + "/model-versions/create", name=name, source=f"models:/{model_id}", model_id=model_id)


def names(who: Principal, model_id: str) -> list[str]:
    """The registered models that the logged model is shown to name."""
    return listed(principals.worked(who.get(f"{PREFIX}/logged-models/{model_id}"))["model"])


def listed(message: dict[str, Any]) -> list[str]:
    tags = {each["key"]: each["value"] for each in message["info"].get("tags", ())}
    return [each["name"] for each in json.loads(tags.get(TAG, "[]"))]


def found(who: Principal, experiment_id: str, text: str) -> int:
    """How many logged models a search for a part of the tag finds."""
    query = {"experiment_ids": [experiment_id], "filter": f"tags.`{TAG}` LIKE '%{text}%'"}
    return len(who.done(PREFIX + "/logged-models/search", **query).get("models", ()))


def test_who_may_only_read_a_logged_model_registers_it_without_writing_into_it(ada, bea, experiment_id, model_id):
    grant(ada, "bea", "READ", "experiment", experiment_id)
    before = ada.get(f"{PREFIX}/logged-models/{model_id}").body

    register(bea, "beer", model_id)

    assert bea.get(f"{PREFIX}/model-versions/get", name="beer", version="1").status == 200
    assert ada.get(f"{PREFIX}/logged-models/{model_id}").body == before


def test_who_may_edit_a_logged_model_is_noted_in_it(ada, bea, experiment_id, model_id):
    grant(ada, "bea", "EDIT", "experiment", experiment_id)

    register(bea, "beer", model_id)

    assert names(bea, model_id) == ["beer"]
    assert names(ada, model_id) == ["wine"]


def test_a_copy_is_noted_only_by_who_may_edit_the_logged_model(ada, bea, experiment_id, model_id):
    grant(ada, "bea", "READ", "experiment", experiment_id)
    grant(ada, "bea", "READ", "registered_model", "wine")
    bea.done(PREFIX + "/registered-models/create", name="beer")

    bea.done(PREFIX + "/model-versions/create", name="beer", source="models:/wine/1", model_id=model_id)

    assert names(bea, model_id) == ["wine"]


def test_names_of_hidden_models_are_neither_shown_nor_found(ada, bea, admin, experiment_id, model_id):
    grant(ada, "bea", "READ", "experiment", experiment_id)
    for who, seen in ((ada, 1), (bea, 0), (admin, 1)):
        page = who.done(PREFIX + "/logged-models/search", experiment_ids=[experiment_id])["models"]
        assert [listed(each) for each in page] == [["wine"] * seen]
        assert names(who, model_id) == ["wine"] * seen
        assert found(who, experiment_id, "wine") == seen

    grant(ada, "bea", "READ", "registered_model", "wine")

    assert names(bea, model_id) == ["wine"]
    assert found(bea, experiment_id, "wine") == 1


def test_a_reply_to_a_change_shows_no_more(ada, bea, experiment_id, model_id):
    grant(ada, "bea", "EDIT", "experiment", experiment_id)

    changed = bea.send("PATCH", f"{PREFIX}/logged-models/{model_id}", status="LOGGED_MODEL_READY")

    assert listed(changed.body["model"]) == []


def test_what_one_cannot_see_stays_when_one_writes_the_tag(ada, bea, experiment_id, model_id):
    """MLflow's client reads the tag, adds what it registered, and writes it back."""
    grant(ada, "bea", "EDIT", "experiment", experiment_id)
    tags = [{"key": TAG, "value": json.dumps([{"name": "beer", "version": "1"}])}]

    assert bea.send("PATCH", f"{PREFIX}/logged-models/{model_id}/tags", tags=tags).status == 200

    assert names(ada, model_id) == ["wine"]
    bea.done(PREFIX + "/registered-models/create", name="beer")
    assert names(bea, model_id) == ["beer"]


@pytest.mark.parametrize("text", ["", "{", "7", "[[[", '{"name": "wine"}', "[" * 5000])
def test_a_tag_that_is_no_list_is_shown_as_it_is(ada, experiment_id, text):
    model_id = ada.done(PREFIX + "/logged-models", experiment_id=experiment_id)["model"]["info"]["model_id"]
    tags = [{"key": TAG, "value": text}]
    assert ada.send("PATCH", f"{PREFIX}/logged-models/{model_id}/tags", tags=tags).status == 200

    assert ada.get(f"{PREFIX}/logged-models/{model_id}").body["model"]["info"]["tags"] == tags


def test_a_tag_of_very_many_names_is_looked_up_within_bounds(ada, experiment_id, model_id):
    many = [{"name": f"{number:05d}", "version": 1} for number in range(registered_models.MOST_NAMES)]
    # In the order of names, `wine` comes after all of these.
    tags = [{"key": TAG, "value": json.dumps([*many, {"name": "wine", "version": 1}, {"name": 7}, 7])}]
    ada.send("PATCH", f"{PREFIX}/logged-models/{model_id}/tags", tags=tags)

    assert names(ada, model_id) == []


def test_the_catalogue_does_not_tell_what_a_hidden_run_has_put_out(bucket, ada, bea, experiment_id):
    shared = str(ada.done(PREFIX + "/experiments/create", name="shared")["experiment_id"])
    grant(ada, "bea", "READ", "experiment", shared)
    run = ada.done(PREFIX + "/runs/create", experiment_id=experiment_id, start_time=1)["run"]["info"]["run_id"]
    model_id = ada.done(PREFIX + "/logged-models", experiment_id=shared)["model"]["info"]["model_id"]
    ada.done(PREFIX + "/runs/outputs", run_id=run, models=[{"model_id": model_id, "step": 1}])
    folder = f"{shared}/models/{model_id}/artifacts"
    objects.put(f"{folder}/MLmodel", b"flavors: {sklearn: {}}")
    place = places.of_folder(folder)
    assert place is not None
    entries.refresh(place)

    def listed_for(who: Principal, **query: str) -> list[str]:
        return [each["path"] for each in who.get("/api/2.0/cumulog/catalogue", **query).body["entries"]]

    assert listed_for(bea) == [folder]
    assert (listed_for(ada, run_id=run), listed_for(bea, run_id=run)) == ([folder], [])
