"""Catalogue entries: one item per model folder, and rows that list it for each kind of search.

`refresh` reads the entry, then the bucket, then writes on condition that the entry has not changed since, and reads the
bucket once more. So the last writer read the bucket after all earlier writes, and an older read never replaces a newer
one, even if clocks differ. For this to hold across a deletion, a deleted entry stays for a while, marked.

Rows are put before the entry and deleted after it, and have the entry's revision in their keys: a reader accepts a row
only if its entry has the same revision, and no two writes share a row. The entry lists the rows still to be deleted
(`stale`), so that after a crash the next event or sweep deletes them. A revision is computed from the one before and
the folder's state, so an attempt repeated after a crash puts exactly the same rows.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from chalicelib import clock
from chalicelib.catalogue import flavors, folders, manifest
from chalicelib.catalogue.folders import Folder, Read
from chalicelib.catalogue.places import Place
from chalicelib.errors import ResourceDoesNotExist
from chalicelib.storage import keys, objects, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import CatalogueEntry, CatalogueRow

READY = "READY"
FAILED = "FAILED"
DELETED = "DELETED"

# Longer details are stored in the bucket: a search reads the whole entries of its page, and each 4 KB costs a unit.
_INLINE_BYTES = 8_000
# No refresh runs longer than a Lambda may, 15 minutes. So after this time none still relies on the state before the
# deletion.
_MARKED_MS = 3_600_000


def load(place: Place) -> CatalogueEntry | None:
    """Load the entry of a model folder, or None."""
    entry = _stored(place)
    return None if entry is None or entry.status == DELETED else entry


def missing(place: Place) -> ResourceDoesNotExist:
    """The not-found error for a model folder."""
    return ResourceDoesNotExist(f"There is no model at {place.path[:200]!r}.")


def details(entry: CatalogueEntry) -> dict[str, Any]:
    """Load the details left out of lists: configurations of flavors, signature, input example, files, environment."""
    found: dict[str, Any] = objects.get_value(entry.stored) if entry.stored else entry.details
    return found


def refresh(place: Place) -> bool:
    """Update the entry from the bucket and return whether anything had to be written.

    Raises errors.RetryLater when the stores do not keep up, or when others keep refreshing the same entry.
    """
    return tables.decided(lambda: _attempt(place))


def listed_under(entry: CatalogueEntry) -> list[tuple[str, str]]:
    """The keys of the rows that an entry has."""
    if entry.status == DELETED:
        return []
    lists = [keys.CATALOGUE_ALL, keys.catalogue_experiment(entry.experiment_id)]
    lists += [keys.catalogue_flavor(name) for name in entry.flavors]
    lists += [keys.catalogue_run(entry.run_id)] if entry.run_id else []
    lists += [keys.catalogue_model(entry.model_id)] if entry.model_id else []
    position = keys.catalogue_position(int(entry.modified), entry.revision)
    return [(name, position) for name in lists]


def is_current(entry: CatalogueEntry) -> bool:
    """Whether today's reader made the entry; the one before it read less out of the same files."""
    return entry.status == DELETED or entry.reader == manifest.READER


def _attempt(place: Place) -> bool | None:
    """Read and write once; None if another writer was faster or the folder changed in between."""
    before = _stored(place)
    folder = folders.look(place)
    written = _updated(before, folder)
    # Another refresh may have looked in the meantime and found the entry right, or nothing to delete. It wrote nothing
    # that would have failed our condition. So after a write we look once more.
    return None if written and folders.look(place) != folder else written


def _updated(before: CatalogueEntry | None, folder: Folder | None) -> bool | None:
    if folder is None:
        return _mark_deleted(before)
    if before is not None and before.state == folder.state and is_current(before):
        return _tidied(before)
    content = folders.read(folder)
    return None if content is None else _replaced(before, _entry(folder, content))


def _mark_deleted(before: CatalogueEntry | None) -> bool | None:
    if before is None:
        return False
    if before.status != DELETED:
        after = CatalogueEntry(before.pk, before.sk, status=DELETED, experiment_id=before.experiment_id)
        after.modified, after.state, after.flavors = clock.now_ms(), "", {}
        return _replaced(before, after)
    if before.stale or int(before.modified) > clock.now_ms() - _MARKED_MS:
        return _tidied(before)
    try:
        tables.delete(before, CatalogueEntry.revision == before.revision)
    except ConditionFailed:
        return None
    return True


def _replaced(before: CatalogueEntry | None, after: CatalogueEntry) -> bool | None:
    after.revision = _revision(before, after.state)
    rows = listed_under(after)
    was_listed = [*listed_under(before), *((pk, sk) for pk, sk in before.stale or ())] if before else []
    after.stale = was_listed or None
    tables.put_all(CatalogueRow(pk, sk, path=after.sk) for pk, sk in rows)
    # Nobody has written since before we read the bucket, so ours is the newer read.
    unchanged = CatalogueEntry.revision == before.revision if before else CatalogueEntry.revision.does_not_exist()
    try:
        tables.put(after, unchanged)
    except ConditionFailed:
        # Another writer was faster, or the reply to our own write was lost; the next attempt sees the current state.
        return None
    _tidied(after)
    return True


def _revision(before: CatalogueEntry | None, state: str) -> str:
    return hashlib.sha256(f"{before.revision if before else ''}#{state}".encode()).hexdigest()[:32]


def _tidied(entry: CatalogueEntry) -> bool:
    """Delete the rows that the entry lists as stale; return whether there were any."""
    if not entry.stale:
        return False
    tables.delete_all(CatalogueRow(pk, sk) for pk, sk in entry.stale)
    # The condition fails if the entry was replaced in the meantime; the new entry has taken over the list.
    with suppress(ConditionFailed):
        tables.update(entry, [CatalogueEntry.stale.remove()], CatalogueEntry.revision == entry.revision)
    return True


def _entry(folder: Folder, content: Read) -> CatalogueEntry:
    place, said = folder.place, content.manifest
    configured = said.flavors if said else {}
    entry = CatalogueEntry(
        keys.CATALOGUE_ENTRIES,
        place.path,
        experiment_id=place.experiment_id,
        run_id=place.run_id,
        model_id=place.model_id,
        status=READY if said else FAILED,
        reason=content.reason,
        notes=said.notes if said and said.notes else None,
        reader=manifest.READER,
        state=folder.state,
        modified=folder.head.last_modified,
        flavors={name: flavors.version(name, config)[:100] for name, config in configured.items()},
        mlflow_version=said.mlflow_version if said else None,
        utc_time_created=said.utc_time_created if said else None,
        size=sum(each["size"] for each in content.files),
        pickle=any(each["pickle"] for each in content.files),
    )
    _keep(entry, _details(content))
    return entry


def _details(content: Read) -> dict[str, Any]:
    said = content.manifest
    return {
        "flavors": said.flavors if said else {},
        "signature": said.signature if said else {},
        "signature_cut": said.signature_cut if said else False,
        "input_example": said.input_example if said else {},
        "files": content.files,
        "files_cut": content.is_cut,
        "environment": content.environment,
    }


def _keep(entry: CatalogueEntry, found: dict[str, Any]) -> None:
    if len(json.dumps(found, ensure_ascii=False).encode()) > _INLINE_BYTES:
        entry.stored = objects.put_value(found)
    else:
        entry.details = found


def _stored(place: Place) -> CatalogueEntry | None:
    return tables.get(CatalogueEntry, keys.CATALOGUE_ENTRIES, place.path)


def at(paths: Sequence[str]) -> dict[str, CatalogueEntry]:
    """Load the entries that exist at these paths, by path, including those marked as deleted."""
    found = tables.get_many(CatalogueEntry, keys.CATALOGUE_ENTRIES, paths)
    return {entry.sk: entry for entry in found}
