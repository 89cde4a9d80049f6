"""Multipart uploads that nobody continues: their parts cost storage and appear in no listing.

In AWS a lifecycle rule of the bucket also ends them; if the bucket has no such rule, as in the local stack, only this
does.
"""

from contextlib import suppress

from chalicelib import clock
from chalicelib.artifacts import limits
from chalicelib.storage import multipart
from chalicelib.storage.failures import NotFound


def abort_forgotten() -> int:
    """Abort uploads begun more than three days ago, up to a thousand at a time, and return how many there were.

    Safe at any time, also when two calls run at once.
    """
    before = clock.now_ms() - limits.FORGOTTEN_MS
    forgotten = [upload for upload in multipart.begun() if upload.since < before]
    for upload in forgotten:
        with suppress(NotFound):
            multipart.abort(upload.key, upload.upload_id)
    return len(forgotten)
