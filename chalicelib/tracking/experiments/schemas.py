"""The requests about experiments, one model per call.

Fields are named as in the protocol and ordered as MLflow checks them. A field that was not sent is None where that
matters; otherwise it has the protocol's default. Checks that need the store (whether the experiment exists, whether its
name is free) are not made here.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import Self

from chalicelib.edge.wire import Int64, Message, Repeated, Request, RequiredText, Text
from chalicelib.tracking import fields
from chalicelib.tracking.experiments import rules

Name = Annotated[RequiredText, AfterValidator(rules.new_name)]
WantedName = Annotated[RequiredText, AfterValidator(rules.wanted_name)]
ArtifactLocation = Annotated[Text, AfterValidator(rules.artifact_location)]


class Tag(Message):
    key: RequiredText
    value: Text = ""


class CreateExperiment(Request):
    name: Name
    artifact_location: ArtifactLocation | None = None
    tags: Repeated[Tag] = Field(default_factory=list)

    @model_validator(mode="after")
    def _tags_allowed(self) -> Self:
        rules.check_tags(self.name, [(tag.key, tag.value) for tag in self.tags])
        return self


class GetExperiment(Request):
    experiment_id: fields.ExperimentId


class GetExperimentByName(Request):
    experiment_name: WantedName


class SearchExperiments(Request):
    view_type: fields.ViewType = "ACTIVE_ONLY"
    max_results: Annotated[Int64, AfterValidator(rules.search_page)] = Field(0, validate_default=True)
    order_by: Repeated[Text] = Field(default_factory=list)
    filter: Text = ""
    page_token: Text | None = None


class UpdateExperiment(Request):
    experiment_id: fields.ExperimentId
    new_name: Name


class DeleteExperiment(GetExperiment):
    pass


class RestoreExperiment(GetExperiment):
    pass


class SetExperimentTag(Request):
    experiment_id: fields.ExperimentId
    key: RequiredText
    value: Text = ""

    @model_validator(mode="after")
    def _tag_allowed(self) -> Self:
        rules.check_tag(self.key, self.value)
        return self


class DeleteExperimentTag(Request):
    experiment_id: fields.ExperimentId
    key: RequiredText
