"""The requests that log metrics, alone or with params and tags, and those that read histories."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import Self

from chalicelib.edge.wire import Double, Int32, Int64, Message, Repeated, Request, RequiredText, Text
from chalicelib.tracking import fields, ids
from chalicelib.tracking.key_rules import check_key
from chalicelib.tracking.metrics import rules
from chalicelib.tracking.runs.schemas import Param, RunTag

MetricKey = Annotated[Text, AfterValidator(rules.metric_key)]
RequiredMetricKey = Annotated[RequiredText, AfterValidator(rules.metric_key)]
HistoryRunId = Annotated[Text, AfterValidator(ids.run_id)]
# An unknown run is left out and named, and so is what can be no run's id.
CurveRunId = Annotated[RequiredText, AfterValidator(rules.curve_run)]


class Metric(Message):
    """One point of a metric. `timestamp` is in milliseconds since 1970."""

    key: RequiredText
    value: Double
    timestamp: Int64
    step: Int64 = 0
    model_id: Text | None = None
    dataset_name: Text | None = None
    dataset_digest: Text | None = None


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
        check_key(self.key, "name", "Metric name")
        rules.check_timestamp(self.timestamp, "timestamp", self.key, self.value)
        rules.check_datasets([self])
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
        rules.check_batch(metrics=self.metrics, params=self.params, tags=self.tags)
        rules.check_distinct_params(param_keys)
        return self


class GetMetricHistory(Request):
    run_id: fields.RunIdOrUuid
    metric_key: RequiredMetricKey
    page_token: Text | None = None
    max_results: Annotated[Int32, AfterValidator(rules.history_page)] | None = None


class GetMetricHistoryBulk(Request):
    """A path of MLflow's user interface, not of the protocol's service. `run_id` is repeated."""

    run_id: Repeated[HistoryRunId] = Field(default_factory=list)
    metric_key: MetricKey | None = None
    max_results: Annotated[Int64, AfterValidator(rules.history_rows)] = rules.HISTORY_ROWS

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        rules.check_bulk_history(len(self.run_id), self.metric_key)
        return self


class GetMetricHistoryBulkInterval(Request):
    run_ids: Repeated[HistoryRunId]
    metric_key: RequiredMetricKey
    start_step: Int64 | None = None
    end_step: Int64 | None = None
    max_results: Annotated[Int64, AfterValidator(rules.interval_points)] = rules.INTERVAL_POINTS

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        rules.check_interval_history(len(self.run_ids), self.start_step, self.end_step)
        return self


class MetricSeries(Request):
    """Curves for a chart. `from` and `to` are places on x, both included; `points` bounds the buckets of each series.

    x is a step, a time in ms since 1970, or relative: ms since the run's start. `since` is what an earlier reply to the
    same question said; with it only what is new is answered.
    """

    runs: Annotated[Repeated[CurveRunId], Field(json_schema_extra={"maxItems": rules.CURVE_RUNS})]
    keys: Annotated[Repeated[RequiredMetricKey], Field(json_schema_extra={"maxItems": rules.CURVE_KEYS})]
    x: Literal["step", "time", "relative"] = "step"
    from_: Int64 | None = None
    to: Int64 | None = None
    points: Annotated[Int32, AfterValidator(rules.curve_points)] = rules.CURVE_DEFAULT_POINTS
    since: Annotated[Text, AfterValidator(rules.curve_cursor)] | None = None

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        rules.check_curves(self.runs, self.keys, self.from_, self.to)
        return self
