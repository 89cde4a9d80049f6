"""The plugin: artifacts of MLflow's scheme `mlflow-artifacts` go straight to and from S3 if the server is Cumulog.

MLflow finds it by the entry point `mlflow.artifact_repository`. With any other server it does what MLflow does without
it. The answer to the first request shows whether a server is Cumulog; the process remembers the result.
"""

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from mlflow.entities import FileInfo
from mlflow.environment_variables import MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR, MLFLOW_S3_IGNORE_TLS
from mlflow.exceptions import MlflowException, RestException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST
from mlflow.store.artifact.artifact_repo import verify_artifact_path
from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository
from mlflow.utils.credentials import get_default_host_creds
from mlflow.utils.file_utils import create_tmp_dir
from mlflow.utils.rest_utils import http_request

from cumulog._http.errors import ApiError, CumulogError, NotCumulog
from cumulog._http.wire import Json, Reply, Send
from cumulog._transfer.api import Api, Entry
from cumulog._transfer.files import destination, require_safe
from cumulog._transfer.transfer import Options, fetch_to, upload

_SERVICE = "/api/2.0/mlflow-artifacts/artifacts"

# URLs of servers that turned out not to be Cumulog.
_others: set[str] = set()

Method = TypeVar("Method", bound=Callable[..., Any])


def _or_as_mlflow(method: Method) -> Method:
    """The method, or MLflow's own if the server is not Cumulog; our errors become MLflow's."""

    @wraps(method)
    def call(self: "CumulogArtifactRepository", *arguments: Any, **named: Any) -> Any:
        if self._api.url not in _others:
            try:
                with _errors_of_mlflow():
                    return method(self, *arguments, **named)
            except NotCumulog:
                _others.add(self._api.url)
        return getattr(MlflowArtifactsRepository, method.__name__)(self, *arguments, **named)

    # The wrapper has the signature of the method.
    return cast(Method, call)


# MLflow's class is untyped.
class CumulogArtifactRepository(MlflowArtifactsRepository):  # type: ignore[misc]
    """The artifacts below one root: of a run, or of a logged model."""

    def __init__(self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None) -> None:
        super().__init__(artifact_uri, tracking_uri, registry_uri)
        server, _, root = self.artifact_uri.partition(_SERVICE)
        self._root = root.strip("/")
        self._api = Api(server, _as_mlflow_sends(server), verify=not MLFLOW_S3_IGNORE_TLS.get())

    @_or_as_mlflow
    def log_artifact(self, local_file: str, artifact_path: str | None = None) -> None:
        """Upload a file to a folder of the artifacts."""
        verify_artifact_path(artifact_path)
        self._upload({self._whole(artifact_path, Path(local_file).name): local_file})

    @_or_as_mlflow
    def log_artifacts(self, local_dir: str, artifact_path: str | None = None) -> None:
        """Upload all files below a local folder."""
        verify_artifact_path(artifact_path)
        found = dict(_walk(Path(local_dir)))
        self._upload({self._whole(artifact_path, inner): local for inner, local in found.items()})

    @_or_as_mlflow
    def list_artifacts(self, path: str | None = None) -> list[FileInfo]:
        """All entries of one level of a folder; none if the path is a file. An empty file has no size, as in MLflow."""
        infos = [FileInfo(_joined(path, entry.path), entry.is_dir, entry.size or None) for entry in self._entries(path)]
        return sorted(infos, key=lambda info: str(info.path))

    @_or_as_mlflow
    def download_artifacts(self, artifact_path: str | None, dst_path: str | None = None) -> str:
        """Download a file, or a folder with everything below it; returns its local path."""
        folder = _existing(dst_path)
        path = _tidy(artifact_path or "")
        inner = [_joined(path, entry.path) for entry in self._entries(path, recursive=True)]
        # A path without entries is a file, except the root, which is always a folder.
        wanted = inner if inner or not path else [path]
        self._download({self._whole(each): destination(folder, each) for each in wanted})
        return str(folder / path) if path else str(folder)

    @_or_as_mlflow
    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        """Download a single file; MLflow's other repositories call this."""
        self._download({self._whole(remote_file_path): Path(local_path)})

    @_or_as_mlflow
    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Delete a file, or a folder with everything below it."""
        self._api.delete(self._whole(artifact_path))

    def _whole(self, *parts: str | None) -> str:
        return "/".join(part.strip("/") for part in (self._root, *parts) if part)

    def _entries(self, path: str | None, *, recursive: bool = False) -> Iterator[Entry]:
        for entry in self._api.entries(self._whole(path), recursive=recursive):
            require_safe(entry.path)
            yield entry

    def _upload(self, files: Mapping[str, str | Path]) -> None:
        upload(files, self._api, _options())

    def _download(self, places: Mapping[str, Path]) -> None:
        fetch_to(places, self._api, _options())


def _options() -> Options:
    return Options(progress=MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.get())


def _as_mlflow_sends(server: str) -> Send:
    """Send requests through MLflow's own client, with its credentials, headers, TLS settings and retries."""

    def send(method: str, path: str, query: Mapping[str, str] | None, body: Json | None) -> Reply:
        answer = http_request(
            get_default_host_creds(server), path, method, params=query, json=body, raise_on_status=False
        )
        return Reply(answer.status_code, answer.content)

    return send


@contextmanager
def _errors_of_mlflow() -> Iterator[None]:
    try:
        yield
    except NotCumulog:
        raise
    except ApiError as error:
        raise RestException({"error_code": error.error_code, "message": error.message}) from error
    except CumulogError as error:
        raise MlflowException(str(error)) from error


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below a folder, by its relative path. Like MLflow, it follows links to files, not to folders."""
    for place, _, names in os.walk(folder):
        for name in names:
            local = Path(place, name)
            yield local.relative_to(folder).as_posix(), local


def _tidy(path: str) -> str:
    """A path as MLflow's client and the server read it: `./d//b/` is `d/b`, and `.` is the root."""
    return "/".join(name for name in path.split("/") if name not in ("", "."))


def _joined(folder: str | None, name: str) -> str:
    return posixpath.join(folder, name) if folder else name


def _existing(folder: str | None) -> Path:
    """The folder to download to, or a new temporary one. Raises MlflowException, as MLflow does."""
    if not folder:
        return Path(create_tmp_dir())
    path = Path(folder).absolute()
    if not path.exists():
        raise MlflowException(f"The destination folder does not exist: '{path}'.", RESOURCE_DOES_NOT_EXIST)
    if not path.is_dir():
        raise MlflowException(f"The destination is not a folder: '{path}'.", INVALID_PARAMETER_VALUE)
    return path
