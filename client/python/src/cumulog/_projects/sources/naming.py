"""What names a project: SOURCE[#SUBFOLDER][@REVISION]."""

import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from cumulog._projects import paths
from cumulog._projects.errors import ProjectError

_SCHEMES = ("https", "http", "ssh", "git", "file")
_SCP = re.compile(r"^(?:[\w.+-]+@)?[\w.-]+:(?!//)(?P<path>\S+)$")
# What git takes for a revision of another kind, or a refspec, or an option.
_BAD_REVISION = re.compile(r"^[-+]|[\x00-\x20~^:?*\[\\\x7f]|\.\.|@\{")
_MOST = 2000


class Name(NamedTuple):
    """`place` is a folder, an archive or a repository. The others are empty where they are not given."""

    place: str
    subfolder: str = ""
    revision: str = ""

    @property
    def is_url(self) -> bool:
        return self._url.scheme in _SCHEMES or bool(_SCP.match(self.place) and not self.is_here)

    @property
    def is_zip(self) -> bool:
        return self._url.path.lower().endswith(".zip")

    def local(self) -> Path:
        """The path that it names, if it is one of this machine."""
        is_url = self._url.scheme == "file"
        return Path(unquote(self._url.netloc + self._url.path)) if is_url else paths.expanded(self.place)

    @property
    def is_here(self) -> bool:
        return paths.is_there(self.local())

    @property
    def _url(self) -> SplitResult:
        return urlsplit(self.place)


def read(given: str, version: str) -> Name:
    """What was typed, and what -v says. Raises ProjectError."""
    if not given or given.startswith("-") or len(given) > _MOST or not given.isprintable():
        raise ProjectError(f"'{given[:200]!a}' names no project: give a folder, an archive or the URL of a repository.")
    try:
        name = Name(given) if paths.is_there(given) else _parted(given)
        urlsplit(name.place)
    except ValueError as error:
        raise ProjectError(f"The project's URL cannot be read: {error}.") from error
    if version and name.revision and version != name.revision:
        raise ProjectError(f"The project's revision is given twice: '{name.revision}' and '{version}'.")
    name = name._replace(revision=version or name.revision)
    if name.revision and _BAD_REVISION.search(name.revision):
        raise ProjectError(f"'{name.revision[:200]}' is no branch, tag or commit.")
    parts = PurePosixPath(name.subfolder).parts
    if name.subfolder.startswith("/") or ".." in parts:
        raise ProjectError(f"The subfolder '{name.subfolder[:200]}' leads out of the project.")
    if not (name.is_here or name.is_url):
        raise ProjectError(
            f"There is no folder or archive '{name.place[:500]}', and it is no URL of a git repository "
            "(https://…, ssh://…, git@host:path)."
        )
    return name


def _parted(given: str) -> Name:
    place, mark, rest = given.partition("#")
    if mark:
        subfolder, _, revision = rest.partition("@")
        return Name(place, subfolder, revision)
    # A user stands before the host: git@host:team/project@v1. So what comes before the revision has a path.
    head, mark, revision = place.rpartition("@")
    if not mark:
        return Name(place)
    is_folder = paths.is_there(head) and not _SCP.match(place)
    has_path = urlsplit(head).path.strip("/") if "://" in head else _SCP.match(head) or is_folder
    return Name(head, "", revision) if has_path else Name(place)
