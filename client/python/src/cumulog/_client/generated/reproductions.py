"""What came out when runs were run again from their records.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from cumulog._client.generated import messages
    from cumulog._client.generated.replies import reproductions as replies


class Reproductions(Namespace):
    """What came out when runs were run again from their records."""

    def create(
        self,
        run_id: str,
        reproduced_run_id: str,
        verdict: Literal["equal", "within_tolerance", "different", "failed"],
        *,
        tolerance: float | None = None,
        differences: messages.Differences | None = None,
        report: str | None = None,
    ) -> replies.CreateReproductionReply:
        """Record how a run came out that reproduces another one; of the same two runs, the first record stays.

        `POST /api/2.0/cumulog/reproductions/create`. Who may call it: `EDIT` on the new run; `READ` on the run.
        """
        reply: replies.CreateReproductionReply = self._json(
            "POST",
            "/api/2.0/cumulog/reproductions/create",
            body={
                "run_id": run_id,
                "reproduced_run_id": reproduced_run_id,
                "verdict": verdict,
                "tolerance": tolerance,
                "differences": differences,
                "report": report,
            },
        )
        return reply

    def search(
        self, run_id: str, *, max_results: int | None = None, page_token: str | None = None
    ) -> replies.SearchReproductionsReply:
        """List a run's reproductions, and what it reproduces itself, in pages; `hidden` counts what you may not
        read.

        `GET /api/2.0/cumulog/reproductions/search`. Who may call it: `READ` on the run.
        """
        reply: replies.SearchReproductionsReply = self._json(
            "GET",
            "/api/2.0/cumulog/reproductions/search",
            query={"run_id": run_id, "max_results": max_results, "page_token": page_token},
        )
        return reply
