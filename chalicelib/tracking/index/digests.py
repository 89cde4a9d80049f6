"""A digest: an experiment's open runs as they were when a slice of its feed ended, so that a process can begin with it.

Up to a hundred runs are one item, deflated. The experiment names its digest, and with it how many items there are:

    <slice, 8 hexadecimal digits>#<unique>#<number of items>

A digest is never changed. A newer one replaces it, and its items are deleted: who is late reads the runs one by one.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import DigestPart, ExperimentItem
from chalicelib.tracking.experiments import recent_experiments
from chalicelib.tracking.index import sealed_runs
from chalicelib.tracking.runs.reading import Run

# Fewer open runs are as quickly read one by one.
WORTH_RUNS = 20

_RUNS_AT_ONCE = 100
# Before deflating; texts shrink to a fifth, and an item holds 400 KB even if they do not.
_PART_BYTES = 350_000
_DEFLATE_LEVEL = 6


class Digest(NamedTuple):
    """Runs with all that the feed said of them up to the end of a slice, and when the last call of each came (ms)."""

    slice: int
    runs: list[tuple[Run, int]]


def load(experiment_id: str, name: str) -> Digest | None:
    """The digest of this name; None if it was replaced."""
    number, _, count = name.split("#")
    parts = list(tables.query(DigestPart, keys.digests(experiment_id), DigestPart.sk.startswith(name)))
    if len(parts) != int(count):
        return None
    return Digest(int(number, 16), [each for part in parts for each in _unpacked(part.runs)])


def save(item: ExperimentItem, number: int, runs: Sequence[tuple[Run, int]]) -> None:
    """Make and name the digest of an experiment whose feed was read up to the end of a slice, and delete the former.

    Too few runs, or one that is too long for an item, are read one by one instead.
    """
    packed = list(_packed(runs)) if len(runs) >= WORTH_RUNS else []
    name = f"{keys.feed_slice(number)}{clock.short_id()}#{len(packed)}" if packed and all(packed) else ""
    pk = keys.digests(item.experiment_id)
    tables.put_all(DigestPart(pk, f"{name}#{at:04d}", runs=part) for at, part in enumerate(packed) if name and part)
    if _named(item, name):
        _delete(pk, item.digest)


def forget(item: ExperimentItem) -> None:
    """Take away an experiment's digest."""
    save(item, 0, [])


def _named(item: ExperimentItem, name: str) -> bool:
    unchanged = ExperimentItem.digest == item.digest if item.digest else ExperimentItem.digest.does_not_exist()
    action = ExperimentItem.digest.set(name) if name else ExperimentItem.digest.remove()
    if not name and not item.digest:
        return False
    named = ExperimentItem(item.pk, item.sk)
    with suppress(ConditionFailed):
        tables.update(named, [action], unchanged)
        recent_experiments.forget(item.experiment_id)
        return True
    # Another process has made one. This one's items stay, unnamed.
    return False


def _delete(pk: str, name: str | None) -> None:
    count = int(name.rpartition("#")[2]) if name else 0
    tables.delete_all(DigestPart(pk, f"{name}#{at:04d}") for at in range(count))


def _packed(runs: Iterable[tuple[Run, int]]) -> Iterator[bytes | None]:
    """The items' contents; None for one that no item holds."""
    together: list[str] = []
    size = 0
    for run, last_ms in runs:
        text = json.dumps([sealed_runs.content(run), last_ms], ensure_ascii=False, separators=(",", ":"))
        if together and (len(together) == _RUNS_AT_ONCE or size + len(text) > 4 * _PART_BYTES):
            yield _deflated(together)
            together, size = [], 0
        together.append(text)
        size += len(text)
    if together:
        yield _deflated(together)


def _deflated(texts: Sequence[str]) -> bytes | None:
    packed = zlib.compress(f"[{','.join(texts)}]".encode(), _DEFLATE_LEVEL)
    return packed if len(packed) <= _PART_BYTES else None


def _unpacked(packed: bytes) -> list[tuple[Run, int]]:
    return [(sealed_runs.restored(content), last_ms) for content, last_ms in json.loads(zlib.decompress(packed))]
