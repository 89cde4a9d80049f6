"""What came from what: data, runs, logged models, versions.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from cumulog._client.generated.replies import lineage as replies


class Lineage(Namespace):
    """What came from what: data, runs, logged models, versions."""

    def get_graph(
        self,
        kind: Literal["dataset", "run", "logged_model", "model_version"],
        id: str,
        *,
        direction: Literal["up", "down", "both"] | None = None,
        depth: int | None = None,
    ) -> replies.GetLineageGraphReply:
        """Get what a dataset, run, logged model or version came from, and what came from it; `hidden` counts the
        rest.

        `GET /api/2.0/cumulog/lineage`. Who may call it: `READ` on the start, unless it is a dataset.
        """
        reply: replies.GetLineageGraphReply = self._json(
            "GET", "/api/2.0/cumulog/lineage", query={"kind": kind, "id": id, "direction": direction, "depth": depth}
        )
        return reply
