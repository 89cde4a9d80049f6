"""What a version's files are, in one digest: what an approval is good for."""

import hashlib
import json

from chalicelib import errors
from chalicelib.registry import sources
from chalicelib.storage import objects
from chalicelib.storage.registry_items import ModelVersion


def digest(version: ModelVersion) -> str | None:
    """The SHA-256 over the listing of a version's folder as the bucket has it now; None if there is no file in it.

    The listing tells of each object what the catalogue goes by too: key, size, ETag and time. So a file that is put
    again counts as another one, be it the same to the byte: two files can be made that share an ETag.
    """
    try:
        folder = sources.folder_of(version)
    except (errors.InvalidParameterValue, errors.ResourceDoesNotExist):
        # A prompt has no files, and what lies elsewhere cannot be looked at.
        return None
    seen, is_empty = hashlib.sha256(), True
    for each in objects.list_keys(folder.folder):
        line = [each.key, each.size, each.etag, each.last_modified]
        seen.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        is_empty = False
    return None if is_empty else seen.hexdigest()
