"""Rebuilding an experiment's index from its runs: puts missing rows and deletes rows that no run accounts for.

A repair tool: sealing keeps the index correct by itself, even across a crash. Only the index knows which runs an
experiment has, so a rebuild scans the whole table, in portions that fit into a request. It is safe while others read
and write:

- it judges only runs that are sealed at that moment, by their SEALED item; sealing a run again takes minutes;
- it opens a run without that item (sealed before version 0.2), so that the sweeper seals it with all its rows;
- it lists a run as open again if the run is neither sealed nor listed.
"""

import base64
import binascii
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.rows import row
from chalicelib.storage import keys, tables
from chalicelib.storage.items import IndexRow, OpenRun, RunInfo, SealedRun
from chalicelib.tracking.experiments import experiments, populated
from chalicelib.tracking.index import indexing
from chalicelib.tracking.index.index_rows import Key
from chalicelib.tracking.index.schemas import RebuildIndex
from chalicelib.tracking.runs import runs

# A request may take 29 seconds, and the last page of a portion needs some of them.
_SECONDS = 10.0
_SEPARATOR = "\n"


@dataclass
class Report:
    """What one portion checked and did. `opened` counts runs that the sweeper will seal, some of them again."""

    checked_runs: int = 0
    checked_rows: int = 0
    put: int = 0
    deleted: int = 0
    opened: int = 0


def rebuild(request: RebuildIndex) -> dict[str, Any]:
    """Rebuild one portion, as much as fits in a request. Raises ResourceDoesNotExist, InvalidParameterValue."""
    experiment_id = experiments.load(request.experiment_id).experiment_id
    after = _redeemed(request.page_token) if request.page_token else None
    report, end = Report(), time.monotonic() + _SECONDS
    for page in tables.scan_keys(after):
        rows = [key for key in page.keys if key[0].startswith(keys.index_of(experiment_id))]
        run_ids = [pk[len(keys.run("")) :] for pk, sk in page.keys if sk == keys.INFO and pk.startswith(keys.run(""))]
        _check_runs(experiment_id, run_ids, report)
        _check_rows(rows, report)
        after = page.last
        if time.monotonic() > end:
            break
    return {**asdict(report), **({"next_page_token": _minted(after)} if after else {})}


def _check_runs(experiment_id: str, run_ids: Sequence[str], report: Report) -> None:
    infos = [info for info in _infos(run_ids) if info.experiment_id == experiment_id]
    items = _sealed(info.run_id for info in infos)
    for info in infos:
        report.checked_runs += 1
        item = items.get(info.run_id)
        if info.phase != runs.SEALED:
            report.opened += _listed_as_open(info)
        elif item is None:
            runs.reopen(info)
            report.opened += 1
        else:
            populated.note_sealed(experiment_id, int(info.start_time or 0))
            wanted = indexing.rows_of_item(item)
            missing = set(wanted) - {(each.pk, each.sk) for each in tables.get_each(IndexRow, wanted)}
            tables.put_all(IndexRow(*key) for key in missing)
            report.put += len(missing)


def _check_rows(rows: Sequence[Key], report: Report) -> None:
    run_ids = list(dict.fromkeys(row(sk).run_id for _, sk in rows))
    infos = {info.run_id: info for info in _infos(run_ids)}
    items = _sealed(run_ids)
    wanted = {run_id: set(indexing.rows_of_item(item)) for run_id, item in items.items()}
    wrong = [key for key in rows if _is_orphaned(key, infos, wanted)]
    tables.delete_all(IndexRow(*key) for key in wrong)
    report.checked_rows += len(rows)
    report.deleted += len(wrong)


def _is_orphaned(key: Key, infos: dict[str, RunInfo], wanted: dict[str, set[Key]]) -> bool:
    run_id = row(key[1]).run_id
    info = infos.get(run_id)
    return info is None or (info.phase == runs.SEALED and run_id in wanted and key not in wanted[run_id])


def _listed_as_open(info: RunInfo) -> int:
    """List the run as open if it is not listed yet; return 1 if it was not, else 0."""
    if tables.get(OpenRun, keys.open_runs(info.experiment_id), info.run_id) is not None:
        return 0
    runs.list_as_open(info)
    return 1


def _infos(run_ids: Iterable[str]) -> list[RunInfo]:
    return tables.get_each(RunInfo, [(keys.run(run_id), keys.INFO) for run_id in run_ids])


def _sealed(run_ids: Iterable[str]) -> dict[str, SealedRun]:
    items = tables.get_each(SealedRun, [(keys.run(run_id), keys.SEALED) for run_id in run_ids])
    return {item.pk[len(keys.run("")) :]: item for item in items}


def _minted(key: Key) -> str:
    # Not authenticated: it names a place in a scan that reaches every place anyway.
    return base64.urlsafe_b64encode(_SEPARATOR.join(key).encode()).decode()


def _redeemed(token: str) -> Key:
    try:
        pk, sk = base64.b64decode(token, altchars=b"-_", validate=True).decode().split(_SEPARATOR, 1)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise InvalidParameterValue("Invalid page_token: this server did not issue it.") from None
    return pk, sk
