"""What the stores hold, taken from moto's own memory: to tell whether a request has changed it, and to put it back."""

import copy
from dataclasses import dataclass
from typing import Any

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends

from chalicelib import remembered
from chalicelib.config import settings

Key = tuple[str, ...]
State = dict[Key, Any]

_OBJECT = "object"
_UPLOAD = "upload"


@dataclass(frozen=True)
class Saved:
    """All items by table and keys, as moto holds them; all objects with their bytes; and the state that this was."""

    items: dict[Key, Any]
    objects: dict[str, bytes]
    state: State


def state() -> State:
    """Every item, every object and every upload in parts, in a form that can be compared."""
    found: State = {key: item.to_json() for key, item in _items().items()}
    found |= {(_OBJECT, key): stored.etag for key, stored in _bucket().keys.items()}
    return found | {(_UPLOAD, each.id): each.key_name for each in _bucket().multiparts.values()}


def save() -> Saved:
    objects = {each.key: each.get()["Body"].read() for each in _resource().objects.all()}
    return Saved(copy.deepcopy(_items()), objects, state())


def put_back(saved: Saved) -> bool:
    """Have the tables and the bucket hold what was saved; whether that had changed uploads in parts.

    An upload cannot be put back, as S3 gives each a new id: then none is left, and the caller begins others.
    """
    now = state()
    changed = {key for key in {*now, *saved.state} if now.get(key) != saved.state.get(key)}
    if changed:
        remembered.forget_all()
    for kind, *rest in changed:
        if kind == _OBJECT:
            _put_object(saved, rest[0])
        elif kind != _UPLOAD:
            _put_item(saved, (kind, *rest))
    return any(key[0] == _UPLOAD for key in changed) and _without_uploads()


def _put_item(saved: Saved, key: Key) -> None:
    table = _tables()[key[0]]
    # moto's keys are of a type of its own, equal by value.
    for partition in [each for each in table.items if each.value == key[1]]:
        for sort_key in [each for each in table.items[partition] if each.value == key[2]]:
            del table.items[partition][sort_key]
    if key in saved.items:
        item = copy.deepcopy(saved.items[key])
        table.items[item.hash_key][item.range_key] = item


def _put_object(saved: Saved, key: str) -> None:
    if key in saved.objects:
        _resource().put_object(Key=key, Body=saved.objects[key], ChecksumAlgorithm="SHA256")
    else:
        _resource().Object(key).delete()


def _without_uploads() -> bool:
    for upload in list(_bucket().multiparts):
        del _bucket().multiparts[upload]
    return True


def _items() -> dict[Key, Any]:
    return {
        (name, partition.value, sort_key.value): item
        for name, table in _tables().items()
        for partition, rows in table.items.items()
        for sort_key, item in rows.items()
    }


def _tables() -> dict[str, Any]:
    (backend,) = dynamodb_backends[DEFAULT_ACCOUNT_ID].values()
    return dict(backend.tables)


def _bucket() -> Any:
    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[settings().bucket]


def _resource() -> Any:
    return boto3.resource("s3").Bucket(settings().bucket)
