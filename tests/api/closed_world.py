"""The owner's things, one of each kind, made through the API; and those of the foreign user, to refer from."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3

from chalicelib import remembered
from chalicelib.access import granted, tokens
from chalicelib.access.levels import EXPERIMENT, REGISTERED_MODEL
from chalicelib.catalogue import entries, places
from chalicelib.config import settings
from chalicelib.storage import keys, objects, page_secret, tables
from chalicelib.storage.items import ExperimentItem
from chalicelib.storage.registry_items import ModelName, RegisteredModel
from chalicelib.tracking.experiments import experiments
from tests import principals
from tests.api import saved
from tests.api.closed import GRANTED, SECRET, World, add_token, add_user, junk, sha256
from tests.api.conftest import emptied
from tests.api.saved import Saved

MANIFEST = b"flavors: {sklearn: {sklearn_version: 1.7.2}}"
CONTENT = f"{SECRET} in a file".encode()
PART = f"{SECRET} in a part".encode()
MODEL = "wine"
# As long as the ids that they stand for, where an error message cuts what it repeats.
GHOSTS = {
    "experiment": "777",
    "deleted_experiment": "778",
    "view": "f" * 32,
    "run": "e" * 32,
    "deleted_run": "d" * 32,
    "reproduction": "9" * 32,
    "model": "m-" + "e" * 32,
    "registered": "gone",
    "model_id": "c" * 32,
    "request": "c" * 32 + "-" + "b" * 16,
    "token_id": "c" * 22,
    "experiment_name": "no such experiment",
}


def make() -> World:
    """Everybody and everything, in empty stores with access closed."""
    world = World()
    for name in ("owner", "foreign", *GRANTED, "admin"):
        add_user(name, is_admin=name == "admin")
        world.tokens[name] = add_token(name)
    add_user("former", deleted=1)
    world.tokens["junk"] = junk()
    world.names["token_id"] = tokens.id_of(world.tokens["owner"]) or ""
    experiments.ensure_default()
    page_secret.current()
    world.names |= _things(world, "owner", MODEL, SECRET)
    world.names |= {f"own_{name}": value for name, value in _things(world, "foreign", "own wine", "own").items()}
    world.names |= _requested(world)
    world.names["reproduction"] = _reproduction(world, world.names["experiment"], world.names["run"])
    _grant(world)
    begin_uploads(world)
    remembered.forget_all()
    return world


def begin_uploads(world: World) -> None:
    """Two uploads in parts of the owner's, ours and MLflow's, of which one part has arrived."""
    client = boto3.client("s3")
    for name, path in (("upload", "big.bin"), ("mlflow_upload", "huge.bin")):
        where = {"Bucket": settings().bucket, "Key": f"{world.names['root']}/{path}"}
        extra = {"ChecksumAlgorithm": "SHA256"} if name == "upload" else {}
        upload = client.create_multipart_upload(**where, **extra)["UploadId"]
        arrived = client.upload_part(**where, UploadId=upload, PartNumber=1, Body=PART, **extra)
        world.names |= {name: f"{len(PART)}-{upload}" if extra else upload, f"{name}_etag": arrived["ETag"]}
    world.names["part_sha256"] = sha256(PART)


@contextmanager
def lasting() -> Iterator[tuple[World, Saved]]:
    """A new world with access closed, and what the stores hold then."""
    with principals.closed():
        emptied()
        world = make()
        yield world, saved.save()


def put_back(world: World, before: Saved) -> None:
    """As if nobody had asked for anything since it was saved."""
    if saved.put_back(before):
        begin_uploads(world)
        uploads = {key: found for key, found in saved.state().items() if key[0] == "upload"}
        for key in [key for key in before.state if key[0] == "upload"]:
            del before.state[key]
        before.state.update(uploads)
    remembered.forget_all()


def ghosts(world: World) -> dict[str, str]:
    """The same names, but of things that are not there."""
    paths = _paths(GHOSTS["experiment"], GHOSTS["run"], GHOSTS["model"])
    return {**world.names, **GHOSTS, **paths}


def renamed(body: bytes, ghosts: dict[str, str], names: dict[str, str]) -> bytes:
    """A reply about what is not there, as if it were about the things that are named."""
    real = {ghosts[name]: names[name] for name in GHOSTS}
    # The longest first, and all at once: what one name was replaced by may happen to hold another.
    ghost = "|".join(re.escape(ghost) for ghost in sorted(real, key=len, reverse=True))
    # Whole words, but for a zero before a number: the id of a run may happen to hold 777.
    return re.sub(rf"(?<![1-9a-z])({ghost})(?!\w)", lambda found: real[found[0]], body.decode()).encode()


def _things(world: World, who: str, registered: str, text: str) -> dict[str, str]:
    """An experiment with runs, a logged model, files, catalogue entries; and a registered model with two versions."""
    known = _experiments(world, who, text)
    experiment_id = known["experiment"]
    run_id, deleted_run = (_run(world, who, experiment_id, text) for _ in range(2))
    world.done(who, "/runs/delete", run_id=deleted_run)
    model_id = _model(world, who, experiment_id, run_id, text)
    paths = _paths(experiment_id, run_id, model_id)
    _put_files(paths)
    internal = _register(world, who, registered, f"{text} text", run_id)
    things = {"run": run_id, "deleted_run": deleted_run, "model": model_id}
    return {**known, **things, **paths, "registered": registered, "model_id": internal}


def _experiments(world: World, who: str, text: str) -> dict[str, str]:
    """An experiment whose files lie in the bucket itself, as some calls ask for, and a deleted one."""
    # Ids are given in order, and everybody has two experiments.
    number = "1" if who == "owner" else "3"
    name = f"{text} experiment"
    location = f"s3://{settings().bucket}/{number}"
    tags = [{"key": "team", "value": f"{text} tag"}]
    made = world.done(who, "/experiments/create", name=name, artifact_location=location, tags=tags)
    assert made["experiment_id"] == number
    deleted = str(world.done(who, "/experiments/create", name=f"{text} deleted experiment")["experiment_id"])
    world.done(who, "/experiments/delete", experiment_id=deleted)
    shown = {"name": f"{text} view", "state": json.dumps({"filter": f"{text} filter"})}
    view = world.done(who, "/api/2.0/cumulog/views/save", experiment_id=number, **shown)["view"]["view_id"]
    return {"experiment": number, "experiment_name": name, "deleted_experiment": deleted, "view": view}


def _model(world: World, who: str, experiment_id: str, run_id: str, text: str) -> str:
    """A logged model that the run put out."""
    texts = {kind: [{"key": "depth", "value": f"{text} {kind}"}] for kind in ("tags", "params")}
    made = world.done(who, "/logged-models", experiment_id=experiment_id, name=text, source_run_id=run_id, **texts)
    model_id = str(made["model"]["info"]["model_id"])
    world.done(who, "/runs/outputs", run_id=run_id, models=[{"model_id": model_id, "step": 1}])
    return model_id


def _run(world: World, who: str, experiment_id: str, text: str) -> str:
    tags = [{"key": "color", "value": f"{text} color"}, {"key": f"{text} key", "value": "blue"}]
    run = world.done(who, "/runs/create", experiment_id=experiment_id, run_name=f"{text} run", start_time=1, tags=tags)
    run_id = str(run["run"]["info"]["run_id"])
    point = {"key": "loss", "value": 0.8675309, "timestamp": 1, "step": 1}
    params = [{"key": "depth", "value": f"{text} depth"}]
    world.done(who, "/runs/log-batch", run_id=run_id, metrics=[point], params=params)
    return run_id


def _reproduction(world: World, experiment_id: str, run_id: str) -> str:
    """A run of the owner's that reproduces the other, of which nothing is recorded yet."""
    tags = [{"key": "cumulog.reproduces", "value": run_id}]
    wanted = {"experiment_id": experiment_id, "run_name": "again", "start_time": 1, "tags": tags}
    run_id = str(world.done("owner", "/runs/create", **wanted)["run"]["info"]["run_id"])
    world.done("owner", "/runs/update", run_id=run_id, status="FINISHED")
    return run_id


def _paths(experiment_id: str, run_id: str, model_id: str) -> dict[str, str]:
    return {
        "root": f"{experiment_id}/{run_id}/artifacts",
        "model_root": f"{experiment_id}/models/{model_id}/artifacts",
    }


def _put_files(paths: dict[str, str]) -> None:
    objects.put(f"{paths['root']}/notes.txt", CONTENT)
    objects.put(f"{paths['root']}/model/model.bin", CONTENT)
    for folder in (f"{paths['root']}/model", paths["model_root"]):
        objects.put(f"{folder}/MLmodel", MANIFEST)
        place = places.of_folder(folder)
        assert place is not None
        assert entries.refresh(place)


def _register(world: World, who: str, name: str, text: str, run_id: str) -> str:
    """The internal id of a new registered model: version 1 in Staging, version 2 with an alias."""
    tags = [{"key": "team", "value": text}]
    world.done(who, "/registered-models/create", name=name, description=text, tags=tags)
    for _ in range(2):
        source = f"runs:/{run_id}/model"
        world.done(who, "/model-versions/create", name=name, source=source, run_id=run_id, description=text, tags=tags)
    world.done(who, "/registered-models/alias", name=name, alias="champion", version="2")
    world.done(who, "/model-versions/transition-stage", name=name, version="1", stage="Staging")
    holder = tables.get(ModelName, keys.model_name(name), keys.NAME)
    assert holder is not None
    return str(holder.model_id)


def _requested(world: World) -> dict[str, Any]:
    """An open transition request of the owner's, which everybody but the foreign user may decide."""
    ours = "/api/2.0/cumulog/registry"
    approvers = [*GRANTED, "admin"]
    policy = {"stage": "Production", "policy": "approval", "needed": 1, "approvers": approvers}
    world.done("owner", f"{ours}/policies/set", name=MODEL, **policy)
    wanted = {"version": "1", "stage": "Production", "comment": f"{SECRET} comment"}
    opened = world.done("owner", f"{ours}/requests/create", name=MODEL, **wanted)
    return {"request": opened["request"]["request_id"]}


def _grant(world: World) -> None:
    grants = {"owner": "MANAGE", **GRANTED}
    for experiment_id in (world.names["experiment"], world.names["deleted_experiment"]):
        tables.update(experiments.load(experiment_id), [ExperimentItem.grants.set(grants)])
    model = tables.get(RegisteredModel, keys.REGISTERED_MODELS, world.names["model_id"])
    assert model is not None
    tables.update(model, [RegisteredModel.grants.set(grants)])
    held = [(EXPERIMENT, world.names["experiment"]), (EXPERIMENT, world.names["deleted_experiment"])]
    held.append((REGISTERED_MODEL, world.names["model_id"]))
    tables.put_all(granted.row(user, *each) for user in grants for each in held)
