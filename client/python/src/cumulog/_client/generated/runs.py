"""Runs: what is logged to them, and the search for them.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from cumulog._client.generated import messages
    from cumulog._client.generated.replies import runs as replies
    from cumulog._http.wire import Json


class Runs(Namespace):
    """Runs: what is logged to them, and the search for them."""

    def create(
        self,
        *,
        experiment_id: str | None = None,
        start_time: int | None = None,
        run_name: str | None = None,
        user_id: str | None = None,
        tags: Sequence[messages.RunTag] | None = None,
        run_id: str | None = None,
    ) -> replies.CreateRunReply:
        """Create a run in an active experiment: one, however often it is sent with the same `run_id` or
        Idempotency-Key.

        `POST /api/2.0/mlflow/runs/create`. Who may call it: `EDIT` on the experiment.
        """
        reply: replies.CreateRunReply = self._json(
            "POST",
            "/api/2.0/mlflow/runs/create",
            body={
                "experiment_id": experiment_id,
                "start_time": start_time,
                "run_name": run_name,
                "user_id": user_id,
                "tags": tags,
                "run_id": run_id,
            },
        )
        return reply

    def delete(self, run_id: str) -> Json:
        """Delete a run.

        `POST /api/2.0/mlflow/runs/delete`. Who may call it: `MANAGE` on the run.
        """
        reply: Json = self._json("POST", "/api/2.0/mlflow/runs/delete", body={"run_id": run_id})
        return reply

    def delete_tag(self, run_id: str, key: str) -> Json:
        """Delete a tag of a run.

        `POST /api/2.0/mlflow/runs/delete-tag`. Who may call it: `EDIT` on the run.
        """
        reply: Json = self._json("POST", "/api/2.0/mlflow/runs/delete-tag", body={"run_id": run_id, "key": key})
        return reply

    def get(self, run_id: str) -> replies.GetRunReply:
        """Get a run with its params, tags, inputs and latest metrics.

        `GET /api/2.0/mlflow/runs/get`. Who may call it: `READ` on the run.
        """
        reply: replies.GetRunReply = self._json("GET", "/api/2.0/mlflow/runs/get", query={"run_id": run_id})
        return reply

    def get_column_names(self, *, experiment_ids: Sequence[str] | None = None) -> Json:
        """Get the names of the metrics, params and tags that the last 2,000 runs have, with counts.

        `GET /api/2.0/cumulog/runs/columns/names`. Who may call it: anyone with a valid token; the reply leaves
        out what the caller may not read.
        """
        reply: Json = self._json("GET", "/api/2.0/cumulog/runs/columns/names", query={"experiment_ids": experiment_ids})
        return reply

    def get_columns(
        self,
        *,
        experiment_ids: Sequence[str] | None = None,
        filter: str | None = None,
        max_results: int | None = None,
        order_by: Sequence[str] | None = None,
        run_view_type: Literal["ACTIVE_ONLY", "DELETED_ONLY", "ALL"] | None = None,
        page_token: str | None = None,
        columns: Sequence[str] | None = None,
        since: str | None = None,
    ) -> Json:
        """Search runs, and return an array for each column; with `since`, what changed in the page.

        `POST /api/2.0/cumulog/runs/columns`. Who may call it: anyone with a valid token; the reply leaves out
        what the caller may not read.
        """
        reply: Json = self._json(
            "POST",
            "/api/2.0/cumulog/runs/columns",
            body={
                "experiment_ids": experiment_ids,
                "filter": filter,
                "max_results": max_results,
                "order_by": order_by,
                "run_view_type": run_view_type,
                "page_token": page_token,
                "columns": columns,
                "since": since,
            },
        )
        return reply

    def lease(self, run_id: str, holder: str, seconds: int) -> replies.LeaseRunReply:
        """Say that a run's process is alive. If it says so no more for that many seconds, the sweeper ends the
        run.

        `POST /api/2.0/cumulog/runs/lease`. Who may call it: `EDIT` on the run.
        """
        reply: replies.LeaseRunReply = self._json(
            "POST", "/api/2.0/cumulog/runs/lease", body={"run_id": run_id, "holder": holder, "seconds": seconds}
        )
        return reply

    def log_batch(
        self,
        run_id: str,
        *,
        metrics: Sequence[messages.Metric] | None = None,
        params: Sequence[messages.Param] | None = None,
        tags: Sequence[messages.RunTag] | None = None,
    ) -> Json:
        """Log up to 1,000 metrics, params and tags, of them at most 100 params and 100 tags.

        `POST /api/2.0/mlflow/runs/log-batch`. Who may call it: `EDIT` on the run; `EDIT` on the measured logged
        models.
        """
        reply: Json = self._json(
            "POST",
            "/api/2.0/mlflow/runs/log-batch",
            body={"run_id": run_id, "metrics": metrics, "params": params, "tags": tags},
        )
        return reply

    def log_inputs(
        self,
        run_id: str,
        *,
        datasets: Sequence[messages.DatasetInput] | None = None,
        models: Sequence[messages.ModelInput] | None = None,
    ) -> Json:
        """Log the datasets and logged models that a run uses.

        `POST /api/2.0/mlflow/runs/log-inputs`. Who may call it: `EDIT` on the run; `READ` on the logged models.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/mlflow/runs/log-inputs", body={"run_id": run_id, "datasets": datasets, "models": models}
        )
        return reply

    def log_metric(
        self,
        run_id: str,
        key: str,
        value: float,
        timestamp: int,
        *,
        step: int | None = None,
        model_id: str | None = None,
        dataset_name: str | None = None,
        dataset_digest: str | None = None,
    ) -> Json:
        """Log one point of a metric.

        `POST /api/2.0/mlflow/runs/log-metric`. Who may call it: `EDIT` on the run; `EDIT` on the measured
        logged models.
        """
        reply: Json = self._json(
            "POST",
            "/api/2.0/mlflow/runs/log-metric",
            body={
                "run_id": run_id,
                "key": key,
                "value": value,
                "timestamp": timestamp,
                "step": step,
                "model_id": model_id,
                "dataset_name": dataset_name,
                "dataset_digest": dataset_digest,
            },
        )
        return reply

    def log_model(self, run_id: str, model_json: str) -> Json:
        """Log an MLmodel in the tags of a run, as MLflow 2 does.

        `POST /api/2.0/mlflow/runs/log-model`. Who may call it: `EDIT` on the run.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/mlflow/runs/log-model", body={"run_id": run_id, "model_json": model_json}
        )
        return reply

    def log_outputs(self, run_id: str, models: Sequence[messages.ModelOutput]) -> Json:
        """Log the logged models that a run produces.

        `POST /api/2.0/mlflow/runs/outputs`. Who may call it: `EDIT` on the run; `EDIT` on the logged models.
        """
        reply: Json = self._json("POST", "/api/2.0/mlflow/runs/outputs", body={"run_id": run_id, "models": models})
        return reply

    def log_parameter(self, run_id: str, key: str, *, value: str | None = None) -> Json:
        """Log a param of a run. It is written once: another value for the same key is refused.

        `POST /api/2.0/mlflow/runs/log-parameter`. Who may call it: `EDIT` on the run.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/mlflow/runs/log-parameter", body={"run_id": run_id, "key": key, "value": value}
        )
        return reply

    def restore(self, run_id: str) -> Json:
        """Restore a deleted run.

        `POST /api/2.0/mlflow/runs/restore`. Who may call it: `MANAGE` on the run.
        """
        reply: Json = self._json("POST", "/api/2.0/mlflow/runs/restore", body={"run_id": run_id})
        return reply

    def search(
        self,
        *,
        experiment_ids: Sequence[str] | None = None,
        filter: str | None = None,
        max_results: int | None = None,
        order_by: Sequence[str] | None = None,
        run_view_type: Literal["ACTIVE_ONLY", "DELETED_ONLY", "ALL"] | None = None,
        page_token: str | None = None,
    ) -> replies.SearchRunsReply:
        """Search runs: MLflow's complete filter grammar, order_by, view types and page tokens.

        `POST /api/2.0/mlflow/runs/search`. Who may call it: anyone with a valid token; the reply leaves out
        what the caller may not read.
        """
        reply: replies.SearchRunsReply = self._json(
            "POST",
            "/api/2.0/mlflow/runs/search",
            body={
                "experiment_ids": experiment_ids,
                "filter": filter,
                "max_results": max_results,
                "order_by": order_by,
                "run_view_type": run_view_type,
                "page_token": page_token,
            },
        )
        return reply

    def set_tag(self, run_id: str, key: str, *, value: str | None = None) -> Json:
        """Set a tag of a run.

        `POST /api/2.0/mlflow/runs/set-tag`. Who may call it: `EDIT` on the run.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/mlflow/runs/set-tag", body={"run_id": run_id, "key": key, "value": value}
        )
        return reply

    def update(
        self,
        run_id: str,
        *,
        end_time: int | None = None,
        status: Literal["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"] | None = None,
        run_name: str | None = None,
        lease_holder: str | None = None,
    ) -> replies.UpdateRunReply:
        """Set a run's status, end time or name.

        `POST /api/2.0/mlflow/runs/update`. Who may call it: `EDIT` on the run.
        """
        reply: replies.UpdateRunReply = self._json(
            "POST",
            "/api/2.0/mlflow/runs/update",
            body={
                "run_id": run_id,
                "end_time": end_time,
                "status": status,
                "run_name": run_name,
                "lease_holder": lease_holder,
            },
        )
        return reply
