"""The requests about artifacts. Paths are plain text here; `paths` parses them and checks that they are safe."""

import re
from typing import Annotated

from pydantic import AfterValidator, model_validator
from typing_extensions import Self

from chalicelib.artifacts import limits, paths
from chalicelib.edge.wire import Bool, Int32, Int64, Message, Repeated, Request, RequiredText, Text
from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking.fields import ModelId, RunId, RunIdOrUuid

_SHA256 = re.compile(r"[0-9a-f]{64}")


def _sha256(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise InvalidParameterValue("A SHA-256 must be 64 lower-case hexadecimal digits.")
    return text


def _size(size: int) -> int:
    if size < 0:
        raise InvalidParameterValue("A size is a number of bytes and must not be negative.")
    return size


def _page(count: int) -> int:
    if not 1 <= count <= limits.PAGE:
        raise InvalidParameterValue(f"max_results must be between 1 and {limits.PAGE}.")
    return count


def _seconds(seconds: int) -> int:
    if not 1 <= seconds <= limits.URL_SECONDS:
        raise InvalidParameterValue(f"expiration must be between 1 and {limits.URL_SECONDS} seconds (got {seconds}).")
    return seconds


def check_batch(name: str, count: int) -> None:
    """Raise InvalidParameterValue unless there are 1 to 100 entries."""
    if not 1 <= count <= limits.BATCH:
        raise InvalidParameterValue(f"'{name}' must have 1 to {limits.BATCH} entries, not {count}.")


Sha256 = Annotated[RequiredText, AfterValidator(_sha256)]
Size = Annotated[Int64, AfterValidator(_size)]
Seconds = Annotated[Int64, AfterValidator(_seconds)]
# A path that is read: MLflow takes it in more than one form.
ReadPath = Annotated[RequiredText, AfterValidator(paths.tidy)]
ReadFolder = Annotated[Text, AfterValidator(paths.tidy)]


class NewFile(Message):
    path: RequiredText
    size: Size
    sha256: Sha256


class NewPart(Message):
    part_number: Int32
    size: Size
    sha256: Sha256


class DonePart(Message):
    part_number: Int32
    etag: RequiredText
    sha256: Sha256


class MlflowPart(Message):
    """A part of MLflow's upload. MLflow also sends back the URL, which is not needed."""

    part_number: Int32
    etag: RequiredText


class Uploads(Request):
    files: Repeated[NewFile]

    @model_validator(mode="after")
    def _not_too_many(self) -> Self:
        check_batch("files", len(self.files))
        return self


class Downloads(Request):
    paths: Repeated[ReadPath]

    @model_validator(mode="after")
    def _not_too_many(self) -> Self:
        check_batch("paths", len(self.paths))
        return self


class ListFolder(Request):
    path: ReadPath
    page_token: Text | None = None
    max_results: Annotated[Int32, AfterValidator(_page)] = limits.PAGE
    recursive: Bool = False


class AtPath(Request):
    path: RequiredText


class CreateUpload(Request):
    path: RequiredText
    size: Size


class OfUpload(Request):
    path: RequiredText
    upload_id: RequiredText


class SignParts(OfUpload):
    parts: Repeated[NewPart]

    @model_validator(mode="after")
    def _not_too_many(self) -> Self:
        check_batch("parts", len(self.parts))
        return self


class ListParts(OfUpload):
    page_token: Text | None = None


class CompleteUpload(OfUpload):
    parts: Repeated[DonePart]


class Proxied(Request):
    """A path of the mlflow-artifacts protocol: the part of the URL after the endpoint."""

    proxy: RequiredText


class ReadProxied(Request):
    """A path of the mlflow-artifacts protocol that is read."""

    proxy: ReadPath


class ListProxied(Request):
    path: ReadFolder = ""


class MlflowUpload(Proxied):
    """`path` is the file's path on the client's machine."""

    path: RequiredText


class CreateMlflowUpload(MlflowUpload):
    num_parts: Int64 = 1


class AbortMlflowUpload(MlflowUpload):
    upload_id: RequiredText


class CompleteMlflowUpload(AbortMlflowUpload):
    parts: Repeated[MlflowPart]


class ListArtifacts(Request):
    run_id: RunIdOrUuid
    path: ReadFolder = ""
    page_token: Text | None = None


class ListModelArtifacts(Request):
    model_id: ModelId
    artifact_directory_path: ReadFolder = ""
    page_token: Text | None = None


class RunFile(Request):
    run_id: RunIdOrUuid
    path: ReadPath


class NewRunFile(Request):
    run_id: RunIdOrUuid
    path: RequiredText


class ModelFile(Request):
    model_id: ModelId
    artifact_file_path: ReadPath


class UploadUrl(Request):
    run_id: RunId | None = None
    model_id: ModelId | None = None
    path: RequiredText
    expiration: Seconds = 900

    @model_validator(mode="after")
    def _one_owner(self) -> Self:
        if (self.run_id is None) == (self.model_id is None):
            raise InvalidParameterValue("Exactly one of run_id and model_id must be provided.")
        return self


class DownloadUrl(Request):
    run_id: RunId
    path: ReadPath
    expiration: Seconds = 300
