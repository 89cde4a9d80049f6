"""Projects from git repositories: a clone of one commit, made by the git program."""

import os
import re
from pathlib import Path

from cumulog._projects.errors import ProjectError
from cumulog._record.confidential import masked_url
from cumulog._record.programs import Answer, asked

# A host that does not answer, and the most that a large repository may take.
_ASK_SECONDS = 60.0
_FETCH_SECONDS = 1800.0
_COMMIT = re.compile(r"[0-9a-f]{7,40}")
# Neither the user's settings nor the repository may start programs of their own; no helper of another transport.
_SAFE = (
    *("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "advice.detachedHead=false"),
    *("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60"),
)
_REMOTE = "git:http:https:ssh"
_TRANSPORTS = f"file:{_REMOTE}"
_LFS = re.compile(rb"filter=lfs")


def cloned(url: str, revision: str, folder: Path) -> tuple[str, str]:
    """Make a work tree of a revision, or of what the repository's HEAD is; the commit and the branch.

    Raises ProjectError.
    """
    folder.mkdir(parents=True)
    heads = _heads(url)
    branch = revision if f"refs/heads/{revision}" in heads else ("" if revision else _head(url))
    _git(folder, "init", "--quiet", "--template=")
    _git(folder, "remote", "add", "origin", url)
    # A branch comes before a tag of the same name.
    _fetch(folder, url, f"refs/heads/{branch}" if revision and branch else revision)
    # Somebody else's repository may not name repositories of this machine as its parts.
    transports = _TRANSPORTS if Path(url).exists() else _REMOTE
    words = ("submodule", "update", "--init", "--recursive", "--depth", "1")
    _git(folder, *words, seconds=_FETCH_SECONDS, transports=transports)
    return _git(folder, "rev-parse", "HEAD"), branch


def pointers(folder: Path) -> str:
    """What to say of files that git LFS keeps elsewhere, if they are not here."""
    attributes = folder / ".gitattributes"
    if not attributes.is_file() or not _LFS.search(attributes.read_bytes()):
        return ""
    if not asked(["git", "lfs", "version"], _ASK_SECONDS).why:
        return ""
    return "The project keeps files in git LFS. git-lfs is not installed, so they are pointers here."


def _fetch(folder: Path, url: str, revision: str) -> None:
    wanted = revision or "HEAD"
    answer = _answer(folder, ("fetch", "--quiet", "--depth", "1", "--no-tags", "origin", wanted), _FETCH_SECONDS)
    if not answer.why:
        _git(folder, "checkout", "--quiet", "--detach", "FETCH_HEAD", seconds=_FETCH_SECONDS)
        return
    if not _COMMIT.fullmatch(revision):
        raise ProjectError(f"'{masked_url(url)}' has no branch, tag or commit '{wanted}': {answer.why}")
    # Servers give single commits by their whole name only, and some not even then.
    everything = ("fetch", "--quiet", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
    _git(folder, *everything, seconds=_FETCH_SECONDS)
    if _answer(folder, ("checkout", "--quiet", "--detach", f"{revision}^{{commit}}"), _FETCH_SECONDS).why:
        raise ProjectError(f"'{masked_url(url)}' has no commit '{revision}', or several that begin so.")


def _heads(url: str) -> set[str]:
    """The branches of a repository. This is the first question, so it tells whether anybody answers."""
    answer = _answer(None, ("ls-remote", "--heads", "--", url), _ASK_SECONDS)
    if answer.why:
        raise ProjectError(f"The repository '{masked_url(url)}' does not answer: {answer.why}")
    return {line.partition("\t")[2] for line in answer.text.splitlines()}


def _head(url: str) -> str:
    """The branch that the repository shows first."""
    text = _answer(None, ("ls-remote", "--symref", "--", url, "HEAD"), _ASK_SECONDS).text
    found = re.match(r"ref: refs/heads/(\S+)\s", text)
    return found[1] if found else ""


def _git(folder: Path, *words: str, seconds: float = _ASK_SECONDS, transports: str = _TRANSPORTS) -> str:
    answer = _answer(folder, words, seconds, transports)
    if answer.why:
        raise ProjectError(f"git {words[0]} did not work: {answer.why}")
    return answer.text


def _answer(folder: Path | None, words: tuple[str, ...], seconds: float, transports: str = _TRANSPORTS) -> Answer:
    where = ("-C", str(folder)) if folder else ()
    return asked(["git", *where, *_SAFE, *words], seconds, variables=_variables(transports))


def _variables(transports: str) -> dict[str, str]:
    """Nobody is there to answer a question of ssh's."""
    ssh = os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=20")
    return {"GIT_ALLOW_PROTOCOL": transports, "GIT_SSH_COMMAND": ssh, "GIT_TERMINAL_PROMPT": "0"}
