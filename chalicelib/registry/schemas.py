"""The requests of MLflow's registry protocol, one model per call."""

from collections.abc import Iterable

from pydantic import Field

from chalicelib.artifacts.schemas import ReadPath
from chalicelib.edge.wire import Message, Repeated, Request, RequiredText, Text
from chalicelib.registry import fields


class Tag(Message):
    key: fields.TagKey
    value: fields.TagValue = ""


class OfModel(Request):
    """A request about one registered model."""

    name: fields.Name


class OfVersion(OfModel):
    """A request about one version of a registered model."""

    version: fields.Version


class CreateModel(Request):
    name: fields.CreatedName
    tags: Repeated[Tag] = Field(default_factory=list)
    description: fields.Description = ""


class RenameModel(OfModel):
    new_name: fields.RenamedName


class UpdateModel(OfModel):
    description: fields.Description = ""


class SearchModels(Request):
    filter: Text = ""
    max_results: fields.PageOfModels = 100
    order_by: Repeated[Text] = Field(default_factory=list)
    page_token: Text = ""


class GetLatestVersions(OfModel):
    stages: Repeated[Text] = Field(default_factory=list)


class SetModelTag(OfModel):
    key: fields.TagKey
    value: fields.TagValue = ""


class DeleteModelTag(OfModel):
    key: fields.TagKey


class SetAlias(OfModel):
    alias: fields.NewAlias
    version: fields.Version


class OfAlias(OfModel):
    alias: fields.Alias


class CreateVersion(OfModel):
    """Unset and empty `run_id` or `model_id` differ where the source is another version (`sources.py`)."""

    source: RequiredText
    run_id: fields.RunId | None = None
    tags: Repeated[Tag] = Field(default_factory=list)
    run_link: fields.RunLink = ""
    description: fields.Description = ""
    model_id: Text | None = None


class UpdateVersion(OfVersion):
    description: fields.Description | None = None


class SearchVersions(Request):
    filter: Text = ""
    max_results: fields.PageOfVersions = fields.MOST_VERSIONS
    order_by: Repeated[Text] = Field(default_factory=list)
    page_token: Text = ""


class SetVersionTag(OfVersion):
    key: fields.TagKey
    value: fields.TagValue = ""


class DeleteVersionTag(OfVersion):
    key: fields.TagKey


class VersionFile(OfVersion):
    """A file of a version; `path` is relative to its folder."""

    path: ReadPath


def as_mapping(tags: Iterable[Tag]) -> dict[str, str]:
    """Tags by key; of a repeated key, the last value counts."""
    return {tag.key: tag.value for tag in tags}
