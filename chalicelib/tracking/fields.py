"""The types of the fields in tracking requests: MLflow's rules for one value, attached to the wire type it comes as."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.tracking import limits, names
from chalicelib.wire import RequiredText, Text, named, spelled

ExperimentId = Annotated[RequiredText, AfterValidator(names.experiment_id)]
ListedExperimentId = Annotated[Text, AfterValidator(names.experiment_id)]
ExperimentName = Annotated[RequiredText, AfterValidator(names.experiment_name)]
WantedExperimentName = Annotated[RequiredText, AfterValidator(names.wanted_experiment_name)]
ArtifactLocation = Annotated[Text, AfterValidator(names.artifact_location)]

RunId = Annotated[RequiredText, AfterValidator(names.run_id)]
# Some calls know a run by the name that its id had before MLflow 1.0 as well.
RunIdOrUuid = Annotated[RunId, Field(validation_alias=spelled("run_id", "run_uuid"))]
RunIdByForm = Annotated[RequiredText, AfterValidator(names.run_id_by_form)]
HistoryRunId = Annotated[Text, AfterValidator(names.run_id)]

ParamValue = Annotated[Text, AfterValidator(limits.param_value)]
TagValue = Annotated[Text, AfterValidator(limits.tag_value)]
InputTagKey = Annotated[RequiredText, AfterValidator(limits.input_tag_key)]
InputTagValue = Annotated[Text, AfterValidator(limits.input_tag_value)]
MetricKey = Annotated[Text, AfterValidator(names.metric_key)]
RequiredMetricKey = Annotated[RequiredText, AfterValidator(names.metric_key)]
ModelId = Annotated[RequiredText, AfterValidator(names.model_id)]

ViewType = Annotated[Literal["ACTIVE_ONLY", "DELETED_ONLY", "ALL"], named("ACTIVE_ONLY", "DELETED_ONLY", "ALL")]
RunStatus = Annotated[
    Literal["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"],
    named("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"),
]
