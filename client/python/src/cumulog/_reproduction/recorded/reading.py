"""Reading what a run says of itself from the server."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._client.client import Client
from cumulog._http.errors import CumulogError
from cumulog._record.wanted import FOLDER, LOCK, REQUIREMENTS, RUN_FILE
from cumulog._reproduction.errors import NotReproducible
from cumulog._reproduction.recorded import shape, stock
from cumulog._reproduction.recorded.run import Code, Dataset, Described, Invocation, Missing, Recorded
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import Options, download

PROJECT_FILE = f"{FOLDER}/project.json"
_HIDDEN = "[secret]"
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "optimize": ("-O",),
    "isolated": ("-I",),
    "no_site": ("-S",),
    "no_user_site": ("-s",),
    "dev_mode": ("-X", "dev"),
    "utf8_mode": ("-X", "utf8"),
}


class Server(NamedTuple):
    client: Client
    api: Api


class Stored(NamedTuple):
    """What the record has: run.json, project.json, the files beside them, and what is damaged or gone."""

    document: dict[str, Any]
    project: dict[str, Any]
    files: dict[str, Path]
    missing: list[Missing]


def read(server: Server, run_id: str, into: Path) -> Recorded:
    """What a run says of itself; the files of its record go to a folder.

    Raises ApiError, TransferFailed, and NotReproducible if somebody has written another record.
    """
    run = server.client.runs.get(run_id)["run"]
    info, data = run["info"], run.get("data", {})
    tags = {each["key"]: each["value"] for each in data.get("tags", ())}
    params = {each["key"]: each["value"] for each in data.get("params", ())}
    root = artifact_root(info)
    paths = [each.path for each in server.api.entries(root, recursive=True) if not each.is_dir] if root else []
    stored = _record(server.api, root, paths, into)
    told = (
        _described(stored) if stored.document else stock.described(tags, stock.packages(server.api, root, paths, into))
    )
    found = Recorded(
        info["run_id"],
        info["experiment_id"],
        info.get("run_name", ""),
        info.get("status", ""),
        tags,
        params,
        stored.document,
        stored.project,
        stored.files,
        tuple(_datasets(run)),
        *told,
    )
    return found._replace(missing=(*found.missing, *stored.missing, *_unknown(found)))


def artifact_root(info: Mapping[str, Any]) -> str:
    """The folder of a run's artifacts, from the bucket's root; empty if the server does not have them."""
    root = f"{info['experiment_id']}/{info['run_id']}/artifacts"
    return root if str(info.get("artifact_uri", root)).endswith(root) else ""


def _record(api: Api, root: str, paths: list[str], into: Path) -> Stored:
    wanted = [path for path in paths if path.startswith(f"{FOLDER}/")]
    if wanted:
        download([f"{root}/{path}" for path in wanted], into, api, Options(progress=False), root=root)
    document, project = (_json(into / name) for name in (RUN_FILE, PROJECT_FILE))
    if not shape.is_sound(document):
        raise NotReproducible(f"{RUN_FILE} of the run is not as cumulog writes it.")
    files: dict[str, Path] = {}
    missing = []
    for path, about in (document.get("files") or {}).items():
        place = into / path
        if path not in wanted:
            missing.append(Missing(_kind(path), f"The record's file {path} is gone."))
        elif hashlib.sha256(place.read_bytes()).hexdigest() != about.get("sha256"):
            missing.append(Missing(_kind(path), f"The record's file {path} is not what was recorded."))
        else:
            files[path] = place
    return Stored(document, project, files, missing)


def _kind(path: str) -> str:
    return "packages" if path in (REQUIREMENTS, LOCK) or "/locks/" in path else "code"


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _datasets(run: Mapping[str, Any]) -> Iterator[Dataset]:
    for each in (run.get("inputs") or {}).get("dataset_inputs", ()):
        told = each["dataset"]
        yield Dataset(*(str(told.get(name, "")) for name in ("name", "digest", "source_type", "source")))


def _described(stored: Stored) -> Described:
    document = stored.document
    requirements, lock = (
        stored.files[name].read_text() if name in stored.files else "" for name in (REQUIREMENTS, LOCK)
    )
    python = str((document.get("python") or {}).get("version", ""))
    code, invocation = _code(document), _invocation(document)
    return Described(code, invocation, python, requirements, lock, tuple(_gaps(document)))


def _code(document: Mapping[str, Any]) -> Code:
    git, sources = document.get("git") or {}, document.get("sources") or {}
    left_out = tuple((each["path"], each["why"]) for each in (git or sources).get("left_out", ()))
    root = git.get("root", "") if git else sources.get("folder", "")
    return Code(bool(git), git.get("commit", ""), git.get("remote", ""), root, left_out)


def _invocation(document: Mapping[str, Any]) -> Invocation:
    told = document.get("entry_point") or {}
    flags = (document.get("python") or {}).get("flags", ())
    options = tuple(word for flag in flags for word in _OPTIONS.get(flag, ()))
    script, folder = told.get("script", ""), told.get("working_directory", ".")
    arguments, command = tuple(told.get("arguments", ())), tuple(told.get("command", ()))
    if told.get("notebook"):
        return Invocation(folder=folder)
    if script in ("", "<console>") and not told.get("module"):
        return Invocation("", "", arguments, folder, options, command if "-c" in command else ())
    return Invocation(script, told.get("module", ""), arguments, folder, options)


def _gaps(document: Mapping[str, Any]) -> Iterator[Missing]:
    code = _code(document)
    for path, why in code.left_out:
        yield Missing("code", f"'{path}' is not in the record: {why}.")
    told = document.get("entry_point") or {}
    if any(_HIDDEN in word for word in told.get("arguments", ())):
        yield Missing("command", "An argument looked like a secret, and was not recorded: give it by -P.")
    variables = document.get("environment") or {}
    if variables.get("WORLD_SIZE", "1") != "1":
        yield Missing("command", f"It was one of {variables['WORLD_SIZE']} processes: this one alone is run again.")
    for name, value in variables.items():
        if _HIDDEN in value:
            yield Missing("variables", f"The value of {name} looked like a secret, and was not recorded: use --set.")
    lock = document.get("lock") or {}
    if not lock.get("path"):
        why = lock.get("why_none", "") or "the run ended before there was one"
        yield Missing("packages", f"There is no lock with digests of the packages: {why}.")


def _unknown(found: Recorded) -> Iterator[Missing]:
    if not found.seeds:
        yield Missing("seeds", "No seeds were declared: cumulog.declare_seeds(numpy=1) notes them.")


def required(found: Recorded) -> None:
    """Raises CumulogError for a run that goes on: it has no results yet."""
    if found.status in ("RUNNING", "SCHEDULED"):
        raise CumulogError(f"Run {found.run_id} goes on. Wait for its end: cumulog runs watch {found.run_id}")
