"""The journal on this machine: whether lines can be kept, and which of them wait."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cumulog._command.health.findings import Finding, fault, ok, warning
from cumulog._command.shown.text import size
from cumulog._delivery.refused import listed
from cumulog._journal import chains, places

_FULL, _TIGHT = 64 << 20, 1 << 30
_FEW_NODES = 1000


def checks(server: str) -> Iterator[Finding]:
    folder = places.writable()
    yield _writable(folder)
    if folder:
        yield _disk(folder)
    yield from _waiting(server)
    yield _refused()


def _writable(folder: Path | None) -> Finding:
    if named := places.unwritable():
        kept = f"lines go to {folder}" if folder else "lines are kept in memory alone"
        told = f"CUMULOG_JOURNAL is {named}, where nothing can be written; {kept}."
        return fault("journal", told, "Make that folder yours and writable, or name another.")
    if folder is None:
        told = "No folder for the journal can be written: lines are kept in memory alone."
        return fault("journal", told, "Set CUMULOG_JOURNAL to a folder on a disk that stays.")
    if folder != places.folders()[0]:
        told = f"{places.folders()[0]} cannot be written; lines go to {folder}, which may not stay."
        return warning("journal", told, "Set CUMULOG_JOURNAL to a folder on a disk that stays.")
    return ok("journal", str(folder))


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    nodes = os.statvfs(folder) if hasattr(os, "statvfs") else None
    told = f"{size(free)} are free for the journal"
    if free < _FULL:
        return fault("disk", f"Only {told}.", "Make room, or set CUMULOG_JOURNAL to a folder on another disk.")
    if nodes and nodes.f_files and nodes.f_favail < _FEW_NODES:
        left = f"The disk of the journal takes only {nodes.f_favail} more files."
        return fault("disk", left, "Delete files, or set CUMULOG_JOURNAL to a folder on another disk.")
    if free < _TIGHT:
        return warning("disk", f"Only {told}.", "Make room before a long job.")
    return ok("disk", told)


def _waiting(server: str) -> Iterator[Finding]:
    lines: Counter[str] = Counter()
    busy = 0
    for folder in places.chains():
        try:
            chain = chains.found(folder, also_of_the_living=True)
        except (OSError, ValueError, KeyError) as error:
            yield warning("waiting", f"The journal {folder} cannot be read: {error}", "Look at it; it is not sent.")
            continue
        if chain is None:
            busy += 1
        else:
            lines[chain.head.server] += chain.lines_left()
            chain.close()
    yield from (warning("waiting", told, "cumulog sync says more.") for told in places.passed_over())
    lines = +lines
    if not lines:
        yield ok("waiting", _busy(busy) if busy else "none")
    for place, count in sorted(lines.items()):
        yield _left(place, count, server)


def _busy(count: int) -> str:
    journals = "the journal of 1 process that runs" if count == 1 else f"the journals of {count} processes that run"
    return f"none, beside {journals}"


def _left(place: str, count: int, server: str) -> Finding:
    told = f"{'1 line waits' if count == 1 else f'{count} lines wait'} for {place or 'any server: none was named'}."
    if place in ("", server):
        return warning("waiting", told, "cumulog sync")
    moved = f"; or if that server has moved here, cumulog sync --from {place}" if server else ""
    return warning("waiting", told, f"MLFLOW_TRACKING_URI={place} cumulog sync{moved}")


def _refused() -> Finding:
    count = len(listed())
    if not count:
        return ok("refused", "none")
    told = "1 line was refused by a server." if count == 1 else f"{count} lines were refused by a server."
    where = f"delete {places.REFUSED} in the journal's folder when you have seen them"
    return warning("refused", told, f"cumulog sync --list shows them; {where}.")
