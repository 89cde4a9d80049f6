"""Registered models and their versions, stages, aliases and tags.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cumulog._client.generated import messages
    from cumulog._client.generated.replies import models as replies
    from cumulog._http.wire import Json


class Models(Namespace):
    """Registered models and their versions, stages, aliases and tags."""

    def create(
        self, name: str, *, tags: Sequence[messages.Tag] | None = None, description: str | None = None
    ) -> replies.CreateRegisteredModelReply:
        """Create a registered model. Its name must not pass for another one. Takes an Idempotency-Key.

        `POST /api/2.0/mlflow/registered-models/create`. Who may call it: anyone with a valid token, unless its
        scopes leave out `registered_model:EDIT:*`.
        """
        reply: replies.CreateRegisteredModelReply = self._json(
            "POST",
            "/api/2.0/mlflow/registered-models/create",
            body={"name": name, "tags": tags, "description": description},
        )
        return reply

    def create_version(
        self,
        name: str,
        source: str,
        *,
        run_id: str | None = None,
        tags: Sequence[messages.Tag] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        model_id: str | None = None,
    ) -> replies.CreateModelVersionReply:
        """Create a version from files of a run, a logged model or another version, or from storage that is not
        ours.

        `POST /api/2.0/mlflow/model-versions/create`. Who may call it: `EDIT` on the registered model.
        """
        reply: replies.CreateModelVersionReply = self._json(
            "POST",
            "/api/2.0/mlflow/model-versions/create",
            body={
                "name": name,
                "source": source,
                "run_id": run_id,
                "tags": tags,
                "run_link": run_link,
                "description": description,
                "model_id": model_id,
            },
        )
        return reply

    def delete(self, name: str) -> Json:
        """Delete a registered model with its versions. Its audit chain stays.

        `DELETE /api/2.0/mlflow/registered-models/delete`. Who may call it: `MANAGE` on the registered model.
        """
        reply: Json = self._json("DELETE", "/api/2.0/mlflow/registered-models/delete", body={"name": name})
        return reply

    def delete_alias(self, name: str, alias: str) -> Json:
        """Delete an alias.

        `DELETE /api/2.0/mlflow/registered-models/alias`. Who may call it: `MANAGE` on the registered model.
        """
        reply: Json = self._json(
            "DELETE", "/api/2.0/mlflow/registered-models/alias", body={"name": name, "alias": alias}
        )
        return reply

    def delete_tag(self, name: str, key: str) -> Json:
        """Delete a tag of a registered model.

        `DELETE /api/2.0/mlflow/registered-models/delete-tag`. Who may call it: `EDIT` on the registered model.
        """
        reply: Json = self._json(
            "DELETE", "/api/2.0/mlflow/registered-models/delete-tag", body={"name": name, "key": key}
        )
        return reply

    def delete_version(self, name: str, version: str) -> Json:
        """Delete a version. Its number is never used again.

        `DELETE /api/2.0/mlflow/model-versions/delete`. Who may call it: `MANAGE` on the registered model.
        """
        reply: Json = self._json(
            "DELETE", "/api/2.0/mlflow/model-versions/delete", body={"name": name, "version": version}
        )
        return reply

    def delete_version_tag(self, name: str, version: str, key: str) -> Json:
        """Delete a tag of a version.

        `DELETE /api/2.0/mlflow/model-versions/delete-tag`. Who may call it: `MANAGE` on the registered model.
        """
        reply: Json = self._json(
            "DELETE", "/api/2.0/mlflow/model-versions/delete-tag", body={"name": name, "version": version, "key": key}
        )
        return reply

    def get(self, name: str) -> replies.GetRegisteredModelReply:
        """Get a registered model.

        `GET /api/2.0/mlflow/registered-models/get`. Who may call it: `READ` on the registered model.
        """
        reply: replies.GetRegisteredModelReply = self._json(
            "GET", "/api/2.0/mlflow/registered-models/get", query={"name": name}
        )
        return reply

    def get_latest_versions(self, name: str, *, stages: Sequence[str] | None = None) -> replies.GetLatestVersionsReply:
        """Get the highest version of each stage.

        `POST /api/2.0/mlflow/registered-models/get-latest-versions`. Who may call it: `READ` on the registered
        model.
        """
        reply: replies.GetLatestVersionsReply = self._json(
            "POST", "/api/2.0/mlflow/registered-models/get-latest-versions", body={"name": name, "stages": stages}
        )
        return reply

    def get_version(self, name: str, version: str) -> replies.GetModelVersionReply:
        """Get a version.

        `GET /api/2.0/mlflow/model-versions/get`. Who may call it: `READ` on the registered model.
        """
        reply: replies.GetModelVersionReply = self._json(
            "GET", "/api/2.0/mlflow/model-versions/get", query={"name": name, "version": version}
        )
        return reply

    def get_version_artifact(self, name: str, version: str, path: str) -> str:
        """Download a file of a version, for web pages. If the files are in other storage, the error says where.

        `GET /model-versions/get-artifact`. Who may call it: `READ` on the registered model; `READ` on the
        experiment of a version's files.
        """
        return self._url("GET", "/model-versions/get-artifact", query={"name": name, "version": version, "path": path})

    def get_version_by_alias(self, name: str, alias: str) -> replies.GetModelVersionByAliasReply:
        """Get the version that an alias points to.

        `GET /api/2.0/mlflow/registered-models/alias`. Who may call it: `READ` on the registered model.
        """
        reply: replies.GetModelVersionByAliasReply = self._json(
            "GET", "/api/2.0/mlflow/registered-models/alias", query={"name": name, "alias": alias}
        )
        return reply

    def get_version_download_uri(self, name: str, version: str) -> replies.GetModelVersionDownloadUriReply:
        """Get where the files of a version are.

        `GET /api/2.0/mlflow/model-versions/get-download-uri`. Who may call it: `READ` on the registered model.
        """
        reply: replies.GetModelVersionDownloadUriReply = self._json(
            "GET", "/api/2.0/mlflow/model-versions/get-download-uri", query={"name": name, "version": version}
        )
        return reply

    def rename(self, name: str, new_name: str) -> replies.RenameRegisteredModelReply:
        """Rename a registered model, in one write, however many versions there are.

        `POST /api/2.0/mlflow/registered-models/rename`. Who may call it: `EDIT` on the registered model.
        """
        reply: replies.RenameRegisteredModelReply = self._json(
            "POST", "/api/2.0/mlflow/registered-models/rename", body={"name": name, "new_name": new_name}
        )
        return reply

    def search(
        self,
        *,
        filter: str | None = None,
        max_results: int | None = None,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> replies.SearchRegisteredModelsReply:
        """Search registered models by name and tags, in pages. Prompts appear only if the filter asks for them.

        `GET /api/2.0/mlflow/registered-models/search`. Who may call it: anyone with a valid token; the reply
        leaves out what the caller may not read.
        """
        reply: replies.SearchRegisteredModelsReply = self._json(
            "GET",
            "/api/2.0/mlflow/registered-models/search",
            query={"filter": filter, "max_results": max_results, "order_by": order_by, "page_token": page_token},
        )
        return reply

    def search_versions(
        self,
        *,
        filter: str | None = None,
        max_results: int | None = None,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> replies.SearchModelVersionsReply:
        """Search versions by name, run_id, source_path, version_number and tags, in pages.

        `GET /api/2.0/mlflow/model-versions/search`. Who may call it: anyone with a valid token; the reply
        leaves out what the caller may not read.
        """
        reply: replies.SearchModelVersionsReply = self._json(
            "GET",
            "/api/2.0/mlflow/model-versions/search",
            query={"filter": filter, "max_results": max_results, "order_by": order_by, "page_token": page_token},
        )
        return reply

    def set_alias(self, name: str, alias: str, version: str) -> Json:
        """Point an alias to a version. `latest`, and anything that looks like a version, is reserved.

        `POST /api/2.0/mlflow/registered-models/alias`. Who may call it: `EDIT` on the registered model.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/mlflow/registered-models/alias", body={"name": name, "alias": alias, "version": version}
        )
        return reply

    def set_tag(self, name: str, key: str, *, value: str | None = None) -> Json:
        """Set a tag of a registered model.

        `POST /api/2.0/mlflow/registered-models/set-tag`. Who may call it: `EDIT` on the registered model.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/mlflow/registered-models/set-tag", body={"name": name, "key": key, "value": value}
        )
        return reply

    def set_version_tag(self, name: str, version: str, key: str, *, value: str | None = None) -> Json:
        """Set a tag of a version.

        `POST /api/2.0/mlflow/model-versions/set-tag`. Who may call it: `EDIT` on the registered model.
        """
        reply: Json = self._json(
            "POST",
            "/api/2.0/mlflow/model-versions/set-tag",
            body={"name": name, "version": version, "key": key, "value": value},
        )
        return reply

    def transition(
        self, name: str, version: str, stage: str, *, archive_existing_versions: bool | None = None
    ) -> replies.TransitionModelVersionStageReply:
        """Move a version to a stage; answers with the id of a transition request where the stage asks for
        approval.

        `POST /api/2.0/mlflow/model-versions/transition-stage`. Who may call it: `EDIT` on the registered model;
        `READ` on the experiment of a version's files, if the stage asks for approval.
        """
        reply: replies.TransitionModelVersionStageReply = self._json(
            "POST",
            "/api/2.0/mlflow/model-versions/transition-stage",
            body={
                "name": name,
                "version": version,
                "stage": stage,
                "archive_existing_versions": archive_existing_versions,
            },
        )
        return reply

    def update(self, name: str, *, description: str | None = None) -> replies.UpdateRegisteredModelReply:
        """Set the description of a registered model; without one, clear it.

        `PATCH /api/2.0/mlflow/registered-models/update`. Who may call it: `EDIT` on the registered model.
        """
        reply: replies.UpdateRegisteredModelReply = self._json(
            "PATCH", "/api/2.0/mlflow/registered-models/update", body={"name": name, "description": description}
        )
        return reply

    def update_version(
        self, name: str, version: str, *, description: str | None = None
    ) -> replies.UpdateModelVersionReply:
        """Set the description of a version.

        `PATCH /api/2.0/mlflow/model-versions/update`. Who may call it: `EDIT` on the registered model.
        """
        reply: replies.UpdateModelVersionReply = self._json(
            "PATCH",
            "/api/2.0/mlflow/model-versions/update",
            body={"name": name, "version": version, "description": description},
        )
        return reply
