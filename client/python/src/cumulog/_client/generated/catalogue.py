"""The models that lie in the bucket, whatever tool put them there.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from cumulog._client.generated.replies import catalogue as replies


class Catalogue(Namespace):
    """The models that lie in the bucket, whatever tool put them there."""

    def get_entry(self, path: str) -> replies.GetCatalogueEntryReply:
        """Get the model in a folder of the bucket: flavors, signature, and files with size, SHA-256 and pickle
        hint.

        `GET /api/2.0/cumulog/catalogue/entry`. Who may call it: `READ` on the experiment of a catalogue entry.
        """
        reply: replies.GetCatalogueEntryReply = self._json(
            "GET", "/api/2.0/cumulog/catalogue/entry", query={"path": path}
        )
        return reply

    def search(
        self,
        *,
        flavor: str | None = None,
        flavor_version: str | None = None,
        experiment_id: str | None = None,
        run_id: str | None = None,
        status: Literal["READY", "FAILED"] | None = None,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> replies.SearchCatalogueReply:
        """List the models in the bucket, newest first, in pages.

        `GET /api/2.0/cumulog/catalogue`. Who may call it: anyone with a valid token; the reply leaves out what
        the caller may not read.
        """
        reply: replies.SearchCatalogueReply = self._json(
            "GET",
            "/api/2.0/cumulog/catalogue",
            query={
                "flavor": flavor,
                "flavor_version": flavor_version,
                "experiment_id": experiment_id,
                "run_id": run_id,
                "status": status,
                "max_results": max_results,
                "page_token": page_token,
            },
        )
        return reply
