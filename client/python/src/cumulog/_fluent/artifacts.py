"""Files of a run. They go through the journal like lines, and are delivered in order with them.

A script may change or delete a file as soon as it is logged. So the journal keeps a copy of it, or of more than 64 MiB
a hard link, until it is delivered. A large file that is overwritten in place meanwhile is noticed, and not delivered.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.runs import Run, once
from cumulog._http.errors import UnsafePath
from cumulog._journal.records import Kind
from cumulog._transfer.files import require_safe

_COPIED_BYTES = 64 << 20
_BLOCK = 1 << 20


def log_artifact(local_path: str | os.PathLike[str], artifact_path: str | None = None) -> None:
    """Log a file, or a folder with everything below it, to a folder of the run's artifacts."""
    local = Path(local_path)
    if local.is_dir():
        log_artifacts(local, "/".join(part for part in (artifact_path, local.name) if part))
    else:
        _log(local, _joined(artifact_path, local.name))


def log_artifacts(local_dir: str | os.PathLike[str], artifact_path: str | None = None) -> None:
    """Log all files below a local folder."""
    root = Path(local_dir)
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            local = Path(folder, name)
            _log(local, _joined(artifact_path, local.relative_to(root).as_posix()))


def log_text(text: str, artifact_file: str) -> None:
    """Log a text as a file."""
    _made(artifact_file, lambda path: path.write_text(text, encoding="utf-8"))


def log_dict(dictionary: Mapping[str, Any] | list[Any], artifact_file: str) -> None:
    """Log plain data as a JSON file, which is YAML too. What is no plain data is logged as its text."""
    log_text(json.dumps(dictionary, indent=2, default=str), artifact_file)


def log_figure(figure: Any, artifact_file: str) -> None:
    """Log a figure of matplotlib, or of plotly (as .html, or as an image if plotly can)."""

    def write(path: Path) -> None:
        if hasattr(figure, "savefig"):
            figure.savefig(path)
        elif path.suffix == ".html":
            figure.write_html(path)
        else:
            figure.write_image(path)

    _made(artifact_file, write)


def log_image(image: Any, artifact_file: str) -> None:
    """Log an image of Pillow, or an array of numbers if Pillow is installed."""

    def write(path: Path) -> None:
        if hasattr(image, "save"):
            image.save(path)
        else:
            # An optional library.
            from PIL import Image  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

            Image.fromarray(image).save(path)

    _made(artifact_file, write)


def _joined(folder: str | None, name: str) -> str:
    return "/".join((folder.strip("/"), name)) if folder and folder.strip("/") else name


def _log(local: Path, path: str) -> None:
    run = run_to_log_to()
    try:
        require_safe(path)
        kept = _kept(run, local)
        _note(run, local, path, kept)
    except (OSError, UnsafePath) as error:
        once(f"'{local}' was not logged: {error}")


def _made(path: str, write: Callable[[Path], Any]) -> None:
    """Log a file that `write` makes. What a library raises while it writes is said, as training must go on."""
    run = run_to_log_to()
    try:
        require_safe(path)
        place = _place(run, Path(path).suffix)
        if place is None:
            raise OSError("no folder for journals can be written; set CUMULOG_JOURNAL.")
        write(place)
        _note(run, place, path, place.name)
    except Exception as error:  # noqa: BLE001 - the libraries that draw raise anything
        once(f"'{path}' was not logged: {type(error).__name__}: {error}")


def _note(run: Run, local: Path, path: str, kept: str) -> None:
    facts = _place_of(run, kept, local).stat()
    fields = {
        "path": path,
        "local": str(local.absolute()),
        "kept": kept,
        "size": facts.st_size,
        "changed": facts.st_mtime_ns,
    }
    run.append(Kind.FILE, json.dumps(fields).encode())


def _kept(run: Run, local: Path) -> str:
    """The name under which the journal keeps a file; empty if it stays only where it is."""
    place = _place(run, local.suffix)
    if place is None:
        return ""
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


def _place(run: Run, suffix: str) -> Path | None:
    folder = run.writer().files
    if folder is None:
        return None
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"{secrets.token_hex(8)}{suffix}"


def _place_of(run: Run, kept: str, local: Path) -> Path:
    folder = run.writer().files
    return folder / kept if kept and folder else local
