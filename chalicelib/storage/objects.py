"""The objects in the bucket: artifacts under their paths, and values that are too long for an item under their digests.

Keys are whole keys. SHA-256 values are 64 hexadecimal digits here; S3's own notation, base64, stays in this package.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from chalicelib.storage.bucket import client, create, forget, name
from chalicelib.storage.failures import NotFound, translated

__all__ = ["NotFound", "create_bucket", "forget"]  # NotFound and forget are for callers, who know objects only

_PREFIX = "_cumulog/values/"
_KEYS_AT_ONCE = 1000

create_bucket = create


class Stored(NamedTuple):
    """An object: size in bytes, `last_modified` in ms. A listing has no more than that.

    `sha256` is that of the bytes, if they were uploaded in one piece and with it; `composite` is the one that S3
    computes for an upload in parts, in S3's notation: `<base64>-<number of parts>`.
    """

    key: str
    size: int
    etag: str
    last_modified: int
    sha256: str | None = None
    composite: str | None = None
    version_id: str | None = None


class Listed(NamedTuple):
    """A page of a listing: objects, prefixes that end at the delimiter (folders), and where the next page begins."""

    objects: list[Stored]
    folders: list[str]
    next_token: str | None


def head(key: str) -> Stored | None:
    """What S3 knows of an object, or None."""
    try:
        with translated():
            found = client().head_object(Bucket=name(), Key=key, ChecksumMode="ENABLED")
    except NotFound:
        return None
    checksum = found.get("ChecksumSHA256")
    return Stored(
        key=key,
        size=found["ContentLength"],
        etag=found["ETag"],
        last_modified=_ms(found["LastModified"]),
        sha256=to_hex(checksum),
        composite=checksum if checksum and "-" in checksum else None,
        version_id=found.get("VersionId"),
    )


def read(key: str, start: int = 0, length: int | None = None) -> bytes:
    """The bytes of an object, or `length` of them from `start`. Raises NotFound."""
    last = "" if length is None else start + length - 1
    # S3 refuses every range of an empty object, so none is requested unless it is needed.
    span = {"Range": f"bytes={start}-{last}"} if start or length is not None else {}
    with translated():
        body: bytes = client().get_object(Bucket=name(), Key=key, **span)["Body"].read()
    return body


def put(key: str, body: bytes) -> None:
    """Store bytes under a key, in place of any earlier object. S3 checks their SHA-256."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    with translated():
        client().put_object(Bucket=name(), Key=key, Body=body, ChecksumSHA256=digest)


def page(prefix: str, token: str | None = None, most: int = _KEYS_AT_ONCE, delimiter: str = "") -> Listed:
    """One page of the objects below a prefix. With a delimiter, keys that contain it again are shown as folders.

    `token` is the `next_token` of the page before. Raises Rejected if it is not.
    """
    start = {"ContinuationToken": token} if token else {}
    with translated():
        answer = client().list_objects_v2(Bucket=name(), Prefix=prefix, Delimiter=delimiter, MaxKeys=most, **start)
    return Listed(
        objects=[_listed(entry) for entry in answer.get("Contents", ())],
        folders=[entry["Prefix"] for entry in answer.get("CommonPrefixes", ())],
        next_token=answer.get("NextContinuationToken"),
    )


def list_keys(prefix: str, after: str = "") -> Iterator[Stored]:
    """Every object below a prefix, in the order of keys, read page by page as they are taken."""
    start: dict[str, str] = {"StartAfter": after} if after else {}
    while True:
        with translated():
            answer = client().list_objects_v2(Bucket=name(), Prefix=prefix, **start)
        yield from map(_listed, answer.get("Contents", ()))
        if "NextContinuationToken" not in answer:
            return
        start = {"ContinuationToken": answer["NextContinuationToken"]}


def delete(keys: Sequence[str]) -> None:
    """Delete objects; a missing one is no error."""
    for at in range(0, len(keys), _KEYS_AT_ONCE):
        names = [{"Key": key} for key in keys[at : at + _KEYS_AT_ONCE]]
        with translated():
            client().delete_objects(Bucket=name(), Delete={"Objects": names, "Quiet": True})


def put_value(value: Any) -> str:
    """Store a JSON value and return its name; the same value twice is one object, so a retry is harmless."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    digest = hashlib.sha256(body).hexdigest()
    put(_PREFIX + digest, body)
    return digest


def get_value(name_of_value: str) -> Any:
    """The value stored under a name that `put_value` returned."""
    return json.loads(read(_PREFIX + name_of_value))


def to_hex(base64_digest: str | None) -> str | None:
    """A SHA-256 in S3's notation as hexadecimal digits; None for the checksum of a checksum (`…-3`)."""
    if base64_digest is None or "-" in base64_digest:
        return None
    return base64.b64decode(base64_digest).hex()


def to_base64(sha256: str) -> str:
    """Hexadecimal digits in S3's notation."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()


def _listed(entry: dict[str, Any]) -> Stored:
    return Stored(entry["Key"], entry["Size"], entry["ETag"], _ms(entry["LastModified"]))


def _ms(moment: Any) -> int:
    return int(moment.timestamp() * 1000)
