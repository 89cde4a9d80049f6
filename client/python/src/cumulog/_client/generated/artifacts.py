"""Files: presigned URLs, uploads in parts, lists. To move files, use `cumulog.upload` and `download`.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace, in_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cumulog._client.generated import messages
    from cumulog._client.generated.replies import artifacts as replies
    from cumulog._http.wire import Json


class Artifacts(Namespace):
    """Files: presigned URLs, uploads in parts, lists. To move files, use `cumulog.upload` and `download`."""

    def abort_mlflow_upload(self, artifact: str, path: str, upload_id: str) -> Json:
        """Abort an upload in parts by MLflow's protocol.

        `POST /api/2.0/mlflow-artifacts/mpu/abort/{proxy}`. Who may call it: `EDIT` on the experiment of a
        proxied path.
        """
        reply: Json = self._json(
            "POST",
            f"/api/2.0/mlflow-artifacts/mpu/abort/{in_path(artifact, greedy=True)}",
            body={"path": path, "upload_id": upload_id},
        )
        return reply

    def abort_upload(self, path: str, upload_id: str) -> Json:
        """Abort an upload in parts; S3 drops what has arrived.

        `POST /api/2.0/cumulog/artifacts/multipart/abort`. Who may call it: `EDIT` on the experiment of a path.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/cumulog/artifacts/multipart/abort", body={"path": path, "upload_id": upload_id}
        )
        return reply

    def complete_mlflow_upload(
        self, artifact: str, path: str, upload_id: str, parts: Sequence[messages.MlflowPart]
    ) -> Json:
        """Complete an upload in parts by MLflow's protocol.

        `POST /api/2.0/mlflow-artifacts/mpu/complete/{proxy}`. Who may call it: `EDIT` on the experiment of a
        proxied path.
        """
        reply: Json = self._json(
            "POST",
            f"/api/2.0/mlflow-artifacts/mpu/complete/{in_path(artifact, greedy=True)}",
            body={"path": path, "upload_id": upload_id, "parts": parts},
        )
        return reply

    def complete_upload(self, path: str, upload_id: str, parts: Sequence[messages.DonePart]) -> Json:
        """Complete an upload in parts. Takes all of its parts.

        `POST /api/2.0/cumulog/artifacts/multipart/complete`. Who may call it: `EDIT` on the experiment of a
        path.
        """
        reply: Json = self._json(
            "POST",
            "/api/2.0/cumulog/artifacts/multipart/complete",
            body={"path": path, "upload_id": upload_id, "parts": parts},
        )
        return reply

    def create_download_url(
        self, run_id: str, path: str, *, expiration: int | None = None
    ) -> replies.CreateDownloadUrlReply:
        """A presigned URL to download a file; only where the artifact location is `s3://` and our bucket.

        `POST /api/2.0/mlflow/artifacts/presigned-download-url`. Who may call it: `READ` on the run.
        """
        reply: replies.CreateDownloadUrlReply = self._json(
            "POST",
            "/api/2.0/mlflow/artifacts/presigned-download-url",
            body={"run_id": run_id, "path": path, "expiration": expiration},
        )
        return reply

    def create_downloads(self, paths: Sequence[str]) -> replies.CreateDownloadsReply:
        """Presigned URLs to download files, up to 100, with size and SHA-256.

        `POST /api/2.0/cumulog/artifacts/downloads`. Who may call it: `READ` on the experiments of paths.
        """
        reply: replies.CreateDownloadsReply = self._json(
            "POST", "/api/2.0/cumulog/artifacts/downloads", body={"paths": paths}
        )
        return reply

    def create_mlflow_upload(
        self, artifact: str, path: str, *, num_parts: int | None = None
    ) -> replies.CreateMlflowUploadReply:
        """Begin an upload in parts by MLflow's protocol, up to 2,000 parts.

        `POST /api/2.0/mlflow-artifacts/mpu/create/{proxy}`. Who may call it: `EDIT` on the experiment of a
        proxied path.
        """
        reply: replies.CreateMlflowUploadReply = self._json(
            "POST",
            f"/api/2.0/mlflow-artifacts/mpu/create/{in_path(artifact, greedy=True)}",
            body={"path": path, "num_parts": num_parts},
        )
        return reply

    def create_upload(self, path: str, size: int) -> replies.CreateUploadReply:
        """Begin an upload in parts; answers its id and the size of a part.

        `POST /api/2.0/cumulog/artifacts/multipart/create`. Who may call it: `EDIT` on the experiment of a path.
        """
        reply: replies.CreateUploadReply = self._json(
            "POST", "/api/2.0/cumulog/artifacts/multipart/create", body={"path": path, "size": size}
        )
        return reply

    def create_upload_url(
        self, path: str, *, run_id: str | None = None, model_id: str | None = None, expiration: int | None = None
    ) -> replies.CreateUploadUrlReply:
        """A presigned URL to upload a file; only where the artifact location is `s3://` and our bucket.

        `POST /api/2.0/mlflow/artifacts/presigned-upload-url`. Who may call it: `EDIT` on the run or logged
        model.
        """
        reply: replies.CreateUploadUrlReply = self._json(
            "POST",
            "/api/2.0/mlflow/artifacts/presigned-upload-url",
            body={"run_id": run_id, "model_id": model_id, "path": path, "expiration": expiration},
        )
        return reply

    def create_uploads(self, files: Sequence[messages.NewFile]) -> replies.CreateUploadsReply:
        """Presigned URLs to upload files, up to 100. Each takes exactly the bytes whose length and SHA-256 it
        signs.

        `POST /api/2.0/cumulog/artifacts/uploads`. Who may call it: `EDIT` on the experiments of files.
        """
        reply: replies.CreateUploadsReply = self._json(
            "POST", "/api/2.0/cumulog/artifacts/uploads", body={"files": files}
        )
        return reply

    def delete_artifact(self, artifact: str) -> Json:
        """Delete a file, or a folder with everything below it.

        `DELETE /api/2.0/mlflow-artifacts/artifacts/{proxy}`. Who may call it: `MANAGE` on the experiment of a
        proxied path.
        """
        reply: Json = self._json("DELETE", f"/api/2.0/mlflow-artifacts/artifacts/{in_path(artifact, greedy=True)}")
        return reply

    def delete_path(self, path: str) -> Json:
        """Delete a file, or a folder with everything below it.

        `POST /api/2.0/cumulog/artifacts/delete`. Who may call it: `MANAGE` on the experiment of a path.
        """
        reply: Json = self._json("POST", "/api/2.0/cumulog/artifacts/delete", body={"path": path})
        return reply

    def download_artifact(self, artifact: str) -> str:
        """Download a file by a redirect to a presigned URL.

        `GET /api/2.0/mlflow-artifacts/artifacts/{proxy}`. Who may call it: `READ` on the experiment of a
        proxied path.
        """
        return self._url("GET", f"/api/2.0/mlflow-artifacts/artifacts/{in_path(artifact, greedy=True)}")

    def get_artifact(self, run_id: str, path: str) -> str:
        """Download a file of a run, for web pages.

        `GET /get-artifact`. Who may call it: `READ` on the run.
        """
        return self._url("GET", "/get-artifact", query={"run_id": run_id, "path": path})

    def list_artifacts(
        self, run_id: str, *, path: str | None = None, page_token: str | None = None
    ) -> replies.ListArtifactsReply:
        """List one level of a run's artifacts, in pages.

        `GET /api/2.0/mlflow/artifacts/list`. Who may call it: `READ` on the run.
        """
        reply: replies.ListArtifactsReply = self._json(
            "GET", "/api/2.0/mlflow/artifacts/list", query={"run_id": run_id, "path": path, "page_token": page_token}
        )
        return reply

    def list_folder(
        self, path: str, *, page_token: str | None = None, max_results: int | None = None, recursive: bool | None = None
    ) -> replies.ListFolderReply:
        """List a folder, with paths relative to it; `recursive` goes down all levels.

        `GET /api/2.0/cumulog/artifacts/list`. Who may call it: `READ` on the experiment of a path.
        """
        reply: replies.ListFolderReply = self._json(
            "GET",
            "/api/2.0/cumulog/artifacts/list",
            query={"path": path, "page_token": page_token, "max_results": max_results, "recursive": recursive},
        )
        return reply

    def list_parts(self, path: str, upload_id: str, *, page_token: str | None = None) -> replies.ListPartsReply:
        """The parts that have arrived, to resume an upload.

        `GET /api/2.0/cumulog/artifacts/multipart/parts`. Who may call it: `EDIT` on the experiment of a path.
        """
        reply: replies.ListPartsReply = self._json(
            "GET",
            "/api/2.0/cumulog/artifacts/multipart/parts",
            query={"path": path, "upload_id": upload_id, "page_token": page_token},
        )
        return reply

    def list_proxied(self, *, path: str | None = None) -> replies.ListProxiedReply:
        """List one level of a folder, up to 10,000 entries.

        `GET /api/2.0/mlflow-artifacts/artifacts`. Who may call it: `READ` on the experiment of a path.
        """
        reply: replies.ListProxiedReply = self._json("GET", "/api/2.0/mlflow-artifacts/artifacts", query={"path": path})
        return reply

    def presigned_download(self, artifact: str) -> replies.PresignedDownloadReply:
        """A presigned URL to download a file, as MLflow's client asks for it.

        `GET /api/2.0/mlflow-artifacts/presigned/{proxy}`. Who may call it: `READ` on the experiment of a
        proxied path.
        """
        reply: replies.PresignedDownloadReply = self._json(
            "GET", f"/api/2.0/mlflow-artifacts/presigned/{in_path(artifact, greedy=True)}"
        )
        return reply

    def sign_parts(self, path: str, upload_id: str, parts: Sequence[messages.NewPart]) -> replies.SignPartsReply:
        """Presigned URLs for parts of an upload, up to 100.

        `POST /api/2.0/cumulog/artifacts/multipart/sign`. Who may call it: `EDIT` on the experiment of a path.
        """
        reply: replies.SignPartsReply = self._json(
            "POST",
            "/api/2.0/cumulog/artifacts/multipart/sign",
            body={"path": path, "upload_id": upload_id, "parts": parts},
        )
        return reply

    def upload_artifact(self, artifact: str, content: bytes) -> Json:
        """Upload a file of up to 4.5 MB through the server; the error for a larger one says what to set.

        `PUT /api/2.0/mlflow-artifacts/artifacts/{proxy}`. Who may call it: `EDIT` on the experiment of a
        proxied path.
        """
        reply: Json = self._json(
            "PUT", f"/api/2.0/mlflow-artifacts/artifacts/{in_path(artifact, greedy=True)}", content=content
        )
        return reply

    def upload_from_page(self, run_id: str, path: str, content: bytes) -> Json:
        """Upload a file of a run, for web pages.

        `POST /ajax-api/2.0/mlflow/upload-artifact`. Who may call it: `EDIT` on the run.
        """
        reply: Json = self._json(
            "POST", "/ajax-api/2.0/mlflow/upload-artifact", query={"run_id": run_id, "path": path}, content=content
        )
        return reply
