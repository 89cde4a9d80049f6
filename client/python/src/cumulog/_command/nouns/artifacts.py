"""`cumulog artifacts`: files of a run. What moves them is `_transfer`."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.exits import NotFound
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Group
from cumulog._command.shown.looks import Column
from cumulog._command.shown.results import Done, Rows
from cumulog._command.shown.text import size
from cumulog._transfer.api import Entry
from cumulog._transfer.transfer import download, fetch_to, upload

_COLUMNS = (
    Column("SIZE", lambda row: size(row.get("size")), lambda row: row.get("size", ""), True),
    Column("PATH", lambda row: row["path"] + ("/" if row["is_dir"] else "")),
)
_SUMS = (
    Column("SIZE", lambda row: size(row["size"]), lambda row: row["size"], True),
    Column("FILES", lambda row: row["files"], None, True),
    Column("PATH", lambda row: row["path"]),
)


@click.group("artifacts", cls=Group)
def artifacts() -> None:
    pass


@artifacts.command("ls", help="List files and folders of a run.")
@click.argument("run", shell_complete=completing.runs)
@click.argument("path", default="")
@click.option("-r", "--recursive", is_flag=True, help="Go down all folders.")
@click.pass_obj
def ls(session: Session, run: str, path: str, recursive: bool) -> Rows:
    folder = _place(session, run, path)
    found = [_fields(path, each) for each in session.api.entries(folder, recursive=recursive)]
    parent = path.strip("/").rpartition("/")[0]
    return Rows(found or [_fields(parent, each) for each in _alone(session, run, path)], _COLUMNS)


@artifacts.command("du", help="Show what the folders of a run take.")
@click.argument("run", shell_complete=completing.runs)
@click.argument("path", default="")
@click.pass_obj
def du(session: Session, run: str, path: str) -> Rows:
    sums: dict[str, list[int]] = {}
    files = [each for each in session.api.entries(_place(session, run, path), recursive=True) if not each.is_dir]
    for each in files or _alone(session, run, path):
        sums.setdefault(each.path.split("/")[0], []).append(each.size or 0)
    rows = [{"path": name, "files": len(sizes), "size": sum(sizes)} for name, sizes in sorted(sums.items())]
    whole = [size for sizes in sums.values() for size in sizes]
    return Rows([*rows, {"path": ".", "files": len(whole), "size": sum(whole)}], _SUMS)


@artifacts.command("get", help="Download a file, a folder, or without PATH all files of a run.")
@click.argument("run", shell_complete=completing.runs)
@click.argument("path", default="")
@click.option(
    "--output", default=".", type=click.Path(file_okay=False, path_type=Path), help="The folder to put it in."
)
@click.pass_obj
def get(session: Session, run: str, path: str, output: Path) -> Done:
    place = _place(session, run, path)
    files = [f"{place}/{each.path}" for each in session.api.entries(place, recursive=True) if not each.is_dir]
    if files:
        root = place.rpartition("/")[0] if path else place
        local = download(files, output, session.api, root=root)
    elif path:
        _alone(session, run, path)
        local = fetch_to({place: output / PurePosixPath(path).name}, session.api)
    else:
        local = []
    names = [str(each) for each in local]
    return Done({"files": names}, "\n".join(names), notes=() if names else ["The run has no files."])


@artifacts.command("put", help="Upload a file or a folder, into the folder PATH if one is named.")
@click.argument("run", shell_complete=completing.runs)
@click.argument("local", type=click.Path(exists=True, path_type=Path))
@click.argument("path", default="")
@click.pass_obj
def put(session: Session, run: str, local: Path, path: str) -> Done:
    root = _place(session, run, path)
    files = _below(local) if local.is_dir() else {local.name: local}
    upload({f"{root}/{name}": each for name, each in files.items()}, session.api)
    names = [f"{path}/{name}".lstrip("/") for name in files]
    return Done({"files": names}, "\n".join(names))


@artifacts.command("rm", help="Delete a file, or a folder with everything in it. There is no way back.")
@click.argument("run", shell_complete=completing.runs)
@click.argument("path")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def rm(session: Session, run: str, path: str, yes: bool) -> Done:
    if not path.strip("/"):
        # An empty variable of a script must not cost everything that a run has.
        raise click.UsageError("PATH is empty: name a file or a folder of the run.", click.get_current_context())
    place = _place(session, run, path)
    files = [each for each in session.api.entries(place, recursive=True) if not each.is_dir]
    if not files:
        _alone(session, run, path)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Nobody can be asked here: add --yes.", click.get_current_context())
        what = f"{len(files)} files in '{path}'" if files else f"'{path}'"
        click.confirm(f"Delete {what} for ever?", abort=True, err=True)
    session.api.delete(place)
    return Done({"path": path}, f"{path} is deleted.")


def _place(session: Session, run: str, path: str) -> str:
    """The whole path of something in a run's artifacts."""
    info = finding.run(session.client, run)["info"]
    root = f"{info['experiment_id']}/{info['run_id']}/artifacts"
    if not info["artifact_uri"].endswith(root):
        # The experiment has an artifact_location of its own, in other storage.
        raise NotFound(f"The files of this run are not on the server, but at {info['artifact_uri']}")
    return f"{root}/{path.strip('/')}" if path.strip("/") else root


def _alone(session: Session, run: str, path: str) -> list[Entry]:
    """The file of this path as its folder has it, in a list; of a run without files an empty one. Raises NotFound."""
    path = path.strip("/")
    if not path:
        return []
    parent, _, name = path.rpartition("/")
    found = [each for each in session.api.entries(_place(session, run, parent)) if each.path == name]
    if found:
        return found
    raise NotFound(f"The run has no file or folder '{path}'.")


def _fields(path: str, each: Entry) -> Mapping[str, Any]:
    named = {"path": f"{path.strip('/')}/{each.path}".lstrip("/"), "is_dir": each.is_dir}
    return named if each.size is None else {**named, "size": each.size}


def _below(folder: Path) -> dict[str, Path]:
    """The files of a folder by their names below it, which begin with the folder's."""
    return {f"{folder.resolve().name}/{each.relative_to(folder).as_posix()}": each for each in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in sorted(folder.rglob("*")) if each.is_file())


COMMAND = artifacts
