"""Where in the bucket a model may be stored, and which run or model owns it. The key alone decides, never the file."""

import re
from typing import NamedTuple

from chalicelib.artifacts.limits import KEY_BYTES
from chalicelib.errors import InvalidParameterValue

MANIFEST = "MLmodel"

# `models` in place of a run id is the folder of the logged models, so no run has that id.
_OF_RUN = re.compile(
    r"(?P<experiment>[0-9]{1,19})/(?!models/)(?P<run>[A-Za-z0-9][A-Za-z0-9_-]{0,255})/artifacts(?:/.+)?"
)
_OF_MODEL = re.compile(r"(?P<experiment>[0-9]{1,19})/models/(?P<model>[A-Za-z0-9_.-]{1,255})/artifacts")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


class Place(NamedTuple):
    """A model folder: `path` is its key without a trailing slash. It belongs to a run or is a logged model."""

    path: str
    experiment_id: str
    run_id: str | None
    model_id: str | None

    @property
    def manifest(self) -> str:
        """The key of its MLmodel file."""
        return f"{self.path}/{MANIFEST}"


def of_key(key: str) -> Place | None:
    """The folder whose MLmodel file this key is; None for any other key."""
    folder, _, name = key.rpartition("/")
    return of_folder(folder) if name == MANIFEST else None


def of_folder(path: str) -> Place | None:
    """The model folder at a path; None if no model can be stored there."""
    if not _is_plain(path):
        return None
    if found := _OF_MODEL.fullmatch(path):
        return Place(path, found["experiment"], None, found["model"])
    if found := _OF_RUN.fullmatch(path):
        return Place(path, found["experiment"], found["run"], None)
    return None


def wanted(path: str) -> Place:
    """The place that a request names by a model folder or its MLmodel file. Raises InvalidParameterValue."""
    place = of_key(path) or of_folder(path.rstrip("/"))
    if place is None:
        raise InvalidParameterValue(
            "Invalid path: a model is at <experiment>/<run>/artifacts/… or <experiment>/models/<model>/artifacts."
        )
    return place


def _is_plain(path: str) -> bool:
    segments = path.split("/")
    return (
        len(f"{path}/{MANIFEST}".encode(errors="replace")) <= KEY_BYTES
        and not _CONTROL.search(path)
        and not any(segment in ("", ".", "..") for segment in segments)
    )
