"""The code of a run, in a folder of its own: nothing outside of it is written."""

import configparser
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cumulog._http.errors import UnsafePath
from cumulog._record import git
from cumulog._record.programs import Answer, asked
from cumulog._record.wanted import FOLDER
from cumulog._reproduction.errors import NotReproducible
from cumulog._reproduction.recorded.run import Missing, Recorded
from cumulog._transfer.files import destination

_SECONDS = 600.0
_PATCH, _UNTRACKED, _SOURCES = (f"{FOLDER}/{name}" for name in ("changes.patch", "untracked.tar.gz", "sources.tar.gz"))
# Anything else could be an option of git's, or a revision that moves.
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# A commit that no branch leads to is there all the same.
_UPLOADS = "git -c uploadpack.allowAnySHA1InWant=true upload-pack"
# No hook or template of the user's takes part.
_PLAIN = (
    *("-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "-c", "advice.detachedHead=false"),
    *("-c", "maintenance.auto=false", "-c", "gc.auto=0"),
)


class Tree(NamedTuple):
    """The code: `folder` is its top, `origin` says where it is from."""

    folder: Path
    origin: str
    missing: tuple[Missing, ...] = ()


class Where(NamedTuple):
    """Where to look for the code: a folder or URL that was named, and whether to take it as it is now."""

    repository: str = ""
    is_current: bool = False


def rebuilt(recorded: Recorded, folder: Path, where: Where) -> Tree:
    """The code in a folder, which is made. Raises NotReproducible."""
    folder.mkdir(parents=True)
    if recorded.code.has_git:
        tree = _cloned(recorded, folder, where)
        return tree if where.is_current else tree._replace(missing=tuple(_changed(recorded, folder)))
    if _SOURCES in recorded.files:
        _unpack(recorded.files[_SOURCES], folder)
        return Tree(folder, "the files of its record")
    raise NotReproducible(
        f"Run {recorded.run_id} has no code: neither a commit nor files were recorded. "
        "Runs of cumulog keep them, unless CUMULOG_RECORD is off."
    )


def _cloned(recorded: Recorded, folder: Path, where: Where) -> Tree:
    _require(_git(folder, "init", "--quiet", "--template="), "git init")
    commit, remote = recorded.code.commit, recorded.code.remote
    if remote:
        _git(folder, "remote", "add", "--", "origin", remote)
    if where.is_current:
        return _current(recorded, folder, where)
    if not commit:
        return Tree(folder, "its patch: the repository had no commits")
    if not _COMMIT.fullmatch(commit):
        raise NotReproducible(f"{commit[:100]!a} is no commit of git.")
    whys = []
    for source in _sources(recorded, where):
        answer = _fetched(folder, source, commit)
        if not answer.why:
            _require(_git(folder, "checkout", "--quiet", "--detach", commit), f"Commit {commit} cannot be checked out")
            return (
                Tree(folder, f"commit {commit[:12]} of {source}", ())
                if _with_submodules(folder, source)
                else Tree(folder, f"commit {commit[:12]} of {source}, without submodules")
            )
        whys.append(f"{source}: {answer.why}")
    tried = "; ".join(whys) or "the run names no repository"
    raise NotReproducible(f"Commit {commit[:12]} is not to be had. Name a repository by --repository. Tried: {tried}")


def _sources(recorded: Recorded, where: Where) -> Iterator[str]:
    """Repositories that may have the commit: those of this machine first, as a commit is the same everywhere."""
    if where.repository:
        yield where.repository
        return
    found = [git.state(Path(each))[0] for each in (recorded.code.root, os.curdir) if each and Path(each).is_dir()]
    wanted = f"{recorded.code.commit}^{{commit}}"
    local = dict.fromkeys(str(each.root) for each in found if each)
    yield from (each for each in local if not _git(Path(each), "cat-file", "-e", wanted).why)
    remote = recorded.code.remote
    if remote and not remote.startswith("-"):
        yield remote


def _fetched(folder: Path, source: str, commit: str) -> Answer:
    if source.startswith("-") or "::" in source.split("/")[0]:
        return Answer(b"", "that is no address of a repository")
    answer = _git(folder, "fetch", "--quiet", "--no-tags", f"--upload-pack={_UPLOADS}", "--", source, commit)
    if answer.why:
        # A server that gives no commit by its name has it behind a branch or a tag.
        every = ("fetch", "--quiet", "--", source, "+refs/*:refs/fetched/*")
        answer = _git(folder, *every)
        answer = answer if answer.why else _git(folder, "cat-file", "-e", f"{commit}^{{commit}}")
    return answer


def _with_submodules(folder: Path, source: str) -> bool:
    """Check submodules out, from the same machine if the code is. False if one is not to be had."""
    place = folder / ".gitmodules"
    if not place.is_file():
        return True
    _git(folder, "submodule", "init")
    for name, path in _submodules(place):
        local = Path(source, path)
        if (local / ".git").exists():
            _git(folder, "config", f"submodule.{name}.url", str(local))
    # Somebody else's repository may not name repositories of this machine as its parts.
    is_here = Path(source.removeprefix("file://")).is_dir()
    options = ("-c", f"protocol.file.allow={'always' if is_here else 'never'}")
    return not _git(folder, *options, "submodule", "update", "--quiet", "--recursive").why


def _submodules(place: Path) -> Iterator[tuple[str, str]]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string("\n".join(line.strip() for line in place.read_text().splitlines()))
    except (configparser.Error, UnicodeDecodeError):
        return
    for section in parser.sections():
        name, path = section.removeprefix('submodule "').removesuffix('"'), parser.get(section, "path", fallback="")
        if path:
            yield name, path


def _changed(recorded: Recorded, folder: Path) -> Iterator[Missing]:
    """Apply what differed from the commit; yields what cannot be."""
    if _PATCH in recorded.files:
        patch = str(recorded.files[_PATCH].resolve())
        answer = _git(folder, "apply", "--binary", "--whitespace=nowarn", patch)
        if answer.why:
            yield Missing("code", f"The uncommitted edits cannot be applied: {answer.why}.")
    if _UNTRACKED in recorded.files:
        _unpack(recorded.files[_UNTRACKED], folder)


def _current(recorded: Recorded, folder: Path, where: Where) -> Tree:
    """The code as it is in the working folder, edits and all."""
    root = where.repository or recorded.code.root
    state = git.state(Path(root))[0] if root and Path(root).is_dir() else git.state(Path())[0]
    if state is None:
        raise NotReproducible("--current-code needs a working folder: name one by --repository.")
    from cumulog._record import code  # noqa: PLC0415 - few want it

    kept = code.of(state)
    if state.commit:
        _require(_fetched(folder, str(state.root), state.commit), "The commit of the working folder is not to be had")
        _require(_git(folder, "checkout", "--quiet", "--detach", state.commit), "It cannot be checked out")
    for name, content in (("patch", kept.patch), ("tar.gz", kept.archive)):
        place = folder.with_name(f"{folder.name}.{name}")
        place.write_bytes(content)
        if content and name == "patch":
            _require(
                _git(folder, "apply", "--binary", "--whitespace=nowarn", str(place)), "Its edits cannot be applied"
            )
        elif content:
            _unpack(place, folder)
    return Tree(folder, f"{state.root} as it is now")


def _unpack(archive: Path, folder: Path) -> None:
    """The files of an archive of ours: there are neither links nor folders in it."""
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile():
                    _write(tar, member, _place(member.name, folder))
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise NotReproducible(f"The record's file {archive.name} cannot be unpacked: {error}") from error


def _place(name: str, folder: Path) -> Path:
    """Where a file of an archive goes. Raises NotReproducible if it leads out, or is git's own."""
    try:
        place = destination(folder, name)
    except UnsafePath as error:
        raise NotReproducible(f"The record names a file out of its folder: {name!r}.") from error
    if ".git" in name.lower().split("/"):
        raise NotReproducible(f"The record names a file of git's own: {name!r}.")
    return place


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(member)
    # A link of the commit's must not lead out of the folder.
    place.unlink(missing_ok=True)
    place.write_bytes(content.read() if content else b"")
    place.chmod(0o755 if member.mode & 0o100 else 0o644)


def _git(folder: Path, *arguments: str) -> Answer:
    return asked(["git", "-C", str(folder), *_PLAIN, *arguments], _SECONDS)


def _require(answer: Answer, what: str) -> None:
    if answer.why:
        raise NotReproducible(f"{what}: {answer.why}")
