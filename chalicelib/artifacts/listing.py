"""The content of a folder. S3 has no folders: a name before a slash counts as one."""

from typing import Any

from chalicelib import errors
from chalicelib.artifacts import limits, owners
from chalicelib.artifacts.paths import ArtifactPath
from chalicelib.storage import objects
from chalicelib.storage.failures import Rejected
from chalicelib.storage.objects import Listed

Entry = dict[str, Any]


def page(folder: ArtifactPath, token: str | None, most: int, recursive: bool = False) -> tuple[list[Entry], str | None]:
    """Return a page of a folder, with paths relative to it, and the next page's token. A missing folder is empty.

    Raises InvalidParameterValue if S3 refuses the token, or if nothing is there because the artifacts are elsewhere.
    """
    try:
        listed = objects.page(folder.folder, token, most, delimiter="" if recursive else "/")
    except Rejected as error:
        raise errors.InvalidParameterValue("Invalid page_token.") from error
    entries = _entries(listed, len(folder.folder))
    if not entries and token is None:
        owners.require_here(folder.owner)
    return entries, listed.next_token


def whole(folder: ArtifactPath, token: str | None = None) -> tuple[list[Entry], str | None]:
    """Return one level of a folder: as many entries as one reply carries, and a token if there are more."""
    found: list[Entry] = []
    while len(found) < limits.ENTRIES:
        entries, token = page(folder, token, limits.PAGE)
        found += entries
        if token is None:
            break
    return found, token


def all_of(folder: ArtifactPath) -> list[Entry]:
    """Return one level of a folder, for a client that cannot ask for a second page. Raises InvalidParameterValue."""
    found, token = whole(folder)
    if token is not None:
        raise errors.InvalidParameterValue(
            f"'{folder.key}' has more than {limits.ENTRIES} entries, the most that one reply lists. GET "
            f"/api/2.0/cumulog/artifacts/list returns them in pages, as does our plugin: {limits.OUR_PLUGIN}."
        )
    return found


def within(parent: str, entries: list[Entry]) -> list[Entry]:
    """Return the entries with paths relative to the owner's root instead of to the folder `parent` below it."""
    return [{**entry, "path": f"{parent}/{entry['path']}"} for entry in entries] if parent else entries


def as_mlflow(entries: list[Entry]) -> list[Entry]:
    """Return the entries as MLflow's endpoints show them: an empty file has no size (`FileInfo.to_proto`)."""
    return [{name: value for name, value in entry.items() if name != "file_size" or value} for entry in entries]


def _entries(listed: Listed, cut: int) -> list[Entry]:
    folders = [{"path": name[cut:-1], "is_dir": True} for name in listed.folders]
    files = [
        {"path": each.key[cut:], "is_dir": False, "file_size": each.size}
        for each in listed.objects
        # Consoles and some tools represent an empty folder as an object whose name ends in a slash.
        if not each.key.endswith("/")
    ]
    return sorted([*folders, *files], key=lambda entry: entry["path"])
