"""Where journals lie: a folder for each process and run, below a folder of this user's.

    <journal>/<run>.<rank>.<pid>.<random>/   lock, 00000001.lines, spare, files/
    <journal>/refused.jsonl                  lines that the server refused
    <journal>/aside/                         journals of runs that were deleted

The journal is `$CUMULOG_JOURNAL`, or lies in the folder for state (`$XDG_STATE_HOME`, `~/.local/state`), or where that
cannot be written, as in Lambda, in the folder for temporary files (`unwritable` says so of a folder that was named).
"""

import contextlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ASIDE = "aside"
REFUSED = "refused.jsonl"
FRESH = ".new-"
_ANOTHERS = "belongs to another user, who can send what is in it by `cumulog sync`."
_LINK = "is a link, which anybody could have put there. Move the folder itself here to send it."
_NO_FOLDER = "is no folder that can be read."
# Making a folder takes a moment; an hour is for machines that sleep in between.
_UNFINISHED_SECONDS = 3600


def folders() -> list[Path]:
    """Where a journal may be, the best place first."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    temporary = Path(_temporary(), f"cumulog-{user}", "journal")
    if named := os.environ.get("CUMULOG_JOURNAL"):
        return [Path(named).absolute(), temporary] if unwritable() else [Path(named).absolute()]
    with contextlib.suppress(RuntimeError):
        # In a container the user may have no home.
        state = os.environ.get("XDG_STATE_HOME")
        home = Path(state) if state else Path("~/.local/state").expanduser()
        return [(home / "cumulog" / "journal").absolute(), temporary]
    return [temporary]


def unwritable() -> Path | None:
    """The folder in $CUMULOG_JOURNAL, if nothing can be written there."""
    named = os.environ.get("CUMULOG_JOURNAL")
    if not named:
        return None
    return None if _is_made(folder := Path(named).absolute()) else folder


def _temporary() -> str:
    # Not by `tempfile`, which costs a third of this package's time to import.
    return os.environ.get("TMPDIR") or os.environ.get("TEMP") or "/tmp"  # noqa: S108 - checked by `is_ours`


def writable() -> Path | None:
    """The first folder that can be written, made if it is missing; None if there is none."""
    return next(filter(_is_made, folders()), None)


def _is_made(folder: Path) -> bool:
    """Whether a folder is there, is ours and can be written. One that is missing is made."""
    with contextlib.suppress(OSError, RuntimeError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Below a folder for everybody's temporary files, somebody else may have made the one above.
        is_private = folder.parent.parent != Path(_temporary()) or is_ours(folder.parent)
        return is_private and is_ours(folder) and os.access(folder, os.W_OK | os.X_OK)
    return False


def is_ours(folder: Path) -> bool:
    """Whether nobody else could have put something there for us to send."""
    return not hasattr(os, "getuid") or {folder.lstat().st_uid, folder.stat().st_uid} == {os.getuid()}


def chains() -> Iterator[Path]:
    """The folders of all journals of this user, the oldest first."""
    journals = [path for folder in folders() for path in _named_as_journals(folder) if not _fault(path)]
    with contextlib.suppress(OSError):
        journals.sort(key=lambda path: path.stat().st_ctime)
    yield from journals


def passed_over() -> list[str]:
    """Which journals `chains` leaves out, and why: a line for each reason and folder."""
    return [line for folder in folders() for line in _passed_over_in(folder)]


def _passed_over_in(folder: Path) -> list[str]:
    if folder.is_dir() and not is_ours(folder):
        return [f"All journals in {folder} are passed over: the folder {_ANOTHERS}"]
    faults = Counter(fault for path in _named_as_journals(folder) if (fault := _fault(path)))
    return [f"{count} journals in {folder} are passed over: each {fault}" for fault, count in faults.items()]


def _named_as_journals(folder: Path) -> Iterator[Path]:
    found = folder.iterdir() if folder.is_dir() and is_ours(folder) else ()
    return (path for path in found if path.name.count(".") == 3 and not path.name.startswith("."))


def _fault(path: Path) -> str:
    """Why what is named as a journal is none of this user's; empty if it is one."""
    with contextlib.suppress(OSError):
        if path.is_symlink():
            return _LINK
        if path.is_dir():
            return "" if is_ours(path) else _ANOTHERS
    return _NO_FOLDER


def rank(folder: Path) -> int:
    """The rank of the process that wrote a journal; 0 also if it was alone."""
    text = folder.name.split(".")[1].removeprefix("r")
    return int(text) if text.isdigit() else 0


def has_others(folder: Path) -> bool:
    """Whether other processes have a journal of the same run beside this one."""
    return any(other != folder for other in folder.parent.glob(f"{folder.name.split('.')[0]}.*"))


def clear() -> None:
    """Delete folders that were never finished, as their process was killed in that moment."""
    for folder in folders():
        for path in folder.glob(f"{FRESH}*") if folder.is_dir() and is_ours(folder) else ():
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < time.time() - _UNFINISHED_SECONDS:
                    remove(path)


def remove(folder: Path) -> None:
    """Delete a journal's folder, as far as that is possible."""
    # Not by `shutil`, which imports three kinds of compression.
    for inner in (*folder.glob("files/*"), *folder.glob("*")):
        with contextlib.suppress(OSError):
            inner.rmdir() if inner.is_dir() else inner.unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()
