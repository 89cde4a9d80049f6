"""Files of a run. They go through the journal like lines, and are delivered in order with them.

A script may change or delete a file as soon as it is logged. So the journal keeps a copy of it, or of more than 64 MiB
a hard link, until it is delivered. A file that is not the same any more is noticed, and not delivered: up to 8 MiB by
its SHA-256, which takes milliseconds; a larger one, whose digest would take seconds, by its size and time of change.
"""

import contextlib
import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Any

from cumulog._fluent import arguments
from cumulog._fluent.arguments import WrongArgument
from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.quiet import quiet, told
from cumulog._fluent.runs import Run, once
from cumulog._http.errors import UnsafePath
from cumulog._journal.records import Kind
from cumulog._transfer.files import Slice, require_safe, sha256
from cumulog._transfer.transfer import SMALL_BYTES

with contextlib.suppress(RuntimeError):
    # Large files are sent by threads of it, but it must not be imported by the thread that delivers: it holds a lock in
    # forks, and one that is under way would let go of what it has not taken. At the interpreter's end it is too late.
    import concurrent.futures.thread  # noqa: F401

_COPIED_BYTES = 64 << 20
_BLOCK = 1 << 20


@quiet
def log_artifact(
    local_path: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Log a file, or a folder with everything below it, to a folder of the run's artifacts."""
    local, folder = arguments.local_path(local_path), arguments.artifact_path(artifact_path)
    run = run_to_log_to(run_id)
    if local.is_dir():
        _log_all(run, local, _joined(folder, local.name))
    else:
        _log(run, local, _joined(folder, local.name))


@quiet
def log_artifacts(
    local_dir: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Log all files below a local folder."""
    root, folder = arguments.local_dir(local_dir), arguments.artifact_path(artifact_path)
    _log_all(run_to_log_to(run_id), root, folder)


@quiet
def log_text(text: str, artifact_file: str | os.PathLike[str], run_id: str | None = None) -> None:
    """Log a text as a file."""
    content, place = arguments.text("text", text), arguments.artifact_file(artifact_file)
    made(run_to_log_to(run_id), place, lambda path: path.write_text(content, encoding="utf-8"))


@quiet
def log_dict(
    dictionary: Mapping[str, Any] | list[Any], artifact_file: str | os.PathLike[str], run_id: str | None = None
) -> None:
    """Log plain data as a JSON file, which is YAML too. What is no plain data is logged as its text."""
    place = arguments.artifact_file(artifact_file)
    try:
        content = json.dumps(dictionary, indent=2, default=str)
    except Exception as error:
        # A value's own __str__ may raise anything.
        raise WrongArgument("dictionary", f"cannot be written as JSON: {told(error)}") from error
    made(run_to_log_to(run_id), place, lambda path: path.write_text(content, encoding="utf-8"))


@quiet
def log_figure(
    figure: Any, artifact_file: str | os.PathLike[str], *, save_kwargs: Mapping[str, Any] | None = None
) -> None:
    """Log a figure of matplotlib, or of plotly (as .html, or as an image if plotly can).

    `save_kwargs` go to the method of the figure that writes it.
    """
    if not any(hasattr(figure, name) for name in ("savefig", "write_html")):
        raise WrongArgument("figure", f"has to be one of matplotlib or plotly, not {type(figure).__name__}.")
    place = arguments.artifact_file(artifact_file)
    if not Path(place).suffix and "format" not in (save_kwargs or {}):
        raise WrongArgument("artifact_file", "has to end with the format, as in 'figure.png'.")

    def write(path: Path) -> None:
        if hasattr(figure, "savefig"):
            figure.savefig(path, **(save_kwargs or {}))
        elif path.suffix == ".html":
            figure.write_html(path, **(save_kwargs or {}))
        else:
            figure.write_image(path, **(save_kwargs or {}))

    made(run_to_log_to(), place, write)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _log_all(run: Run, root: Path, folder: str) -> None:
    """Log all files below a local folder to a folder of the artifacts."""
    for place, _, names in os.walk(root):
        for name in sorted(names):
            local = Path(place, name)
            _log(run, local, _joined(folder, local.relative_to(root).as_posix()))


def _log(run: Run, local: Path, path: str) -> None:
    try:
        require_safe(path)
        if not S_ISREG(local.stat().st_mode):
            raise OSError("it is no file: reading a pipe or a device may take for ever.")
        kept = _kept(run, local)
        note(run, local, path, kept)
    except (OSError, UnsafePath) as error:
        once(f"'{local}' was not logged: {error}")


def made(run: Run, path: str, write: Callable[[Path], Any], **more: Any) -> None:
    """Log a file that `write` makes. What a library raises while it writes is said, as training must go on."""
    try:
        require_safe(path)
        place = folder_of(run) / _name(Path(path).suffix)
        write(place)
        note(run, place, path, place.name, **more)
    except Exception as error:  # noqa: BLE001 - the libraries that draw raise anything
        once(f"'{path}' was not logged: {type(error).__name__}: {error}")


def folder_of(run: Run) -> Path:
    """Where files of a run are kept until they are delivered. Raises OSError if nothing can be written."""
    folder = run.writer().files
    if folder is None:
        raise OSError("no folder for journals can be written; set CUMULOG_JOURNAL.")
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def note(run: Run, local: Path, path: str, kept: str, **more: Any) -> None:
    """Journal that a file is to be sent. It is in the journal's folder under the name `kept`, or stays where it is."""
    place = _place_of(run, kept, local)
    facts = place.stat()
    if facts.st_size <= SMALL_BYTES and not more.get("is_table"):
        more = {**more, "sha256": sha256(Slice(place, 0, facts.st_size))}
    fields = {
        "path": path,
        "local": str(local.absolute()),
        "kept": kept,
        "size": facts.st_size,
        "changed": facts.st_mtime_ns,
        **more,
    }
    run.append(Kind.FILE, json.dumps(fields).encode())


def _kept(run: Run, local: Path) -> str:
    """The name under which the journal keeps a file; empty if it stays only where it is."""
    if run.writer().files is None:
        return ""
    place = folder_of(run) / _name(local.suffix)
    if local.stat().st_size <= _COPIED_BYTES:
        _copy(local, place)
        return place.name
    try:
        os.link(local, place)
    except OSError:
        # Another disk.
        return ""
    return place.name


def _copy(local: Path, place: Path) -> None:
    with local.open("rb") as source, place.open("xb") as target:
        while block := source.read(_BLOCK):
            target.write(block)


def _name(suffix: str) -> str:
    return f"{secrets.token_hex(8)}{suffix}"


def _place_of(run: Run, kept: str, local: Path) -> Path:
    folder = run.writer().files
    return folder / kept if kept and folder else local
