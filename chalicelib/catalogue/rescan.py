"""Repairs what events alone miss: entries whose event was lost, and files that came after their MLmodel.

Every round refreshes the entries whose MLmodel is younger than 15 minutes, at most 100: their other files may still be
arriving, because uploads run in parallel and we receive events only for MLmodel.

A full round also continues through the bucket from where the last one ended, at most 10,000 objects, and refreshes
places where MLmodel and entry disagree: one exists without the other, or their times differ. So each round compares all
of a bucket of 10,000 objects; a bucket of a million takes a day of rounds ten minutes apart. That costs one LIST
request per 1,000 objects, at most 0.25 USD a month. It also finds models that the tracker does not know.

After an upgrade that reads more out of an MLmodel, a full round also reads again what an earlier reader read: failures
first, at most 200 of them, so that a round ends in time.
"""

from collections.abc import Mapping
from itertools import islice

from chalicelib import clock
from chalicelib.catalogue import entries, places
from chalicelib.catalogue.places import Place
from chalicelib.storage import keys, objects, tables
from chalicelib.storage.items import CatalogueCursor, CatalogueEntry, CatalogueRow
from chalicelib.storage.objects import Stored

SETTLING_MS = 900_000
_MOST_SETTLING = 100
_MOST_WALKED = 10_000
_MOST_REREAD = 200


def rescan() -> int:
    """Run one round; return how many entries were written. Raises errors.RetryLater; the next round continues."""
    return settle() + walk()


def settle() -> int:
    """Refresh the youngest entries; return how many were written."""
    oldest = keys.catalogue_position(clock.now_ms() - SETTLING_MS, "")
    young = tables.query(CatalogueRow, keys.CATALOGUE_ALL, CatalogueRow.sk < oldest)
    paths = dict.fromkeys(row.path for row in islice(young, _MOST_SETTLING))
    return sum(map(entries.refresh, _places(list(paths))))


def walk(most: int = _MOST_WALKED) -> int:
    """Compare up to `most` further objects of the bucket with the catalogue; return how many entries were written."""
    cursor = tables.get(CatalogueCursor, keys.CATALOGUE_SWEEP, keys.CURSOR)
    after = cursor.after if cursor else ""
    listed = list(islice(objects.list_keys("", after=after), most))
    end = listed[-1].key if len(listed) == most else ""
    written = sum(map(entries.refresh, _places(_differing(listed, after, end))))
    tables.put(CatalogueCursor(keys.CATALOGUE_SWEEP, keys.CURSOR, after=end))
    return written


def _differing(listed: list[Stored], after: str, end: str) -> list[str]:
    """Paths of models, between two keys, whose entry differs from the listed object (`end` empty: up to the last)."""
    stored = {place.path: each.last_modified for each in listed if (place := places.of_key(each.key))}
    known = {entry.sk: entry for entry in tables.query(CatalogueEntry, keys.CATALOGUE_ENTRIES, _between(after, end))}
    wrong = [path for path, modified in stored.items() if path not in known or not _agrees(known[path], modified)]
    outdated = _outdated({path: known[path] for path in stored.keys() - set(wrong)})
    # Folders sort a little differently from their MLmodel files, so an entry at the edge may be refreshed needlessly.
    return [*wrong, *(path for path in known if path not in stored), *outdated]


def _outdated(known: Mapping[str, CatalogueEntry]) -> list[str]:
    """Paths of the entries that an earlier reader made, failures first."""
    found = sorted(path for path, entry in known.items() if not entries.is_current(entry))
    return sorted(found, key=lambda path: known[path].status != entries.FAILED)[:_MOST_REREAD]


def _between(after: str, end: str) -> tables.Condition:
    first = after.removesuffix(f"/{places.MANIFEST}") or " "
    return CatalogueEntry.sk.between(first, end or keys.AFTER_ALL)


def _agrees(entry: CatalogueEntry, modified: int) -> bool:
    return entry.status != entries.DELETED and int(entry.modified) == modified and not entry.stale


def _places(paths: list[str]) -> list[Place]:
    return [place for place in map(places.of_folder, paths) if place is not None]
