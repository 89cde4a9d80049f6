"""A run as one archive that `cumulog run` runs: its code, the lock of its packages, its data and its parameters."""

import json
import os
import shlex
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._projects.running.order import Order
from cumulog._record.confidential import flaw_of_name
from cumulog._reproduction.rebuilding.places import Data
from cumulog._reproduction.recorded.run import packages
from cumulog._reproduction.repeating.reproducing import Rebuilt, Work

MANIFEST = "cumulog-lock.json"
_CLIENT = "cumulog-client"
FORMAT = 1
_PROJECT, _PYTHON, _LOCK = "MLproject", "python_env.yaml", "requirements.lock"
# Archives of one run are equal bit for bit.
_TIME = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1 << 20


class Packed(NamedTuple):
    """What an archive holds, and the data that were too large for it."""

    path: Path
    files: int
    size: int
    left_out: tuple[str, ...]


class Datum(NamedTuple):
    """A file that a parameter names: where it lies here, and in the archive."""

    parameter: str
    source: Path
    inside: str


def written(work: Work, rebuilt: Rebuilt, place: Path, most_bytes: int) -> Packed:
    """Write the archive of what was rebuilt; of files that parameters name at most so many bytes together."""
    order, top = rebuilt.order, rebuilt.order.source.folder
    data, left_out = _data(order, most_bytes)
    files = {_below(path, top): path for path in _files(top)} | _client(work, rebuilt)
    project = order.project.folder.resolve().relative_to(top.resolve()).as_posix()
    before = "" if project == "." else f"{project}/"
    made = {
        _PROJECT: _json(_project(work, rebuilt, data, before)),
        _PYTHON: _json(_python(rebuilt)),
        _LOCK: _lock(rebuilt).encode(),
        MANIFEST: _json(_manifest(work, rebuilt.data, data, left_out)),
    }
    _pack(place, {name: files[name] for name in {*files} - {*made}} | {each.inside: each.source for each in data}, made)
    return Packed(place, len({*files, *made}) + len(data), place.stat().st_size, left_out)


def _pack(place: Path, files: Mapping[str, Path], made: Mapping[str, bytes]) -> None:
    """Write the archive, which gets its name when it is whole."""
    part = place.with_name(f".{place.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(files):
                _add(archive, name, files[name])
            for name, content in made.items():
                archive.writestr(_info(name, 0o644), content)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _project(work: Work, rebuilt: Rebuilt, data: list[Datum], before: str) -> dict[str, Any]:
    """An MLproject file, as JSON, which is YAML: with the command as it was, and its parameters as defaults."""
    order = rebuilt.order
    inside = {each.parameter: each.inside for each in data}
    given = {**order.values.given, **_within(order), **inside}
    declared = {
        name: {"type": each.kind, **({"default": given[name]} if name in given else {})}
        for name, each in order.entry.parameters.items()
    }
    if work.recorded.is_project:
        extra = "".join(f" --{name} {_literal(value)}" for name, value in order.values.extra.items())
        command, name = order.entry.command + extra, order.entry.name
    else:
        top, up = f"{order.source.folder}{os.sep}", os.path.relpath(order.source.folder, order.project.folder)
        words = ["python", *(word.replace(top, f"{up}{os.sep}") for word in order.command.arguments[1:])]
        command, name = " ".join(map(_literal, words)), "main"
    within = f"cd {shlex.quote(before)} && " if before else ""
    variables = "".join(
        f"export {each}={_literal(value)}; " for each, value in sorted(work.recorded.variables.items()) if value
    )
    client = f'export PYTHONPATH="$PWD/{_CLIENT}"; ' if _lacks_client(work, rebuilt) else ""
    entry = {"parameters": declared, "command": f"{client}{variables}{within}{command}"}
    return {"name": work.recorded.name or work.recorded.run_id, "python_env": _PYTHON, "entry_points": {name: entry}}


def _lacks_client(work: Work, rebuilt: Rebuilt) -> bool:
    """Was the run one of cumulog's, and its packages do not bring it?"""
    return bool(work.recorded.document) and "cumulog" not in packages(rebuilt.chosen.requirements)


def _client(work: Work, rebuilt: Rebuilt) -> dict[str, Path]:
    """The files of this client, for an archive whose packages lack it."""
    source = Path(__file__).resolve().parents[2]
    found = source.rglob("*.py") if _lacks_client(work, rebuilt) else ()
    return {f"{_CLIENT}/cumulog/{_below(path, source)}": path for path in found}


def _literal(value: str) -> str:
    """A text in the command of an entry point, in which braces stand for parameters."""
    return shlex.quote(value).replace("{", "{{").replace("}", "}}")


def _python(rebuilt: Rebuilt) -> dict[str, Any]:
    return {"python": rebuilt.chosen.version, "dependencies": [f"-r {_LOCK}"]}


def _lock(rebuilt: Rebuilt) -> str:
    told = json.loads(path.read_bytes()) if (path := rebuilt.chosen.environment.path) else {}
    return "".join(f"{line}\n" for line in told.get("dependencies", ()))


def _manifest(work: Work, checked: Data, data: list[Datum], left_out: tuple[str, ...]) -> dict[str, Any]:
    recorded = work.recorded
    return {
        "format": FORMAT,
        "run_id": recorded.run_id,
        "experiment_id": recorded.experiment_id,
        "commit": recorded.code.commit,
        "remote": recorded.code.remote,
        "params": dict(recorded.params),
        "seeds": recorded.seeds,
        "data": {each.parameter: each.inside for each in data},
        "datasets": [each._asdict() for each in recorded.datasets],
        "inputs": recorded.project.get("inputs") or {},
        "left_out": list(left_out),
        "changed": [*checked.changed, *checked.missing],
        "missing": [each.sentence for each in recorded.missing],
    }


def _data(order: Order, most_bytes: int) -> tuple[list[Datum], tuple[str, ...]]:
    """The files that parameters of type path name and the code does not hold, as far as they may be packed."""
    found, left_out, left = [], [], most_bytes
    for name, kind in order.entry.parameters.items():
        path = Path(order.values.declared.get(name, ""))
        if kind.kind != "path" or not path.is_file() or path.resolve().is_relative_to(order.source.folder.resolve()):
            continue
        # The record names it, and whoever wrote that may want what is private.
        if path.stat().st_size > left or flaw_of_name(str(path)):
            left_out.append(f"{name}: {path}")
            continue
        left -= path.stat().st_size
        found.append(Datum(name, path, f"data/{name}/{path.name}"))
    return found, tuple(left_out)


def _within(order: Order) -> dict[str, str]:
    """Where the archive has what parameters of type path name in the code: their paths count from its top."""
    top = order.source.folder.resolve()
    paths = {
        name: Path(order.values.declared[name]).resolve()
        for name, kind in order.entry.parameters.items()
        if kind.kind == "path" and order.values.declared.get(name)
    }
    return {name: _below(path, top) for name, path in paths.items() if path.exists() and path.is_relative_to(top)}


def _files(top: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(each for each in folders if each != ".git")
        # A link would lead out of the archive.
        yield from (
            Path(folder, name) for name in sorted(names) if not Path(folder, name).is_symlink() and name != ".git"
        )


def _below(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix()


def _add(archive: zipfile.ZipFile, name: str, source: Path) -> None:
    info = _info(name, 0o755 if os.access(source, os.X_OK) else 0o644)
    with source.open("rb") as file, archive.open(info, "w", force_zip64=True) as inside:
        while block := file.read(_BLOCK):
            inside.write(block)


def _info(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (0o100000 | mode) << 16
    return info


def _json(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, indent=2).encode()
