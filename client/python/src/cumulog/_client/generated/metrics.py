"""Points of metrics: histories, and curves for charts.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from cumulog._client.generated.replies import metrics as replies


class Metrics(Namespace):
    """Points of metrics: histories, and curves for charts."""

    def get_history(
        self, run_id: str, metric_key: str, *, page_token: str | None = None, max_results: int | None = None
    ) -> replies.GetMetricHistoryReply:
        """The history of a metric of one run, in pages.

        `GET /api/2.0/mlflow/metrics/get-history`. Who may call it: `READ` on the run.
        """
        reply: replies.GetMetricHistoryReply = self._json(
            "GET",
            "/api/2.0/mlflow/metrics/get-history",
            query={"run_id": run_id, "metric_key": metric_key, "page_token": page_token, "max_results": max_results},
        )
        return reply

    def get_history_bulk(
        self, *, run_id: Sequence[str] | None = None, metric_key: str | None = None, max_results: int | None = None
    ) -> replies.GetMetricHistoryBulkReply:
        """The history of a metric of several runs.

        `GET /ajax-api/2.0/mlflow/metrics/get-history-bulk`. Who may call it: `READ` on each run.
        """
        reply: replies.GetMetricHistoryBulkReply = self._json(
            "GET",
            "/ajax-api/2.0/mlflow/metrics/get-history-bulk",
            query={"run_id": run_id, "metric_key": metric_key, "max_results": max_results},
        )
        return reply

    def get_history_bulk_interval(
        self,
        run_ids: Sequence[str],
        metric_key: str,
        *,
        start_step: int | None = None,
        end_step: int | None = None,
        max_results: int | None = None,
    ) -> replies.GetMetricHistoryBulkIntervalReply:
        """The history of a metric of several runs, sampled evenly for a chart.

        `GET /api/2.0/mlflow/metrics/get-history-bulk-interval`. Who may call it: `READ` on all runs.
        """
        reply: replies.GetMetricHistoryBulkIntervalReply = self._json(
            "GET",
            "/api/2.0/mlflow/metrics/get-history-bulk-interval",
            query={
                "run_ids": run_ids,
                "metric_key": metric_key,
                "start_step": start_step,
                "end_step": end_step,
                "max_results": max_results,
            },
        )
        return reply

    def series(
        self,
        runs: Sequence[str],
        keys: Sequence[str],
        *,
        x: Literal["step", "time", "relative"] | None = None,
        from_: int | None = None,
        to: int | None = None,
        points: int | None = None,
        since: str | None = None,
    ) -> replies.GetMetricSeriesReply:
        """Curves of up to 100 runs × 50 metrics for a chart, each as up to 2,048 points, or buckets with min and
        max.

        `POST /api/2.0/cumulog/metrics/series`. Who may call it: anyone with a valid token; the reply leaves out
        what the caller may not read.
        """
        reply: replies.GetMetricSeriesReply = self._json(
            "POST",
            "/api/2.0/cumulog/metrics/series",
            body={"runs": runs, "keys": keys, "x": x, "from": from_, "to": to, "points": points, "since": since},
        )
        return reply
