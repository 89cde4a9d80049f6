"""Experiments.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from cumulog._client.generated import messages
    from cumulog._client.generated.replies import experiments as replies
    from cumulog._http.wire import Json


class Experiments(Namespace):
    """Experiments."""

    def create(
        self, name: str, *, artifact_location: str | None = None, tags: Sequence[messages.Tag] | None = None
    ) -> replies.CreateExperimentReply:
        """Create an experiment. Its name is unique among active and deleted experiments. Takes an Idempotency-Key.

        `POST /api/2.0/mlflow/experiments/create`. Who may call it: anyone with a valid token, unless its scopes
        leave out `experiment:EDIT:*`.
        """
        reply: replies.CreateExperimentReply = self._json(
            "POST",
            "/api/2.0/mlflow/experiments/create",
            body={"name": name, "artifact_location": artifact_location, "tags": tags},
        )
        return reply

    def delete(self, experiment_id: str) -> Json:
        """Delete an experiment with all its runs, in one write.

        `POST /api/2.0/mlflow/experiments/delete`. Who may call it: `MANAGE` on the experiment.
        """
        reply: Json = self._json("POST", "/api/2.0/mlflow/experiments/delete", body={"experiment_id": experiment_id})
        return reply

    def delete_tag(self, experiment_id: str, key: str) -> Json:
        """Delete a tag of an experiment.

        `POST /api/2.0/mlflow/experiments/delete-experiment-tag`. Who may call it: `EDIT` on the experiment.
        """
        reply: Json = self._json(
            "POST",
            "/api/2.0/mlflow/experiments/delete-experiment-tag",
            body={"experiment_id": experiment_id, "key": key},
        )
        return reply

    def get(self, experiment_id: str) -> replies.GetExperimentReply:
        """Get an experiment, deleted or not.

        `GET /api/2.0/mlflow/experiments/get`. Who may call it: `READ` on the experiment.
        """
        reply: replies.GetExperimentReply = self._json(
            "GET", "/api/2.0/mlflow/experiments/get", query={"experiment_id": experiment_id}
        )
        return reply

    def get_by_name(self, experiment_name: str) -> replies.GetExperimentByNameReply:
        """Get an experiment by its name, deleted or not.

        `GET /api/2.0/mlflow/experiments/get-by-name`. Who may call it: `READ` on the experiment by name.
        """
        reply: replies.GetExperimentByNameReply = self._json(
            "GET", "/api/2.0/mlflow/experiments/get-by-name", query={"experiment_name": experiment_name}
        )
        return reply

    def restore(self, experiment_id: str) -> Json:
        """Restore an experiment with all its runs, in one write.

        `POST /api/2.0/mlflow/experiments/restore`. Who may call it: `MANAGE` on the experiment.
        """
        reply: Json = self._json("POST", "/api/2.0/mlflow/experiments/restore", body={"experiment_id": experiment_id})
        return reply

    def search(
        self,
        *,
        view_type: Literal["ACTIVE_ONLY", "DELETED_ONLY", "ALL"] | None = None,
        max_results: int | None = None,
        order_by: Sequence[str] | None = None,
        filter: str | None = None,
        page_token: str | None = None,
    ) -> replies.SearchExperimentsReply:
        """Search experiments: filter, order_by, view_type, pages.

        `POST /api/2.0/mlflow/experiments/search`. Who may call it: anyone with a valid token; the reply leaves
        out what the caller may not read.
        """
        reply: replies.SearchExperimentsReply = self._json(
            "POST",
            "/api/2.0/mlflow/experiments/search",
            body={
                "view_type": view_type,
                "max_results": max_results,
                "order_by": order_by,
                "filter": filter,
                "page_token": page_token,
            },
        )
        return reply

    def set_tag(self, experiment_id: str, key: str, *, value: str | None = None) -> Json:
        """Set a tag of an experiment.

        `POST /api/2.0/mlflow/experiments/set-experiment-tag`. Who may call it: `EDIT` on the experiment.
        """
        reply: Json = self._json(
            "POST",
            "/api/2.0/mlflow/experiments/set-experiment-tag",
            body={"experiment_id": experiment_id, "key": key, "value": value},
        )
        return reply

    def update(self, experiment_id: str, new_name: str) -> Json:
        """Rename an experiment.

        `POST /api/2.0/mlflow/experiments/update`. Who may call it: `EDIT` on the experiment.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/mlflow/experiments/update", body={"experiment_id": experiment_id, "new_name": new_name}
        )
        return reply
