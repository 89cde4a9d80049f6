"""The requests about runs, one model per call. A view receives values of the right types, within limits and canonical.

Checks that need the store (whether the run exists, whether a param may change) are not made here.
"""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import Self

from chalicelib.edge.checks import check_length
from chalicelib.edge.wire import Int32, Int64, Message, Repeated, Request, RequiredText, Text, named
from chalicelib.tracking import fields, ids
from chalicelib.tracking.experiments.schemas import Tag
from chalicelib.tracking.key_rules import check_key
from chalicelib.tracking.runs import lease_rules, rules

ParamValue = Annotated[Text, AfterValidator(rules.param_value)]
TagValue = Annotated[Text, AfterValidator(rules.tag_value)]
InputTagKey = Annotated[RequiredText, AfterValidator(rules.input_tag_key)]
InputTagValue = Annotated[Text, AfterValidator(rules.input_tag_value)]
Holder = Annotated[RequiredText, AfterValidator(lease_rules.holder)]
Status = Annotated[
    Literal["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"],
    named("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"),
]


class RunTag(Tag):
    value: TagValue = ""


class Param(Message):
    key: RequiredText
    value: ParamValue = ""


class InputTag(Message):
    key: InputTagKey
    value: InputTagValue = ""


class Dataset(Message):
    name: RequiredText
    digest: RequiredText
    source_type: Text = ""
    source: Text = ""
    # The wire name is `schema`, but every pydantic model has a method of that name.
    schema_: Text | None = None
    profile: Text | None = None

    @model_validator(mode="after")
    def _within_limits(self) -> Self:
        for name, limit in rules.DATASET.items():
            check_length(name, getattr(self, "schema_" if name == "schema" else name) or "", limit)
        return self


class DatasetInput(Message):
    tags: Repeated[InputTag] = Field(default_factory=list)
    dataset: Dataset


class ModelInput(Message):
    model_id: fields.ModelId


class ModelOutput(Message):
    model_id: fields.ModelId
    step: Int64 = 0


class CreateRun(Request):
    # Required, but MLflow reports a missing one with another error_code than for any other field: see
    # rules.check_new_run.
    experiment_id: Text = ""
    start_time: Int64 | None = None
    run_name: TagValue | None = None
    user_id: TagValue | None = None
    tags: Repeated[RunTag] = Field(default_factory=list)
    # Ours, not MLflow's.
    run_id: fields.NewRunId | None = None

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        rules.check_new_run(self.experiment_id, self.run_name, [(tag.key, tag.value) for tag in self.tags])
        self.experiment_id = ids.experiment_id(self.experiment_id)
        return self


class GetRun(Request):
    run_id: fields.RunIdOrUuid


class UpdateRun(Request):
    run_id: fields.RunIdOrUuid
    end_time: Int64 | None = None
    status: Status | None = None
    run_name: TagValue | None = None
    # Ours, not MLflow's.
    lease_holder: Holder | None = None


class LeaseRun(Request):
    run_id: fields.RunId
    holder: Holder
    seconds: Annotated[Int32, AfterValidator(lease_rules.seconds)]


class DeleteRun(Request):
    run_id: fields.RunId


class RestoreRun(DeleteRun):
    pass


class SetTag(Request):
    run_id: fields.RunIdOrUuid
    key: RequiredText
    value: TagValue = ""

    @model_validator(mode="after")
    def _key_allowed(self) -> Self:
        check_key(self.key, "key", "key")
        return self


class DeleteTag(Request):
    run_id: fields.RunId
    key: RequiredText


class LogParameter(Request):
    run_id: fields.RunIdOrUuid
    key: RequiredText
    value: ParamValue = ""

    @model_validator(mode="after")
    def _key_allowed(self) -> Self:
        check_key(self.key, "key", "Param key")
        return self


class LogInputs(Request):
    run_id: fields.RunIdByForm
    datasets: Annotated[Repeated[DatasetInput], AfterValidator(rules.few_entries)] = Field(default_factory=list)
    models: Annotated[Repeated[ModelInput], AfterValidator(rules.few_entries)] = Field(default_factory=list)


class LogModel(Request):
    run_id: fields.RunId
    model_json: RequiredText

    @cached_property
    def model(self) -> dict[str, Any]:
        """The parsed `model_json`. Its fields include artifact_path, flavors (a dict), run_id and utc_time_created."""
        return rules.model_info(self.model_json)

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        _ = self.model
        return self


class LogOutputs(Request):
    run_id: fields.RunId
    models: Annotated[Repeated[ModelOutput], AfterValidator(rules.few_entries)]
