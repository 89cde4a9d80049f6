"""The requests of tracking, one model per call: what a view gets is of the right types, within the limits, canonical.

Fields are named as in the protocol and stand in the order in which MLflow checks them. One that was not sent is None
where that can matter, else it has the protocol's default. What takes the store to decide (whether the run is there,
whether a param may change) is not decided here.
"""

from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import Self

from chalicelib.tracking import fields, limits, names, rules
from chalicelib.wire import Double, Int32, Int64, Message, Repeated, Request, RequiredText, Text


class Tag(Message):
    """A tag, of an experiment unless it is a RunTag."""

    key: RequiredText
    value: Text = ""


class RunTag(Tag):
    value: fields.TagValue = ""


class Param(Message):
    key: RequiredText
    value: fields.ParamValue = ""


class Metric(Message):
    """One point of a metric; `timestamp` in milliseconds since 1970."""

    key: RequiredText
    value: Double
    timestamp: Int64
    step: Int64 = 0
    model_id: Text | None = None
    dataset_name: Text | None = None
    dataset_digest: Text | None = None


class InputTag(Message):
    key: fields.InputTagKey
    value: fields.InputTagValue = ""


class Dataset(Message):
    name: RequiredText
    digest: RequiredText
    source_type: Text = ""
    source: Text = ""
    # On the wire it is `schema`, but every pydantic model has a method of that name.
    schema_: Text | None = None
    profile: Text | None = None

    @model_validator(mode="after")
    def _within_limits(self) -> Self:
        for name, limit in limits.DATASET.items():
            limits.check_length(name, getattr(self, "schema_" if name == "schema" else name) or "", limit)
        return self


class DatasetInput(Message):
    tags: Repeated[InputTag] = Field(default_factory=list)
    dataset: Dataset


class ModelInput(Message):
    model_id: fields.ModelId


class ModelOutput(Message):
    model_id: fields.ModelId
    step: Int64 = 0


class CreateExperiment(Request):
    name: fields.ExperimentName
    artifact_location: fields.ArtifactLocation | None = None
    tags: Repeated[Tag] = Field(default_factory=list)

    @model_validator(mode="after")
    def _tags_allowed(self) -> Self:
        rules.check_experiment_tags(self.name, [(tag.key, tag.value) for tag in self.tags])
        return self


class GetExperiment(Request):
    experiment_id: fields.ExperimentId


class GetExperimentByName(Request):
    experiment_name: fields.WantedExperimentName


class SearchExperiments(Request):
    view_type: fields.ViewType = "ACTIVE_ONLY"
    max_results: Annotated[Int64, AfterValidator(limits.experiments_page)] = Field(0, validate_default=True)
    order_by: Repeated[Text] = Field(default_factory=list)
    filter: Text = ""
    page_token: Text | None = None


class UpdateExperiment(Request):
    experiment_id: fields.ExperimentId
    new_name: fields.ExperimentName


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
        rules.check_experiment_tag(self.key, self.value)
        return self


class DeleteExperimentTag(Request):
    experiment_id: fields.ExperimentId
    key: RequiredText


class CreateRun(Request):
    # Required, but MLflow says so with another error_code than of any other field: see rules.check_new_run.
    experiment_id: Text = ""
    start_time: Int64 | None = None
    run_name: fields.TagValue | None = None
    user_id: fields.TagValue | None = None
    tags: Repeated[RunTag] = Field(default_factory=list)

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        rules.check_new_run(self.experiment_id, self.run_name, [(tag.key, tag.value) for tag in self.tags])
        self.experiment_id = names.experiment_id(self.experiment_id)
        return self


class GetRun(Request):
    run_id: fields.RunIdOrUuid


class UpdateRun(Request):
    run_id: fields.RunIdOrUuid
    end_time: Int64 | None = None
    status: fields.RunStatus | None = None
    run_name: fields.TagValue | None = None


class DeleteRun(Request):
    run_id: fields.RunId


class RestoreRun(DeleteRun):
    pass


class SetTag(Request):
    run_id: fields.RunIdOrUuid
    key: RequiredText
    value: fields.TagValue = ""

    @model_validator(mode="after")
    def _key_allowed(self) -> Self:
        names.check_key(self.key, "key", "key")
        return self


class DeleteTag(Request):
    run_id: fields.RunId
    key: RequiredText


class LogMetric(Request):
    run_id: fields.RunIdOrUuid
    key: RequiredText
    value: Double
    timestamp: Int64
    step: Int64 = 0
    model_id: Text | None = None
    dataset_name: Text | None = None
    dataset_digest: Text | None = None

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        names.check_key(self.key, "name", "Metric name")
        limits.check_timestamp(self.timestamp, "timestamp", self.key, self.value)
        rules.check_datasets([self])
        return self


class LogParameter(Request):
    run_id: fields.RunIdOrUuid
    key: RequiredText
    value: fields.ParamValue = ""

    @model_validator(mode="after")
    def _key_allowed(self) -> Self:
        names.check_key(self.key, "key", "Param key")
        return self


class LogBatch(Request):
    run_id: fields.RunIdByForm
    metrics: Repeated[Metric] = Field(default_factory=list)
    params: Repeated[Param] = Field(default_factory=list)
    tags: Repeated[RunTag] = Field(default_factory=list)

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        rules.check_points(self.metrics)
        rules.check_datasets(self.metrics)
        param_keys = [param.key for param in self.params]
        rules.check_param_keys(param_keys)
        rules.check_tag_keys([tag.key for tag in self.tags])
        limits.check_batch(metrics=self.metrics, params=self.params, tags=self.tags)
        rules.check_distinct_params(param_keys)
        return self


class LogInputs(Request):
    run_id: fields.RunIdByForm
    datasets: Repeated[DatasetInput] = Field(default_factory=list)
    models: Repeated[ModelInput] = Field(default_factory=list)


class LogModel(Request):
    run_id: fields.RunId
    model_json: RequiredText

    @cached_property
    def model(self) -> dict[str, Any]:
        """`model_json`, parsed: among its fields are artifact_path, flavors (a dict), run_id and utc_time_created."""
        return rules.model_info(self.model_json)

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        _ = self.model
        return self


class LogOutputs(Request):
    run_id: fields.RunId
    models: Repeated[ModelOutput]


class SearchRuns(Request):
    experiment_ids: Repeated[fields.ListedExperimentId] = Field(default_factory=list)
    filter: Text = ""
    max_results: Annotated[Int32, AfterValidator(limits.runs_page)] = 1000
    order_by: Repeated[Text] = Field(default_factory=list)
    run_view_type: fields.ViewType = "ACTIVE_ONLY"
    page_token: Text | None = None


class RebuildIndex(Request):
    experiment_id: fields.ExperimentId
    page_token: Text | None = None


class GetMetricHistory(Request):
    run_id: fields.RunIdOrUuid
    metric_key: fields.RequiredMetricKey
    page_token: Text | None = None
    max_results: Annotated[Int32, AfterValidator(limits.history_page)] | None = None


class GetMetricHistoryBulk(Request):
    """Not in the protocol's service: a path of the user interface, where `run_id` is repeated."""

    run_id: Repeated[fields.HistoryRunId] = Field(default_factory=list)
    metric_key: fields.MetricKey | None = None
    max_results: Annotated[Int64, AfterValidator(limits.history_rows)] = limits.HISTORY_ROWS

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        rules.check_bulk_history(len(self.run_id), self.metric_key)
        return self


class GetMetricHistoryBulkInterval(Request):
    run_ids: Repeated[fields.HistoryRunId]
    metric_key: fields.RequiredMetricKey
    start_step: Int64 | None = None
    end_step: Int64 | None = None
    max_results: Annotated[Int64, AfterValidator(limits.interval_points)] = limits.INTERVAL_POINTS

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        rules.check_interval_history(len(self.run_ids), self.start_step, self.end_step)
        return self
