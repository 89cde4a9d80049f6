"""Deleting a file, or a folder and everything below it. Deleting twice is no error."""

from itertools import islice

from chalicelib import errors
from chalicelib.artifacts import limits, owners
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.storage import objects


def delete(path: ArtifactPath) -> None:
    """Delete the file or folder at this path and everything below it. Raises as `require_writable` does.

    A very large folder takes several calls: each raises TemporarilyUnavailable, after which clients call again, until
    nothing is left.
    """
    owners.require_writable(path.owner)
    below = objects.list_keys(path.folder)
    keys = [each.key for each in islice(below, limits.DELETIONS)]
    objects.delete([path.key, *keys] if path.inner else keys)
    if len(keys) == limits.DELETIONS:
        raise errors.TemporarilyUnavailable(f"{limits.DELETIONS} files were deleted; there are more: call again.")
