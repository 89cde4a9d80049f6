"""Attacks, as data (`attacks/*.json`): each line says what is tried and the class of fault that it would profit from.

Unless a line says otherwise it is the foreign user who tries, who has a token and things of its own. Of each is asked
that it gets nothing of the owner's, that it is no fault of the server, and that it changes nothing but what is its own.
Numbers are those of MLflow's own CVEs, or of its issues.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib import remembered
from chalicelib.access import levels
from chalicelib.catalogue import handler
from chalicelib.config import settings
from chalicelib.storage import keys, objects, tables
from chalicelib.tracking.experiments import experiments
from infra.local import pump
from tests.api import closed_world, forged, saved
from tests.api.closed import SECRET, Answer, Wish, World, posted
from tests.api.lasting_world import store as store
from tests.api.lasting_world import world as world
from tests.api.saved import Saved, State
from tests.api.scenes import filled
from tests.sampling import some

FOLDER = Path(__file__).parent / "attacks"
SHA256 = hashlib.sha256(b"").hexdigest()
OURS = "/api/2.0/cumulog/artifacts"
PROXIED = "/ajax-api/2.0/mlflow-artifacts"
# What a creation of one's own counts up.
COUNTED = ("COUNTER#experiment", "COUNTER")


SIGNED = re.compile(r"https?://[^\s'\"]+X-Amz-Signature")


def attacks(file: str) -> Any:
    """A parameter for each line of a file."""
    lines = json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))
    return pytest.mark.parametrize("attack", lines, ids=[f"{each['class']}: {each['name']}" for each in lines])


@pytest.fixture(scope="module")
def made(store: None, s3_bucket: Any) -> Iterator[tuple[World, Saved]]:
    with closed_world.lasting() as (world, _):
        forged.add_to(world)
        world.names["bucket"] = settings().bucket
        yield world, saved.save()


# Every endpoint that takes a path: in JSON or a query, where nothing decodes it, or in the URL, where it is decoded.
BY_TEXT: dict[str, Callable[[str], Wish]] = {
    "uploads": lambda path: posted(OURS + "/uploads", {"files": [{"path": path, "size": 0, "sha256": SHA256}]}),
    "downloads": lambda path: posted(OURS + "/downloads", {"paths": [path]}),
    "list": lambda path: Wish("GET", OURS + "/list", {"path": path, "recursive": "true"}),
    "delete": lambda path: posted(OURS + "/delete", {"path": path}),
    "create": lambda path: posted(OURS + "/multipart/create", {"path": path, "size": 1}),
    "proxied list": lambda path: Wish("GET", PROXIED + "/artifacts", {"path": path}),
    "entry": lambda path: Wish("GET", "/api/2.0/cumulog/catalogue/entry", {"path": path}),
}
BY_URL: dict[str, Callable[[str], Wish]] = {
    "get": lambda path: Wish("GET", f"{PROXIED}/artifacts/{path}"),
    "put": lambda path: Wish("PUT", f"{PROXIED}/artifacts/{path}", body=b"x"),
    "delete": lambda path: Wish("DELETE", f"{PROXIED}/artifacts/{path}", body=b"{}"),
    "presigned": lambda path: Wish("GET", f"{PROXIED}/presigned/{path}"),
    "mpu create": lambda path: posted(f"{PROXIED}/mpu/create/{path}", {"path": "f", "num_parts": 1}),
}
# Those that take what lies below a run or a model that is named by its id.
BELOW: dict[str, Callable[[World, str], Wish]] = {
    "get-artifact": lambda world, tail: Wish("GET", "/get-artifact", {"run_id": world.names["own_run"], "path": tail}),
    "artifacts/list": lambda world, tail: Wish(
        "GET", "/api/2.0/mlflow/artifacts/list", {"run_id": world.names["own_run"], "path": tail}
    ),
    "upload-artifact": lambda world, tail: Wish(
        "POST", "/ajax-api/2.0/mlflow/upload-artifact", {"run_id": world.names["own_run"], "path": tail}, b"x"
    ),
    "model file": lambda world, tail: Wish(
        "GET",
        f"/ajax-api/2.0/mlflow/logged-models/{world.names['own_model']}/artifacts/files",
        {"artifact_file_path": tail},
    ),
    "version file": lambda world, tail: Wish(
        "GET", "/model-versions/get-artifact", {"name": "own wine", "version": "1", "path": tail}
    ),
    "download url": lambda world, tail: posted(
        "/api/2.0/mlflow/artifacts/presigned-download-url", {"run_id": world.names["own_run"], "path": tail}
    ),
    "upload url": lambda world, tail: posted(
        "/api/2.0/mlflow/artifacts/presigned-upload-url", {"run_id": world.names["own_run"], "path": tail}
    ),
    "mpu name": lambda world, tail: posted(
        f"{PROXIED}/mpu/create/{world.names['own_root']}", {"path": tail, "num_parts": 1}
    ),
}


@attacks("traversal")
def test_no_path_leads_out_of_ones_own_run(made: Any, world: World, attack: dict[str, Any]) -> None:
    tail = filled(attack["tail"], world.names)
    paths = [f"{world.names['own_root']}/{tail}", tail]
    wishes = [each(path) for each in BY_TEXT.values() for path in paths]
    wishes += [each(way(path)) for each in BY_URL.values() for path in paths for way in (str, quote)]
    wishes += [each(world, tail) for each in BELOW.values()]

    for wish in some(wishes, 8):
        answer = world.ask("foreign", wish)

        assert answer.status in (200, 302, 400, 404), (wish, answer)
        assert_harmless(world, wish, answer)
        assert_only_own_files(made, world, wish)


@attacks("sources")
def test_no_version_is_made_from_elsewhere(made: Any, world: World, attack: dict[str, Any]) -> None:
    source = filled(attack["source"], world.names)

    for named in ({}, {"run_id": world.names["own_run"]}, {"model_id": world.names["own_model"]}):
        wish = posted("/api/2.0/mlflow/model-versions/create", {"name": "own wine", "source": source, **named})
        answer = world.ask("foreign", wish)

        assert answer.status in (400, 404), answer
        assert_harmless(world, wish, answer)
        assert saved.state() == made[1].state


@attacks("routes")
def test_no_detour_leads_around_authorization(made: Any, world: World, attack: dict[str, Any]) -> None:
    assert_repelled(made, world, attack)


@attacks("bodies")
def test_no_request_gets_or_changes_what_is_anothers(made: Any, world: World, attack: dict[str, Any]) -> None:
    assert_repelled(made, world, attack)


@attacks("tokens")
def test_nothing_passes_for_a_token_but_a_valid_one(made: Any, world: World, attack: dict[str, Any]) -> None:
    headers = filled(attack.get("headers", {}), world.names)
    if "authorization" in attack:
        headers["Authorization"] = filled(attack["authorization"], world.names)
    query = filled(attack.get("query", "run_id=${run}"), world.names)
    wishes = [
        Wish("GET", "/api/2.0/mlflow/runs/get", query, headers=headers),
        Wish("GET", f"/api/2.0/mlflow-artifacts/artifacts/{world.names['root']}/notes.txt", headers=headers),
        posted("/api/2.0/mlflow/runs/delete", {"run_id": world.names["run"]})._replace(headers=headers),
    ]

    for wish in wishes:
        answer = world.ask("anonymous", wish)

        assert answer.outcome == (401, "UNAUTHENTICATED")
        assert_harmless(world, wish, answer)
        assert saved.state() == made[1].state


@attacks("manifests")
def test_no_model_file_does_harm(world: World, attack: dict[str, Any]) -> None:
    text = attack.get("before", "") + attack["text"] * attack.get("repeat", 1) + attack.get("after", "")
    body = filled(text, world.names).encode()
    folder = f"{world.names['own_root']}/evil"
    objects.put(f"{folder}/MLmodel", body)

    told = json.dumps([settings().bucket, f"{folder}/MLmodel", "s3:ObjectCreated:Put"])
    handler.catalogue_on_event(pump.event_of(told.encode()), None)

    entry = Wish("GET", "/api/2.0/cumulog/catalogue/entry", {"path": folder})
    answer = world.ask("foreign", entry)
    assert answer.status == 200
    assert len(answer.body) < 100_000
    assert answer.fields["entry"]["run_id"] == world.names["own_run"]
    assert_harmless(world, entry._replace(body=body), answer)
    owners = Wish("GET", "/api/2.0/cumulog/catalogue", {"run_id": world.names["run"]})
    assert folder not in world.ask("admin", owners).body.decode()


def test_an_experiment_that_claims_anothers_folder_reaches_no_file_in_it(world: World) -> None:
    bucket = world.names["bucket"]
    locations = [f"s3://{bucket}/{world.names[name]}" for name in ("experiment", "root", "model_root")]
    for location in [*locations, f"s3://{bucket}/..", f"mlflow-artifacts:/{world.names['experiment']}"]:
        create = posted("/api/2.0/mlflow/experiments/create", {"name": location, "artifact_location": location})
        assert world.ask("foreign", create).outcome == (400, "INVALID_PARAMETER_VALUE"), location

        # Versions before this one took such a location.
        made = world.done("foreign", "/experiments/create", name=location)
        item = experiments.load(made["experiment_id"])
        item.artifact_location = location
        tables.put(item)
        remembered.forget_all()
        run = world.done("foreign", "/runs/create", experiment_id=made["experiment_id"])["run"]["info"]["run_id"]

        listed = Wish("GET", "/api/2.0/mlflow/artifacts/list", {"run_id": run})
        written = Wish("POST", "/ajax-api/2.0/mlflow/upload-artifact", {"run_id": run, "path": "x"}, b"x")
        answers = [world.ask("foreign", each) for each in (listed, written)]

        assert {answer.outcome for answer in answers} == {(400, "INVALID_PARAMETER_VALUE")}, location
        assert not any(SECRET.encode() in answer.body for answer in answers)


def test_there_are_at_least_120_attacks() -> None:
    assert sum(len(json.loads(file.read_text(encoding="utf-8"))) for file in FOLDER.glob("*.json")) >= 120


def assert_repelled(made: tuple[World, Saved], world: World, attack: dict[str, Any]) -> None:
    wish = wished(filled(attack, world.names))
    answer = world.ask(attack.get("as", "foreign"), wish)

    assert answer.status in attack["answers"], answer
    assert_harmless(world, wish, answer)
    if attack.get("writes"):
        assert_only_added(made[1].state, world)
    else:
        assert saved.state() == made[1].state
    run = Wish("GET", "/api/2.0/mlflow/runs/get", {"run_id": world.names["run"]})
    assert world.ask("foreign", run).status == 404
    assert world.ask("owner", run).status == 200


def wished(attack: dict[str, Any]) -> Wish:
    body = json.dumps(attack["json"]).encode() if "json" in attack else None
    raw = attack.get("raw")
    if isinstance(raw, dict):
        raw = raw.get("before", "") + raw["text"] * raw["times"] + raw.get("after", "")
    if raw is not None:
        body = raw.encode("latin-1" if attack.get("latin") else "utf-8")
    return Wish(attack["method"], attack["path"], attack.get("query", ""), body, attack.get("headers", {}))


def assert_harmless(world: World, wish: Wish, answer: Answer) -> None:
    """No fault of the server's, nothing of the owner's that was not in the request, and no header of the attacker's."""
    text = answer.body.decode() + str(answer.headers)
    sent = f"{wish.path} {wish.query} {wish.headers} {(wish.body or b'').decode(errors='replace')}"
    secrets = [world.names[name] for name in ("run", "deleted_run", "model", "model_id", "request", "token_id")]
    own = f"/{world.names['own_experiment']}/"
    assert answer.status < 500
    assert SECRET not in text
    assert [each for each in secrets if each in text and each not in sent] == []
    assert all(url.partition("?")[0].find(own) > 0 for url in SIGNED.findall(text))
    assert not {"set-cookie", "x-evil", "access-control-allow-origin"} & {name.lower() for name in answer.headers}
    assert not any(ord(letter) < 32 for value in answer.headers.values() for letter in value)


def assert_only_own_files(made: tuple[World, Saved], world: World, wish: Wish) -> None:
    """What has a strange name, but no path, may be stored in one's own run; then it is put back."""
    before, after = made[1].state, saved.state()
    if after == before:
        return
    own = (f"{world.names['own_root']}/", f"{world.names['own_experiment']}/models/{world.names['own_model']}/")
    changed = [key for key in {*before, *after} if before.get(key) != after.get(key)]
    written = [after.get(key, "") if key[0] == "upload" else key[1] for key in changed]
    assert {key[0] for key in changed} <= {"object", "upload"}, wish
    assert all(name.startswith(own) for name in written), wish
    closed_world.put_back(*made)


def assert_only_added(before: State, world: World) -> None:
    """Of what was there, nothing has changed but the attacker's own things; and it is no administrator."""
    after = saved.state()
    own = [world.names[f"own_{name}"] for name in ("run", "model", "model_id")]
    changed = [key for key in before if after.get(key) != before[key]]
    others = [key for key in changed if not any(each in str(key) for each in own)]
    listed = (keys.WITH_OPEN_RUNS, keys.experiment(world.names["own_experiment"]))
    assert [key[1:] for key in others if key[1:] not in (COUNTED, ("USERS", "foreign"), listed)] == []
    me = world.ask("foreign", Wish("GET", "/api/2.0/cumulog/access/me")).fields
    assert (me["is_admin"], me["everywhere"]) == (False, dict.fromkeys(levels.KINDS, "NO_PERMISSIONS"))
