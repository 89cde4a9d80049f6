"""Deleting a file, or a folder with all below it. Once more is no error."""

from itertools import islice

from chalicelib import errors
from chalicelib.artifacts import limits, owners
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.storage import objects


def delete(path: ArtifactPath) -> None:
    """Delete what has this path and all below it. Raises what `require_writable` raises.

    A very large folder takes several calls: raises TemporarilyUnavailable, upon which clients call again, until
    nothing is left.
    """
    owners.require_writable(path.owner)
    below = objects.list_keys(path.folder)
    keys = [each.key for each in islice(below, limits.DELETIONS)]
    objects.delete([path.key, *keys] if path.inner else keys)
    if len(keys) == limits.DELETIONS:
        raise errors.TemporarilyUnavailable(f"{limits.DELETIONS} files were deleted and there are more; please go on.")
