"""What names a project: SOURCE[#SUBFOLDER][@REVISION]."""

import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from cumulog._projects.errors import ProjectError

_SCHEMES = ("https", "http", "ssh", "git", "file")
_SCP = re.compile(r"^(?:[\w.+-]+@)?[\w.-]+:(?!//)(?P<path>\S+)$")
# What git takes for a revision of another kind, or a refspec, or an option.
_BAD_REVISION = re.compile(r"^-|[\x00-\x20~^:?*\[\\\x7f]|\.\.|@\{")
_MOST = 2000


class Name(NamedTuple):
    """`place` is a folder, an archive or a repository. The others are empty where they are not given."""

    place: str
    subfolder: str = ""
    revision: str = ""

    @property
    def is_url(self) -> bool:
        return urlsplit(self.place).scheme in _SCHEMES or bool(_SCP.match(self.place) and not self.local().exists())

    @property
    def is_zip(self) -> bool:
        return urlsplit(self.place).path.lower().endswith(".zip")

    def local(self) -> Path:
        """The path that it names, if it is one of this machine."""
        url = urlsplit(self.place)
        return Path(unquote(url.netloc + url.path)) if url.scheme == "file" else Path(self.place).expanduser()


def read(given: str, version: str) -> Name:
    """What was typed, and what -v says. Raises ProjectError."""
    if not given or given.startswith("-") or len(given) > _MOST or not given.isprintable():
        raise ProjectError(f"'{given[:200]!a}' names no project: give a folder, an archive or the URL of a repository.")
    name = Name(given) if Path(given).exists() else _parted(given)
    if version and name.revision and version != name.revision:
        raise ProjectError(f"The project's revision is given twice: '{name.revision}' and '{version}'.")
    name = name._replace(revision=version or name.revision)
    if name.revision and _BAD_REVISION.search(name.revision):
        raise ProjectError(f"'{name.revision[:200]}' is no branch, tag or commit.")
    parts = PurePosixPath(name.subfolder).parts
    if name.subfolder.startswith("/") or ".." in parts:
        raise ProjectError(f"The subfolder '{name.subfolder[:200]}' leads out of the project.")
    if not (name.local().exists() or name.is_url):
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
    has_path = urlsplit(head).path.strip("/") if "://" in head else _SCP.match(head) or Path(head).exists()
    return Name(head, "", revision) if has_path else Name(place)
