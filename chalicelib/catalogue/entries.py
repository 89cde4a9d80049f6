"""Catalogue entries: one item per model folder, and rows that list it under what it is searched by.

`refresh` reads the entry, then the bucket, then writes on condition that the entry is still what it had read, and looks
once more. So who writes last has looked into the bucket after everybody before had written, and an older look never
replaces a newer one, whatever the clocks say. For that to hold across a deletion, a deleted entry stays for a while,
marked.

Rows are put before the entry and deleted after it, and carry the entry's revision in their keys: a reader takes a row
only where its entry has the same, and no two writes share a row. Deletions still to be done are noted in the entry
(`stale`), so that after a crash the next event or sweep finishes them. A revision follows from the one before and from
the folder's state: an attempt repeated after a crash puts the very same rows.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from chalicelib import clock
from chalicelib.catalogue import flavors, folders
from chalicelib.catalogue.folders import Folder, Read
from chalicelib.catalogue.places import Place
from chalicelib.errors import ResourceDoesNotExist
from chalicelib.storage import keys, objects, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import CatalogueEntry, CatalogueRow

READY = "READY"
FAILED = "FAILED"
DELETED = "DELETED"

# Longer ones lie in the bucket: a search reads the entries of its page whole, and each 4 KB costs a unit.
_INLINE_BYTES = 8_000
# No refresh runs for longer than a Lambda may, 15 minutes; so nobody still believes what was before the deletion.
_MARKED_MS = 3_600_000


def load(place: Place) -> CatalogueEntry | None:
    """The entry of a model folder, or None."""
    entry = _stored(place)
    return None if entry is None or entry.status == DELETED else entry


def missing(place: Place) -> ResourceDoesNotExist:
    """What is said of a model folder that the catalogue does not have."""
    return ResourceDoesNotExist(f"There is no model at {place.path[:200]!r}.")


def details(entry: CatalogueEntry) -> dict[str, Any]:
    """What is too long for the lists: configurations of flavors, signature, input example, files, environment."""
    found: dict[str, Any] = objects.get_value(entry.stored) if entry.stored else entry.details
    return found


def refresh(place: Place) -> bool:
    """Bring the entry up to what the bucket holds; whether anything had to be written.

    Raises errors.RetryLater when the stores do not keep up, or others keep refreshing the same entry.
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


def _attempt(place: Place) -> bool | None:
    """One reading and writing; None when somebody else wrote, or the folder changed, in between."""
    before = _stored(place)
    folder = folders.look(place)
    written = _brought_up(before, folder)
    # Who looked meanwhile and found that the entry was right, or that there was nothing to delete, has written nothing
    # that would have stopped us: so whoever writes looks once more.
    return None if written and folders.look(place) != folder else written


def _brought_up(before: CatalogueEntry | None, folder: Folder | None) -> bool | None:
    if folder is None:
        return _mark_deleted(before)
    if before is not None and before.state == folder.state:
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
    # Nobody wrote since before we looked into the bucket, so ours is the newer look.
    unseen = CatalogueEntry.revision == before.revision if before else CatalogueEntry.revision.does_not_exist()
    try:
        tables.put(after, unseen)
    except ConditionFailed:
        # Somebody was faster, or our own reply was lost; either way the next attempt sees what there is.
        return None
    _tidied(after)
    return True


def _revision(before: CatalogueEntry | None, state: str) -> str:
    return hashlib.sha256(f"{before.revision if before else ''}#{state}".encode()).hexdigest()[:32]


def _tidied(entry: CatalogueEntry) -> bool:
    """Delete the rows that the entry says are stale; whether there were any."""
    if not entry.stale:
        return False
    tables.delete_all(CatalogueRow(pk, sk) for pk, sk in entry.stale)
    # Replaced meanwhile: whoever did it has taken over the list.
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
    """Entries by path, as many as exist, marked ones too."""
    found = tables.get_many(CatalogueEntry, keys.CATALOGUE_ENTRIES, paths)
    return {entry.sk: entry for entry in found}
