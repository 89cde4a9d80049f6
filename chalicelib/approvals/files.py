"""One digest of a version's files, to which an approval is bound."""

import hashlib
import json

from chalicelib import errors
from chalicelib.approvals import manifests
from chalicelib.edge.checks import SHOWN
from chalicelib.registry import files
from chalicelib.storage import objects
from chalicelib.storage.registry_items import ModelVersion


def digest(version: ModelVersion) -> str | None:
    """What an approval of a version is bound to; None if there is nothing that it could be bound to.

    In our storage it is the SHA-256 of the current listing of the version's folder: each object's key, size, ETag and
    time, as in the catalogue. So a file that is put again counts as another file, even if its bytes are the same: two
    different files can be made to share an ETag. In other storage it is the digest of the manifest that comes with the
    version. Raises InvalidParameterValue for a malformed one.
    """
    if files.is_external(version):
        text = version.tags.get(manifests.TAG)
        return manifests.digest(text) if text else None
    try:
        folder = files.folder_of(version)
    except errors.InvalidParameterValue:
        # A prompt has no files.
        return None
    seen, is_empty = hashlib.sha256(), True
    for each in objects.list_keys(folder.folder):
        line = [each.key, each.size, each.etag, each.last_modified]
        seen.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        is_empty = False
    return None if is_empty else seen.hexdigest()


def why_none(version: ModelVersion) -> str:
    """Why there is nothing that an approval could be bound to, and what to do."""
    if files.is_external(version):
        return (
            f"has its files at {version.location[:SHOWN]}, outside this server's storage. There an approval is bound "
            f"to a manifest: set the version's tag '{manifests.TAG}' to what sha256sum prints for its files."
        )
    # For example `runs:/<run>/<name>` of a logged model: the logged model has the files, and the run has none.
    return f"has no files at {version.location[:SHOWN]} to approve. Register a logged model by its models:/ URI."
