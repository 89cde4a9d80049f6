"""The one parser of artifact paths. What passes is a key of the bucket as it stands; what does not is sent nowhere.

    path        experiment "/" run "/artifacts/" inner  |  experiment "/models/" model "/artifacts/" inner
    inner       segment ("/" segment)*
    segment     1 to 255 bytes of UTF-8 without "/", "\\" and control characters, other than "." and ".."

A path is decoded once, by the edge, or comes in JSON and is not encoded at all. A name may hold a percent sign, so
`100%25.txt` is a file; but what would turn into another path if somebody decoded it again (`%2e%2e`, `a%2Fb`, `%00`)
is refused.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from chalicelib.artifacts.limits import KEY_BYTES
from chalicelib.errors import InvalidParameterValue

_SEGMENT_BYTES = 255
_MODELS = "models"
_ARTIFACTS = "artifacts"

_EXPERIMENT = re.compile(r"0|[1-9][0-9]{0,18}")
_OWNER = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_\-]{0,255}")
_FORBIDDEN = re.compile(r"[\\\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Who encodes a path more often than this means no good.
_ROUNDS = 10


@dataclass(frozen=True)
class Owner:
    """The run or the logged model whose artifacts these are."""

    experiment_id: str
    run_id: str | None = None
    model_id: str | None = None

    @property
    def root(self) -> str:
        """The key that all of its artifacts lie below."""
        inner = f"{_MODELS}/{self.model_id}" if self.model_id else self.run_id
        return f"{self.experiment_id}/{inner}/{_ARTIFACTS}"


@dataclass(frozen=True)
class ArtifactPath:
    """A path that is safe: its owner, and what lies below the owner's root; "" is the root itself."""

    owner: Owner
    inner: str = ""

    @property
    def key(self) -> str:
        return f"{self.owner.root}/{self.inner}" if self.inner else self.owner.root

    @property
    def folder(self) -> str:
        """The prefix of all keys below, if this is a folder."""
        return self.key + "/"


def file(text: str) -> ArtifactPath:
    """The path of a file. Raises InvalidParameterValue."""
    path = _parsed(text)
    if not path.inner:
        raise _invalid("it names a folder, and a file is asked for")
    return path


def folder(text: str) -> ArtifactPath:
    """The path of a folder or a file; one slash may stand at its end. Raises InvalidParameterValue."""
    return _parsed(text.removesuffix("/"))


def below(parent: ArtifactPath, relative: str) -> ArtifactPath:
    """The path that a relative one names below its parent; an empty one is the parent. Raises InvalidParameterValue."""
    return _parsed(f"{parent.key}/{relative}") if relative else parent


def basename(path: str) -> str:
    """The last part of a path on somebody's machine, which may be one with backslashes."""
    return path.replace("\\", "/").rpartition("/")[2]


def _parsed(text: str) -> ArtifactPath:
    segments = _checked(text)
    if len(text.encode()) > KEY_BYTES:
        raise _invalid(f"it is longer than {KEY_BYTES} bytes")
    owner, taken = _owner(segments)
    return ArtifactPath(owner, "/".join(segments[taken:]))


def _checked(text: str) -> list[str]:
    segments = text.split("/")
    for segment in segments:
        _check_segment(segment)
    for decoded in _decodings(text):
        again = decoded.split("/")
        if len(again) != len(segments) or any(map(_is_dangerous, again)):
            raise _invalid("it is percent-encoded more than once")
    return segments


def _check_segment(segment: str) -> None:
    if _is_dangerous(segment):
        raise _invalid("its parts may not be empty, '.' or '..', nor hold backslashes or control characters")
    if len(segment.encode()) > _SEGMENT_BYTES:
        raise _invalid(f"a part of it is longer than {_SEGMENT_BYTES} bytes")


def _is_dangerous(segment: str) -> bool:
    return segment in ("", ".", "..") or _FORBIDDEN.search(segment) is not None


def _decodings(text: str) -> list[str]:
    """What the text would become if it were decoded again, and again, until nothing is left to decode."""
    found: list[str] = []
    for _ in range(_ROUNDS):
        decoded = unquote(text)
        if decoded == text:
            return found
        found.append(decoded)
        text = decoded
    raise _invalid("it is percent-encoded more than once")


def _owner(segments: list[str]) -> tuple[Owner, int]:
    """Whose path it is, and how many segments say so."""
    match segments:
        case [experiment, models, model, artifacts, *_] if models == _MODELS and artifacts == _ARTIFACTS:
            owner, taken = Owner(experiment, model_id=model), 4
        case [experiment, run, artifacts, *_] if run != _MODELS and artifacts == _ARTIFACTS:
            owner, taken = Owner(experiment, run_id=run), 3
        case _:
            raise _outside()
    name = owner.model_id or owner.run_id or ""
    if not _EXPERIMENT.fullmatch(owner.experiment_id) or not _OWNER.fullmatch(name):
        raise _outside()
    return owner, taken


def _outside() -> InvalidParameterValue:
    return _invalid("it must lie in <experiment>/<run>/artifacts or <experiment>/models/<model>/artifacts")


def _invalid(why: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Invalid path: {why}.")
