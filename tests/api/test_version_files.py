"""Who reaches the files of a version: who may read the model and, now, the experiment in which the files are."""

from typing import Any, NamedTuple

import pytest

from app import app
from chalicelib.storage import objects
from infra.local import gateway
from tests import principals
from tests.client import PREFIX
from tests.closed_access import admin as admin
from tests.closed_access import closed as closed
from tests.principals import PERMISSIONS, Principal

OURS = "/api/2.0/cumulog"
REGISTRY = f"{OURS}/registry"


class Scene(NamedTuple):
    """Ada's run and logged model, with files; bea's registered models with a version from each of the two, and a copy
    of the first; and cem, whom bea lets in on her models.
    """

    ada: Principal
    bea: Principal
    cem: Principal
    experiment_id: str
    folders: dict[str, str]


@pytest.fixture
def scene(bucket: Any, admin: Principal) -> Scene:
    ada, bea, cem = (principals.user(admin, name) for name in ("ada", "bea", "cem"))
    experiment_id = str(ada.done(PREFIX + "/experiments/create", name="ada's")["experiment_id"])
    run = ada.done(PREFIX + "/runs/create", experiment_id=experiment_id, start_time=1)["run"]["info"]["run_id"]
    logged = ada.done(PREFIX + "/logged-models", experiment_id=experiment_id, source_run_id=run)
    model_id = logged["model"]["info"]["model_id"]
    folders = {
        "run": f"{experiment_id}/{run}/artifacts/model",
        "logged model": f"{experiment_id}/models/{model_id}/artifacts",
        "copy": f"{experiment_id}/{run}/artifacts/model",
    }
    for folder in folders.values():
        objects.put(f"{folder}/MLmodel", b"flavors: {}")
    grant(ada, "bea", "READ", "experiment", experiment_id)
    for kind, source in (
        ("run", {"source": f"runs:/{run}/model", "run_id": run}),
        ("logged model", {"source": f"models:/{model_id}", "model_id": model_id}),
        ("copy", {"source": "models:/bea's run/1"}),
    ):
        bea.done(PREFIX + "/registered-models/create", name=f"bea's {kind}")
        bea.done(PREFIX + "/model-versions/create", name=f"bea's {kind}", **source)
        grant(bea, "cem", "EDIT", "registered_model", f"bea's {kind}")
    return Scene(ada, bea, cem, experiment_id, folders)


def grant(by: Principal, username: str, permission: str, kind: str, name: str) -> None:
    by.done(
        f"{PERMISSIONS}/permissions/grant",
        username=username,
        resource_type=kind,
        resource_id=name,
        permission=permission,
    )


def revoke(by: Principal, username: str, kind: str, name: str) -> None:
    by.done(f"{PERMISSIONS}/permissions/revoke", username=username, resource_type=kind, resource_id=name)


def status(who: Principal, path: str, query: dict[str, str]) -> int:
    found, _, _ = gateway.call(app, "GET", path, query, {"Authorization": principals.bearer(who.token)}, None)
    return int(found)


def reached(who: Principal, scene: Scene, kind: str) -> set[int]:
    """The statuses of every route that reaches a file of the version."""
    folder, of_version = scene.folders[kind], {"name": f"bea's {kind}", "version": "1"}
    file = f"{folder}/MLmodel"
    statuses = {
        status(who, "/model-versions/get-artifact", {**of_version, "path": "MLmodel"}),
        status(who, f"/api/2.0/mlflow-artifacts/artifacts/{file}", {}),
        status(who, f"/api/2.0/mlflow-artifacts/presigned/{file}", {}),
        status(who, "/api/2.0/mlflow-artifacts/artifacts", {"path": folder}),
        status(who, f"{OURS}/artifacts/list", {"path": folder}),
        who.post(f"{OURS}/artifacts/downloads", paths=[file]).status,
    }
    if kind == "logged model":
        model_id = folder.split("/")[2]
        listing = f"/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts"
        statuses |= {
            status(who, f"{listing}/files", {"artifact_file_path": "MLmodel"}),
            status(who, f"{listing}/directories", {}),
        }
    else:
        run = {"run_id": folder.split("/")[1]}
        statuses |= {
            status(who, "/get-artifact", {**run, "path": "model/MLmodel"}),
            status(who, f"{PREFIX}/artifacts/list", run),
        }
    return statuses


KINDS = ("run", "logged model", "copy")


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_reached_by_who_may_read_the_model_and_where_they_are(scene: Scene, kind: str) -> None:
    assert reached(scene.bea, scene, kind) <= {200, 302}


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_alone_gives_nobody_its_files(scene: Scene, kind: str) -> None:
    assert scene.cem.get(f"{PREFIX}/model-versions/get", name=f"bea's {kind}", version="1").status == 200
    assert reached(scene.cem, scene, kind) == {404}

    grant(scene.ada, "cem", "READ", "experiment", scene.experiment_id)

    assert reached(scene.cem, scene, kind) <= {200, 302}


@pytest.mark.parametrize("kind", KINDS)
def test_who_lost_the_right_to_read_files_has_registered_them_in_vain(scene: Scene, kind: str) -> None:
    revoke(scene.ada, "bea", "experiment", scene.experiment_id)

    assert reached(scene.bea, scene, kind) == {404}


@pytest.mark.parametrize("kind", KINDS)
def test_deny_wins_over_a_registered_model(scene: Scene, kind: str) -> None:
    grant(scene.ada, "bea", "DENY", "experiment", scene.experiment_id)

    assert reached(scene.bea, scene, kind) == {404}


def test_a_token_for_models_alone_opens_no_files(scene: Scene) -> None:
    limited = scene.bea.another(label="models", scopes=["registered_model:MANAGE:*"])

    assert reached(limited, scene, "run") == {404}


def test_files_that_came_later_are_as_closed_as_the_others(scene: Scene) -> None:
    revoke(scene.ada, "bea", "experiment", scene.experiment_id)
    objects.put(f"{scene.folders['run']}/later.txt", b"later")

    query = {"name": "bea's run", "version": "1", "path": "later.txt"}
    assert status(scene.bea, "/model-versions/get-artifact", query) == 404


def test_nobody_asks_for_the_approval_of_files_that_they_may_not_read(scene: Scene) -> None:
    policy = {"name": "bea's run", "stage": "Production", "policy": "approval"}
    scene.bea.done(f"{REGISTRY}/policies/set", **policy)
    wanted = {"name": "bea's run", "version": "1", "stage": "Production"}

    for path in (f"{REGISTRY}/requests/create", f"{PREFIX}/model-versions/transition-stage"):
        answer = scene.cem.post(path, **wanted)
        assert (answer.status, answer.body["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")

    assert scene.bea.get(f"{REGISTRY}/requests/list", name="bea's run").body == {"requests": []}
    assert scene.bea.post(f"{REGISTRY}/requests/create", **wanted).status == 200


def test_what_was_approved_is_carried_out_although_its_requester_has_lost_the_files(scene: Scene) -> None:
    """The request is bound to the files as the requester saw them."""
    scene.bea.done(f"{REGISTRY}/policies/set", name="bea's run", stage="Production", policy="approval")
    wanted = {"name": "bea's run", "version": "1", "stage": "Production"}
    request_id = scene.bea.done(f"{REGISTRY}/requests/create", **wanted)["request"]["request_id"]
    revoke(scene.ada, "bea", "experiment", scene.experiment_id)

    assert scene.cem.post(f"{REGISTRY}/requests/approve", request_id=request_id).status == 200


def test_a_copy_of_hidden_files_does_not_tell_what_the_catalogue_knows(scene: Scene) -> None:
    scene.cem.done(f"{PREFIX}/registered-models/create", name="cem's")
    scene.cem.done(f"{PREFIX}/model-versions/create", name="cem's", source="models:/bea's run/1")

    lineage = scene.cem.get(f"{REGISTRY}/lineage", name="cem's", version="1").body

    assert "files" not in lineage
    assert "run" not in lineage
    assert reached(scene.cem, scene, "copy") == {404}
