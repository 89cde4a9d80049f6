"""What the bucket holds of a model folder now: its files, and what its MLmodel says."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from chalicelib.catalogue import manifest, pickles
from chalicelib.catalogue.manifest import Manifest
from chalicelib.catalogue.places import Place
from chalicelib.catalogue.yaml_tree import Refused
from chalicelib.storage import objects, parallel
from chalicelib.storage.objects import Stored

# Each file costs a HEAD, and one that may be a pickle a GET as well: these take some 15 s of a Lambda's 30.
MOST_FILES = 500
_ENVIRONMENT = ("conda.yaml", "python_env.yaml", "requirements.txt")


@dataclass(frozen=True)
class Folder:
    """A listing; `head` is its MLmodel. As long as `state`, a digest, stays the same, so do the files."""

    place: Place
    head: Stored
    files: list[Stored]
    is_cut: bool

    @property
    def state(self) -> str:
        seen = [[each.key, each.size, each.etag, each.last_modified] for each in (self.head, *self.files)]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


@dataclass(frozen=True)
class Read:
    """What the files say. `manifest` is None when it cannot be read, for the reason given."""

    manifest: Manifest | None
    reason: str | None
    files: list[dict[str, Any]]
    is_cut: bool

    @property
    def environment(self) -> list[str]:
        present = {each["path"] for each in self.files}
        return [name for name in _ENVIRONMENT if name in present]


def look(place: Place) -> Folder | None:
    """The folder's listing, or None where no MLmodel lies."""
    head = objects.head(place.manifest)
    if head is None:
        return None
    files = list(islice(objects.list_keys(f"{place.path}/"), MOST_FILES + 1))
    # A listing knows neither, and a HEAD may say the same etag with or without quotes as a listing does not.
    plain = replace(head, sha256=None, version_id=None)
    return Folder(place, plain, files[:MOST_FILES], len(files) > MOST_FILES)


def read(folder: Folder) -> Read | None:
    """Read what the listing named; None when MLmodel is gone meanwhile."""
    try:
        said, reason = _manifest(folder), None
    except Refused as refusal:
        said, reason = None, str(refusal)
    except objects.NotFound:
        return None
    return Read(said, reason, _files(folder.place, folder.files), folder.is_cut)


def _manifest(folder: Folder) -> Manifest:
    if folder.head.size > manifest.MAX_BYTES:
        raise Refused(f"MLmodel is larger than {manifest.MAX_BYTES} bytes.")
    if folder.head.size == 0:
        raise Refused("MLmodel is empty.")
    # One byte more than it may have, so that one which has grown meanwhile shows.
    return manifest.read(objects.read(folder.place.manifest, 0, manifest.MAX_BYTES + 1), folder.place)


def _files(place: Place, listed: Sequence[Stored]) -> list[dict[str, Any]]:
    described = parallel.each(lambda each: _file(place, each), listed)
    return [each for each in described if each is not None]


def _file(place: Place, listed: Stored) -> dict[str, Any] | None:
    """One file as the catalogue shows it; None when it is gone meanwhile."""
    head = objects.head(listed.key)
    if head is None:
        return None
    found = {"path": listed.key[len(place.path) + 1 :], "size": head.size}
    if head.sha256:
        found["sha256"] = head.sha256
    try:
        found["pickle"] = head.size > 0 and pickles.may_be(listed.key) and _is_pickle(listed.key)
    except objects.NotFound:
        return None
    return found


def _is_pickle(key: str) -> bool:
    return pickles.is_pickle(objects.read(key, 0, pickles.HEADER_BYTES), key)
