"""One digest of a version's files, to which an approval is bound."""

import hashlib
import json

from chalicelib import errors
from chalicelib.registry import sources
from chalicelib.storage import objects
from chalicelib.storage.registry_items import ModelVersion


def digest(version: ModelVersion) -> str | None:
    """The SHA-256 of the current listing of a version's folder; None if the folder has no file.

    The listing has each object's key, size, ETag and time, as in the catalogue. So a file that is put again counts as
    another file, even if its bytes are the same: two different files can be made to share an ETag.
    """
    try:
        folder = sources.folder_of(version)
    except (errors.InvalidParameterValue, errors.ResourceDoesNotExist):
        # A prompt has no files, and files outside our bucket cannot be listed.
        return None
    seen, is_empty = hashlib.sha256(), True
    for each in objects.list_keys(folder.folder):
        line = [each.key, each.size, each.etag, each.last_modified]
        seen.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        is_empty = False
    return None if is_empty else seen.hexdigest()
