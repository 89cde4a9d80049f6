"""The only parser of artifact paths. A path that passes is used unchanged as a key of the bucket; others are refused.

    path        experiment "/" run "/artifacts/" inner  |  experiment "/models/" model "/artifacts/" inner
    inner       segment ("/" segment)*
    segment     1 to 255 bytes of UTF-8 without "/", "\\" and control characters, other than "." and ".."

A path is decoded once, by the edge, or comes in JSON and is not encoded at all. A name may contain a percent sign, so
`100%25.txt` is a file. A name that would become another path if it were decoded again (`%2e%2e`, `a%2Fb`, `%00`) is
refused.

Three kinds of requests give a path. Ours that write give it as it is. Requests that read may write it in any way that
MLflow takes (`tidy`). What MLflow's own client uploads must have a name that this client can list again (`uploaded`).
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

from chalicelib.artifacts.limits import KEY_BYTES
from chalicelib.edge import encoded
from chalicelib.errors import InvalidParameterValue

_SEGMENT_BYTES = 255
_MODELS = "models"
_ARTIFACTS = "artifacts"

_EXPERIMENT = re.compile(r"0|[1-9][0-9]{0,18}")
_OWNER = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_\-]{0,255}")
_FORBIDDEN = re.compile(r"[\\\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SLASHES = re.compile(r"(?<=[^/])/{2,}(?=[^/])")


class Owner(NamedTuple):
    """The run or logged model that artifacts belong to."""

    experiment_id: str
    run_id: str | None = None
    model_id: str | None = None

    @property
    def root(self) -> str:
        """The key above all of its artifacts."""
        inner = f"{_MODELS}/{self.model_id}" if self.model_id else self.run_id
        return f"{self.experiment_id}/{inner}/{_ARTIFACTS}"


class ArtifactPath(NamedTuple):
    """A safe path: its owner, and the path below the owner's root; "" is the root itself."""

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
    """Parse the path of a file. Raises InvalidParameterValue."""
    path = _parsed(text)
    if not path.inner:
        raise _invalid("it names a folder, not a file")
    return path


def folder(text: str) -> ArtifactPath:
    """Parse the path of a folder or a file; it may end in one slash. Raises InvalidParameterValue."""
    return _parsed(text.removesuffix("/"))


def below(parent: ArtifactPath, relative: str) -> ArtifactPath:
    """Parse a path relative to a parent; an empty one is the parent itself. Raises InvalidParameterValue."""
    return _parsed(f"{parent.key}/{relative}") if relative else parent


def tidy(text: str) -> str:
    """Leave out the parts of a path that lead nowhere, which are empty or `.`; `./d//b/` is `d/b`.

    A leading slash stays, so that an absolute path is refused, as in MLflow.
    """
    names = [name for name in text.split("/") if name not in ("", ".")]
    return "/" * text.startswith("/") + "/".join(names)


def uploaded(text: str) -> ArtifactPath:
    """Parse the path of a file that MLflow's client uploads. As in MLflow `a//b` is `a/b`. Raises as `file` does.

    Raises InvalidParameterValue also for a name that this client could not list: one such name makes it fail for the
    whole folder (`validate_path_is_safe` in mlflow/utils/uri.py, which server and client call).
    """
    return file(_as_mlflow(text))


def uploaded_below(parent: ArtifactPath, relative: str) -> ArtifactPath:
    """Parse the path, relative to a parent, of a file that MLflow's client uploads. Raises as `uploaded` does."""
    return file(f"{parent.key}/{_as_mlflow(relative)}")


def basename(path: str) -> str:
    """Return the last part of a path on the client's machine, which may use backslashes."""
    return path.replace("\\", "/").rpartition("/")[2]


def _as_mlflow(text: str) -> str:
    if "#" in text or unquote(text) != text:
        raise _invalid(
            "MLflow's client cannot list a name that holds '#' or is percent-encoded. Rename the file, or upload it "
            "with our own client, which takes any name (infra/docs/artifacts.md)"
        )
    return _SLASHES.sub("/", text)


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
        raise _invalid("its parts must not be empty, '.' or '..', nor contain backslashes or control characters")
    if len(segment.encode()) > _SEGMENT_BYTES:
        raise _invalid(f"one of its parts is longer than {_SEGMENT_BYTES} bytes")


def _is_dangerous(segment: str) -> bool:
    return segment in ("", ".", "..") or _FORBIDDEN.search(segment) is not None


def _decodings(text: str) -> list[str]:
    """Return what the text becomes when it is decoded again and again, until nothing is left to decode."""
    found = list(encoded.decodings(text))
    if len(found) == encoded.MOST:
        raise _invalid("it is percent-encoded more than once")
    return found


def _owner(segments: list[str]) -> tuple[Owner, int]:
    """The owner that a path names, and how many segments name it."""
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
    return _invalid("it must be in <experiment>/<run>/artifacts or <experiment>/models/<model>/artifacts")


def _invalid(why: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Invalid path: {why}.")
