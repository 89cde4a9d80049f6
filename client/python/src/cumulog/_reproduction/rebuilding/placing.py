"""Where a run is rebuilt, and where it then says that its code came from."""

from pathlib import Path
from typing import NamedTuple

from cumulog._projects.project import Source
from cumulog._reproduction.rebuilding import places
from cumulog._reproduction.recorded.run import Recorded


class Place(NamedTuple):
    """Where a run is rebuilt: the code, and a folder for what else it needs."""

    tree: Path
    scratch: Path


def working_folder(recorded: Recorded, place: Place) -> Path:
    """The working directory: in the code if it was, else an empty one, as nothing else may be written to."""
    folder = place.tree / places.moved(recorded.invocation.folder, recorded, place.tree)
    if not folder.resolve().is_relative_to(place.tree.resolve()):
        folder = place.scratch / "work"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def source(recorded: Recorded, place: Place) -> Source:
    """Where the code came from, for the tags of the new run: those of the old one."""
    code, tags = recorded.code, recorded.tags
    uri = tags.get("mlflow.source.name", "") or code.remote or code.root
    branch = tags.get("mlflow.source.git.branch", "")
    return Source(uri, uri, place.tree, "", code.commit, code.commit, branch, code.remote, is_copy=True)
