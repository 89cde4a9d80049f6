"""A project's folder as a zip: what git does not ignore, and nothing that holds secrets."""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cumulog._projects.errors import ProjectError
from cumulog._record import confidential, programs

MOST_BYTES = 100 << 20
MOST_FILES = 20_000
# In the form of .gitignore: what git knows, and the job does not need.
IGNORED = ".cumulogignore"
_WITHOUT_GIT = {".git", ".venv", "node_modules", "__pycache__", "mlruns", ".cumulog"}
# Larger files are not looked into.
_MOST_SEARCHED = 1 << 20
_SECONDS = 60
# Zip knows no earlier one.
_DATE = (1980, 1, 1, 0, 0, 0)


class Packed(NamedTuple):
    """The names in a zip, and the files that were left out, each with the reason."""

    names: list[str]
    left_out: list[str]

    def has(self, name: str) -> bool:
        """Whether it has this file, or something in this folder."""
        return name in (".", "") or any(each == name or each.startswith(f"{name}/") for each in self.names)


def pack(folder: Path, place: Path) -> Packed:
    """Write the zip of a folder. Raises ProjectError if that would be too much, and OSError."""
    names: list[str] = []
    left_out: list[str] = []
    total = 0
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for name in sorted(_listed(folder)):
            local = folder / name
            if why := _flaw(folder, name):
                left_out.append(f"{name}: {why}")
                continue
            total += local.stat().st_size
            if total > MOST_BYTES or len(names) >= MOST_FILES:
                raise ProjectError(
                    f"The project is too much to send to a job: more than {MOST_BYTES >> 20} MB or {MOST_FILES} files. "
                    f"Name in .gitignore or {IGNORED} what it does not need, or give data as the URL of a parameter."
                )
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr = (0o100755 if os.access(local, os.X_OK) else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, local.read_bytes())
            names.append(name)
    return Packed(names, left_out)


def unpack(archive: Path, folder: Path) -> None:
    """Raises ProjectError if it is no such zip."""
    try:
        with zipfile.ZipFile(archive) as opened:
            for entry in opened.infolist():
                # It keeps names inside of the folder.
                local = Path(opened.extract(entry, folder))
                if (entry.external_attr >> 16) & 0o100 and not entry.is_dir():
                    local.chmod(0o755)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise ProjectError(f"The run's source cannot be unpacked: {error}") from error


def _flaw(folder: Path, name: str) -> str:
    """Why a file is left out; empty if it may be sent."""
    local = folder / name
    if local.is_symlink() and not local.resolve().is_relative_to(folder.resolve()):
        return "it is a link that leads out of the project"
    if not local.is_file():
        return "it is no plain file"
    if why := confidential.flaw_of_name(name):
        return why
    if local.stat().st_size > _MOST_SEARCHED:
        return ""
    kind = confidential.kind_in(local.read_bytes().replace(b"\0", b"").decode("latin-1"))
    return f"it seems to hold {kind}" if kind else ""


def _listed(folder: Path) -> Iterator[str]:
    """The files of a folder, below it, but for those that git ignores or the project says are not needed."""
    inside = ["git", "-C", str(folder), "ls-files", "-z"]
    found = programs.asked([*inside, "--cached", "--others", "--exclude-standard"], _SECONDS)
    with tempfile.TemporaryDirectory() as scratch:
        # To a repository that knows nothing everything is new.
        empty = _empty(Path(scratch))
        apart = ["git", f"--git-dir={empty}", f"--work-tree={folder}", "-C", str(folder), "ls-files", "-z", "--others"]
        if found.why and empty:
            found = programs.asked([*apart, "--exclude-standard"], _SECONDS)
        ignored = ["--ignored", f"--exclude-from={folder / IGNORED}"]
        dropped = programs.asked([*apart, *ignored], _SECONDS) if empty and (folder / IGNORED).is_file() else None
    if found.why:
        yield from _walked(folder)
        return
    unneeded = set(_names(dropped.output)) if dropped else set()
    for name in dict.fromkeys(_names(found.output)):
        inner = folder / name
        if inner.is_dir() and not inner.is_symlink():
            # A submodule, or another repository.
            yield from (f"{name.rstrip('/')}/{each}" for each in _listed(inner))
        elif name not in unneeded and (inner.exists() or inner.is_symlink()):
            yield name


def _empty(scratch: Path) -> str:
    """A git directory without anything in it; empty if there is no git."""
    made = programs.asked(["git", "init", "--quiet", "--bare", str(scratch / "git")], _SECONDS)
    return "" if made.why else str(scratch / "git")


def _names(listed: bytes) -> list[str]:
    return [os.fsdecode(each) for each in listed.split(b"\0") if each]


def _walked(folder: Path) -> Iterator[str]:
    """All files, where no git can tell which ones matter."""
    for place, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if each not in _WITHOUT_GIT]
        yield from (Path(place, name).relative_to(folder).as_posix() for name in names)
