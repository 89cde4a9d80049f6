"""Saved views of experiments.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._client.generated.replies import views as replies
    from cumulog._http.wire import Json


class Views(Namespace):
    """Saved views of experiments."""

    def delete(self, experiment_id: str, view_id: str) -> Json:
        """Delete a saved view, whatever its version.

        `POST /api/2.0/cumulog/views/delete`. Who may call it: `EDIT` on the experiment.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/cumulog/views/delete", body={"experiment_id": experiment_id, "view_id": view_id}
        )
        return reply

    def get(self, experiment_id: str, view_id: str) -> replies.GetViewReply:
        """Get a saved view with its state.

        `GET /api/2.0/cumulog/views/get`. Who may call it: `READ` on the experiment.
        """
        reply: replies.GetViewReply = self._json(
            "GET", "/api/2.0/cumulog/views/get", query={"experiment_id": experiment_id, "view_id": view_id}
        )
        return reply

    def list(self, experiment_id: str) -> replies.ListViewsReply:
        """List the saved views of an experiment, deleted or not, without their states.

        `GET /api/2.0/cumulog/views/list`. Who may call it: `READ` on the experiment.
        """
        reply: replies.ListViewsReply = self._json(
            "GET", "/api/2.0/cumulog/views/list", query={"experiment_id": experiment_id}
        )
        return reply

    def save(
        self,
        experiment_id: str,
        name: str,
        state: str,
        *,
        format: int | None = None,
        view_id: str | None = None,
        version: int | None = None,
    ) -> replies.SaveViewReply:
        """Save a new view; or with `view_id` and `version` a new version of one, refused if it has a newer one by
        now.

        `POST /api/2.0/cumulog/views/save`. Who may call it: `EDIT` on the experiment.
        """
        reply: replies.SaveViewReply = self._json(
            "POST",
            "/api/2.0/cumulog/views/save",
            body={
                "experiment_id": experiment_id,
                "name": name,
                "state": state,
                "format": format,
                "view_id": view_id,
                "version": version,
            },
        )
        return reply
