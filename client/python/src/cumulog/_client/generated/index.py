"""The search index.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._http.wire import Json


class Index(Namespace):
    """The search index."""

    def rebuild(self, experiment_id: str, *, page_token: str | None = None) -> Json:
        """Compare an experiment's search index with its runs and repair it, in portions: repeat with
        next_page_token.

        `POST /api/2.0/cumulog/index/rebuild`. Who may call it: `MANAGE` on the experiment.
        """
        reply: Json = self._json(
            "POST", "/api/2.0/cumulog/index/rebuild", body={"experiment_id": experiment_id, "page_token": page_token}
        )
        return reply
