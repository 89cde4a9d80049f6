"""What events alone cannot give: entries whose event was lost, and files that came after their MLmodel.

Every round refreshes the entries whose MLmodel is younger than 15 minutes, at most 100: their other files may still be
arriving, as uploads go in parallel and only MLmodel has an event of ours.

A whole round also walks the bucket on from where the last one ended, at most 10,000 objects, and refreshes where an
MLmodel and its entry do not agree: there is one without the other, or of another time. So a bucket of 10,000 objects is
compared whole each time, and one of a million in a day of rounds ten minutes apart. That costs a LIST request for each
1,000 objects, at most 0.25 USD a month. No model need be known to the tracker for it.
"""

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


def rescan() -> int:
    """One round; how many entries had to be written. Raises errors.RetryLater: the next round goes on."""
    return settle() + walk()


def settle() -> int:
    """Refresh the youngest entries; how many had to be written."""
    oldest = keys.catalogue_position(clock.now_ms() - SETTLING_MS, "")
    young = tables.query(CatalogueRow, keys.CATALOGUE_ALL, CatalogueRow.sk < oldest)
    paths = dict.fromkeys(row.path for row in islice(young, _MOST_SETTLING))
    return sum(map(entries.refresh, _places(list(paths))))


def walk(most: int = _MOST_WALKED) -> int:
    """Compare the next objects of the bucket, at most so many, with the catalogue; how many entries were written."""
    cursor = tables.get(CatalogueCursor, keys.CATALOGUE_SWEEP, keys.CURSOR)
    after = cursor.after if cursor else ""
    listed = list(islice(objects.list_keys("", after=after), most))
    end = listed[-1].key if len(listed) == most else ""
    written = sum(map(entries.refresh, _places(_differing(listed, after, end))))
    tables.put(CatalogueCursor(keys.CATALOGUE_SWEEP, keys.CURSOR, after=end))
    return written


def _differing(listed: list[Stored], after: str, end: str) -> list[str]:
    """Paths of models whose entry is not that of the object listed, between two keys (`end` empty: up to the last)."""
    lying = {place.path: each.last_modified for each in listed if (place := places.of_key(each.key))}
    known = {entry.sk: entry for entry in tables.query(CatalogueEntry, keys.CATALOGUE_ENTRIES, _between(after, end))}
    wrong = [path for path, modified in lying.items() if path not in known or not _agrees(known[path], modified)]
    # Folders sort a little differently from their MLmodel files, so an entry at the edge may be looked at in vain.
    return [*wrong, *(path for path in known if path not in lying)]


def _between(after: str, end: str) -> tables.Condition:
    first = after.removesuffix(f"/{places.MANIFEST}") or " "
    return CatalogueEntry.sk.between(first, end or keys.AFTER_ALL)


def _agrees(entry: CatalogueEntry, modified: int) -> bool:
    return entry.status != entries.DELETED and int(entry.modified) == modified and not entry.stale


def _places(paths: list[str]) -> list[Place]:
    return [place for place in map(places.of_folder, paths) if place is not None]
