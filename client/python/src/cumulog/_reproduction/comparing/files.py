"""Files of two runs, by their digests; of those that hold the time of their making, by what else is in them."""

import gzip
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._client.client import Client
from cumulog._reproduction.comparing.metrics import Verdict
from cumulog._reproduction.recorded.reading import Server, artifact_root
from cumulog._transfer.api import BATCH
from cumulog._transfer.transfer import Options, fetch_to

_MOST_FETCHED = 64 << 20
# Records of the client itself, and what a program prints, which tells of times and places.
_RECORDS = ("cumulog/", "output.log")
# Where objects lay in memory.
_OF_SKOPS = re.compile(r'"__id__": \d+,?')
_OF_ITS_MAKING = re.compile(
    r"^\s*(?:artifact_path|mlflow_version|model_id|model_size_bytes|model_uuid|run_id|utc_time_created|"
    r"cumulog_version|metadata_time):.*\n?",
    re.MULTILINE,
)


class Stored(NamedTuple):
    """Where a file is, from the bucket's root, and its digest if the server knows it."""

    path: str
    size: int
    sha256: str | None


class File(NamedTuple):
    name: str
    verdict: Verdict
    why: str = ""


def of_run(server: Server, run: Mapping[str, Any]) -> dict[str, Stored]:
    """All files of a run by name: its artifacts, and its logged models as `models/<name>/…`."""
    root = artifact_root(run["info"])
    places = [("", root)] if root else []
    places += [(f"models/{name}/", place) for name, place in models(server.client, run).items()]
    found: dict[str, str] = {}
    for before, place in places:
        for each in server.api.entries(place, recursive=True):
            if not each.is_dir and not f"{before}{each.path}".startswith(_RECORDS):
                found[f"{before}{each.path}"] = f"{place}/{each.path}"
    names = list(found)
    told = [
        each
        for at in range(0, len(names), BATCH)
        for each in server.api.downloads([found[n] for n in names[at : at + BATCH]])
    ]
    return {name: Stored(each.path, each.size, each.sha256) for name, each in zip(names, told, strict=True)}


def models(client: Client, run: Mapping[str, Any]) -> dict[str, str]:
    """The folders of the models that a run logged, by name; of several the last."""
    made = {each["model_id"] for each in (run.get("outputs") or {}).get("model_outputs", ())}
    if not made:
        return {}
    query = {"filter": f"source_run_id = '{run['info']['run_id']}'", "experiment_ids": [run["info"]["experiment_id"]]}
    pages: Any = client.pages(client.logged_models.search, **query)
    infos = [each["info"] for page in pages for each in page.get("models", ()) if each["info"]["model_id"] in made]
    infos.sort(key=lambda info: int(info["creation_timestamp_ms"]))
    marks = {str(info["name"]): str(info["artifact_uri"]) for info in infos}
    return {name: re.sub(r"^mlflow-artifacts:/*", "", uri) for name, uri in marks.items()}


def compared(server: Server, old: Mapping[str, Stored], new: Mapping[str, Stored], into: Path) -> list[File]:
    """Each file of either run; those that are not the same are fetched to a folder, and looked into."""
    return [_compared(server, name, old.get(name), new.get(name), into) for name in sorted({*old, *new})]


def _compared(server: Server, name: str, old: Stored | None, new: Stored | None, into: Path) -> File:
    if old is None or new is None:
        return File(name, "extra" if old is None else "missing")
    if old.sha256 and old.sha256 == new.sha256:
        return File(name, "equal")
    if max(old.size, new.size) > _MOST_FETCHED:
        is_known = old.sha256 and new.sha256
        return File(name, "different", "" if is_known or old.size != new.size else "too large to be looked into")
    local = [into / f"{at}-{hashlib.sha256(name.encode()).hexdigest()}" for at in (1, 2)]
    fetch_to(dict(zip((old.path, new.path), local, strict=True)), server.api, Options(progress=False))
    one, two = (each.read_bytes() for each in local)
    if one == two:
        return File(name, "equal")
    if why := _apart_by_time(name, one, two, local):
        return File(name, "within", why)
    return File(name, "different")


def _apart_by_time(name: str, one: bytes, two: bytes, local: Sequence[Path]) -> str:
    """Why two files that differ mean the same; empty if they do not."""
    if name.rpartition("/")[2] == "MLmodel":
        texts = [_OF_ITS_MAKING.sub("", each.decode(errors="replace")) for each in (one, two)]
        return "the same but for ids and times" if texts[0] == texts[1] else ""
    try:
        if all(zipfile.is_zipfile(each) for each in local):
            members = [_members(each) for each in local]
            return "the same but for times and ids in it" if members[0] == members[1] else ""
        if one[:2] == two[:2] == b"\x1f\x8b":
            return "the same but for the time of packing" if gzip.decompress(one) == gzip.decompress(two) else ""
    except (OSError, EOFError, zipfile.BadZipFile, NotImplementedError):
        return ""
    return _json_apart(one, two) if name.endswith(("registered_model_meta", ".json")) else ""


def _members(path: Path) -> list[tuple[str, str]]:
    """The files of an archive: PyTorch calls the folder in it as the file was called, skops files by chance."""
    with zipfile.ZipFile(path) as archive:
        digests = {each.filename: f"{each.CRC:08x}-{each.file_size}" for each in archive.infolist()}
        if "schema.json" in digests:
            schema = _OF_SKOPS.sub("", archive.read("schema.json").decode(errors="replace"))
            for name, digest in digests.items():
                schema = schema.replace(f'"{name}"', f'"{digest}"')
            return [
                ("schema.json", schema),
                *sorted((digest, "") for name, digest in digests.items() if name != "schema.json"),
            ]
        return [(name.partition("/")[2] or name, digest) for name, digest in digests.items()]


def _json_apart(one: bytes, two: bytes) -> str:
    try:
        return "the same but for the order of its names" if json.loads(one) == json.loads(two) else ""
    except ValueError:
        return ""


def differing(found: Sequence[File]) -> Iterator[File]:
    return (each for each in found if each.verdict in ("different", "missing", "extra"))
