"""The models that runs log.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace, in_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from cumulog._client.generated import messages
    from cumulog._client.generated.replies import logged_models as replies
    from cumulog._http.wire import Json


class LoggedModels(Namespace):
    """The models that runs log."""

    def create(
        self,
        experiment_id: str,
        *,
        model_id: str | None = None,
        name: str | None = None,
        model_type: str | None = None,
        source_run_id: str | None = None,
        params: Sequence[messages.Pair] | None = None,
        tags: Sequence[messages.Pair] | None = None,
    ) -> replies.CreateLoggedModelReply:
        """Create a logged model. Its name need not be unique.

        `POST /api/2.0/mlflow/logged-models`. Who may call it: `EDIT` on the experiment; `READ` on the source
        run.
        """
        reply: replies.CreateLoggedModelReply = self._json(
            "POST",
            "/api/2.0/mlflow/logged-models",
            body={
                "experiment_id": experiment_id,
                "model_id": model_id,
                "name": name,
                "model_type": model_type,
                "source_run_id": source_run_id,
                "params": params,
                "tags": tags,
            },
        )
        return reply

    def delete(self, model_id: str) -> Json:
        """Delete a logged model.

        `DELETE /api/2.0/mlflow/logged-models/{model_id}`. Who may call it: `MANAGE` on the logged model.
        """
        reply: Json = self._json("DELETE", f"/api/2.0/mlflow/logged-models/{in_path(model_id)}")
        return reply

    def delete_tag(self, model_id: str, tag_key: str) -> Json:
        """Delete a tag of a logged model.

        `DELETE /api/2.0/mlflow/logged-models/{model_id}/tags/{tag_key}`. Who may call it: `MANAGE` on the
        logged model.
        """
        reply: Json = self._json("DELETE", f"/api/2.0/mlflow/logged-models/{in_path(model_id)}/tags/{in_path(tag_key)}")
        return reply

    def finalize(
        self,
        model_id: str,
        status: Literal[
            "LOGGED_MODEL_PENDING",
            "LOGGED_MODEL_READY",
            "LOGGED_MODEL_UPLOAD_FAILED",
            "LOGGED_MODEL_STATUS_UNSPECIFIED",
        ],
    ) -> replies.FinalizeLoggedModelReply:
        """Set the status of a logged model: LOGGED_MODEL_READY or LOGGED_MODEL_UPLOAD_FAILED.

        `PATCH /api/2.0/mlflow/logged-models/{model_id}`. Who may call it: `EDIT` on the logged model.
        """
        reply: replies.FinalizeLoggedModelReply = self._json(
            "PATCH", f"/api/2.0/mlflow/logged-models/{in_path(model_id)}", body={"status": status}
        )
        return reply

    def get(self, model_id: str, *, allow_deleted: bool | None = None) -> replies.GetLoggedModelReply:
        """Get a logged model; a deleted one with `allow_deleted`.

        `GET /api/2.0/mlflow/logged-models/{model_id}`. Who may call it: `READ` on the logged model.
        """
        reply: replies.GetLoggedModelReply = self._json(
            "GET", f"/api/2.0/mlflow/logged-models/{in_path(model_id)}", query={"allow_deleted": allow_deleted}
        )
        return reply

    def get_artifact(self, model_id: str, artifact_file_path: str) -> str:
        """Download a file of a logged model, for web pages.

        `GET /ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files`. Who may call it: `READ` on the
        logged model.
        """
        return self._url(
            "GET",
            f"/ajax-api/2.0/mlflow/logged-models/{in_path(model_id)}/artifacts/files",
            query={"artifact_file_path": artifact_file_path},
        )

    def list_artifacts(
        self, model_id: str, *, artifact_directory_path: str | None = None, page_token: str | None = None
    ) -> replies.ListModelArtifactsReply:
        """List one level of a logged model's artifacts, in pages.

        `GET /api/2.0/mlflow/logged-models/{model_id}/artifacts/directories`. Who may call it: `READ` on the
        logged model.
        """
        reply: replies.ListModelArtifactsReply = self._json(
            "GET",
            f"/api/2.0/mlflow/logged-models/{in_path(model_id)}/artifacts/directories",
            query={"artifact_directory_path": artifact_directory_path, "page_token": page_token},
        )
        return reply

    def log_params(self, model_id: str, *, params: Sequence[messages.Pair] | None = None) -> Json:
        """Log params of a logged model. A key that exists is refused, even with the same value.

        `POST /api/2.0/mlflow/logged-models/{model_id}/params`. Who may call it: `EDIT` on the logged model.
        """
        reply: Json = self._json(
            "POST", f"/api/2.0/mlflow/logged-models/{in_path(model_id)}/params", body={"params": params}
        )
        return reply

    def search(
        self,
        experiment_ids: Sequence[str],
        *,
        filter: str | None = None,
        datasets: Sequence[messages.DatasetFilter] | None = None,
        max_results: int | None = None,
        order_by: Sequence[messages.OrderBy] | None = None,
        page_token: str | None = None,
    ) -> replies.SearchLoggedModelsReply:
        """Search logged models; any logged value of a metric matches, not the latest alone.

        `POST /api/2.0/mlflow/logged-models/search`. Who may call it: anyone with a valid token; the reply
        leaves out what the caller may not read.
        """
        reply: replies.SearchLoggedModelsReply = self._json(
            "POST",
            "/api/2.0/mlflow/logged-models/search",
            body={
                "experiment_ids": experiment_ids,
                "filter": filter,
                "datasets": datasets,
                "max_results": max_results,
                "order_by": order_by,
                "page_token": page_token,
            },
        )
        return reply

    def set_tags(self, model_id: str, *, tags: Sequence[messages.Pair] | None = None) -> Json:
        """Set tags of a logged model.

        `PATCH /api/2.0/mlflow/logged-models/{model_id}/tags`. Who may call it: `EDIT` on the logged model.
        """
        reply: Json = self._json(
            "PATCH", f"/api/2.0/mlflow/logged-models/{in_path(model_id)}/tags", body={"tags": tags}
        )
        return reply
