"""From the name of a project to a folder that holds it."""

from pathlib import Path

from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Source
from cumulog._projects.sources import archives, git, naming
from cumulog._projects.sources.downloads import download
from cumulog._projects.sources.naming import Name
from cumulog._record import git as repositories
from cumulog._record.confidential import masked_url


def fetched(given: str, version: str, into: Path) -> Source:
    """The project of a name. What is not a folder of this machine is copied to `into`. Raises ProjectError.

    A local repository is never changed: for a revision it is cloned.
    """
    name = naming.read(given, version)
    if name.is_zip and not name.local().is_dir():
        return _unpacked(name, given, into)
    if not name.is_here or name.revision:
        return _cloned(name, given, into)
    return _here(name, given)


def _here(name: Name, given: str) -> Source:
    folder = _inside(name.local().absolute(), name)
    state = repositories.state(folder)[0]
    told = (state.commit, state.branch, state.remote) if state else ("", "", "")
    return Source(given, _shown(str(name.local().absolute()), name), folder, name.subfolder, "", *told)


def _cloned(name: Name, given: str, into: Path) -> Source:
    url = str(name.local().absolute()) if name.is_here else name.place
    if name.local().is_dir() and repositories.state(name.local())[0] is None:
        raise ProjectError(f"'{given[:200]}' is no git repository, so it has no revision '{name.revision}'.")
    commit, branch = git.cloned(url, name.revision, into)
    folder, uri = _inside(into, name), _shown(url, name)
    note = git.pointers(into)
    return Source(given, uri, folder, name.subfolder, name.revision, commit, branch, url, is_copy=True, note=note)


def _unpacked(name: Name, given: str, into: Path) -> Source:
    if name.revision:
        raise ProjectError("An archive has no revisions.")
    archive = name.local() if name.is_here else download(name.place, into.with_name("archive"))
    archives.unpacked(archive, into)
    return Source(given, _shown(name.place, name), _inside(into, name), name.subfolder, is_copy=True)


def _inside(folder: Path, name: Name) -> Path:
    found = folder / name.subfolder
    if not found.is_dir() or not found.resolve().is_relative_to(folder.resolve()):
        raise ProjectError(
            f"There is no folder '{name.subfolder or name.place}' in the project '{masked_url(name.place)}'."
        )
    return found


def _shown(place: str, name: Name) -> str:
    shown = masked_url(place)
    return f"{shown}#{name.subfolder}" if name.subfolder else shown
