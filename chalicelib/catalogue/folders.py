"""The current content of a model folder in the bucket: its files and its MLmodel."""

import hashlib
import json
from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

from chalicelib.catalogue import manifest, pickles
from chalicelib.catalogue.manifest import Manifest
from chalicelib.catalogue.places import Place
from chalicelib.catalogue.yaml_tree import Refused
from chalicelib.storage import objects, parallel
from chalicelib.storage.objects import Stored

# Each file costs a HEAD, and also a GET if it may be a pickle: 500 files take some 15 s of a Lambda's 30.
MOST_FILES = 500
_ENVIRONMENT = ("conda.yaml", "python_env.yaml", "requirements.txt")


class Folder(NamedTuple):
    """A listing; `head` is its MLmodel. `state` is a digest: as long as it stays the same, the files do too."""

    place: Place
    head: Stored
    files: list[Stored]
    is_cut: bool

    @property
    def state(self) -> str:
        seen = [[each.key, each.size, each.etag, each.last_modified] for each in (self.head, *self.files)]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


class Read(NamedTuple):
    """The content of the files. `manifest` is None if it cannot be read; `reason` says why."""

    manifest: Manifest | None
    reason: str | None
    files: list[dict[str, Any]]
    is_cut: bool

    @property
    def environment(self) -> list[str]:
        present = {each["path"] for each in self.files}
        return [name for name in _ENVIRONMENT if name in present]


def look(place: Place) -> Folder | None:
    """List the folder; None if it has no MLmodel."""
    head = objects.head(place.manifest)
    if head is None:
        return None
    files = list(islice(objects.list_keys(f"{place.path}/"), MOST_FILES + 1))
    # A listing has neither of these, and a HEAD may put quotes around an etag that a listing gives without.
    plain = head._replace(sha256=None, version_id=None)
    return Folder(place, plain, files[:MOST_FILES], len(files) > MOST_FILES)


def read(folder: Folder) -> Read | None:
    """Read the listed files; None if MLmodel has been deleted in the meantime."""
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
    # Read one byte more than allowed, to notice a file that has grown in the meantime.
    return manifest.read(objects.read(folder.place.manifest, 0, manifest.MAX_BYTES + 1), folder.place)


def _files(place: Place, listed: Sequence[Stored]) -> list[dict[str, Any]]:
    described = parallel.each(lambda each: _file(place, each), listed)
    return [each for each in described if each is not None]


def _file(place: Place, listed: Stored) -> dict[str, Any] | None:
    """Describe one file for the catalogue; None if it has been deleted in the meantime."""
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
