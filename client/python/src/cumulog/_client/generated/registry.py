"""What a registered model's history tells, and the approvals of stage changes.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from cumulog._client.generated.replies import registry as replies
    from cumulog._http.wire import Json


class Registry(Namespace):
    """What a registered model's history tells, and the approvals of stage changes."""

    def approve_request(self, request_id: str, *, comment: str | None = None) -> replies.ApproveTransitionRequestReply:
        """Approve a request. With the last approval needed, the transition follows by itself.

        `POST /api/2.0/cumulog/registry/requests/approve`. Who may call it: `READ` on the transition request.
        """
        reply: replies.ApproveTransitionRequestReply = self._json(
            "POST", "/api/2.0/cumulog/registry/requests/approve", body={"request_id": request_id, "comment": comment}
        )
        return reply

    def cancel_request(self, request_id: str, *, comment: str | None = None) -> replies.CancelTransitionRequestReply:
        """Cancel a request that the caller has opened.

        `POST /api/2.0/cumulog/registry/requests/cancel`. Who may call it: `READ` on the transition request.
        """
        reply: replies.CancelTransitionRequestReply = self._json(
            "POST", "/api/2.0/cumulog/registry/requests/cancel", body={"request_id": request_id, "comment": comment}
        )
        return reply

    def create_request(
        self,
        name: str,
        version: str,
        stage: str,
        *,
        archive_existing_versions: bool | None = None,
        comment: str | None = None,
    ) -> replies.CreateTransitionRequestReply:
        """Ask for a version's transition; answers the open request for that version and stage if there is one.

        `POST /api/2.0/cumulog/registry/requests/create`. Who may call it: `EDIT` on the registered model;
        `READ` on the experiment of a version's files, if the stage asks for approval.
        """
        reply: replies.CreateTransitionRequestReply = self._json(
            "POST",
            "/api/2.0/cumulog/registry/requests/create",
            body={
                "name": name,
                "version": version,
                "stage": stage,
                "archive_existing_versions": archive_existing_versions,
                "comment": comment,
            },
        )
        return reply

    def get_audit(
        self,
        *,
        name: str | None = None,
        model_id: str | None = None,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> Json:
        """List the links of a registered model's audit chain, newest last, in pages.

        `GET /api/2.0/cumulog/registry/audit`. Who may call it: `READ` on the registered model, deleted or not.
        """
        reply: Json = self._json(
            "GET",
            "/api/2.0/cumulog/registry/audit",
            query={"name": name, "model_id": model_id, "max_results": max_results, "page_token": page_token},
        )
        return reply

    def get_lineage(self, name: str, version: str) -> Json:
        """Get where a version comes from: its maker, requests, logged model and run, and which of these are
        missing.

        `GET /api/2.0/cumulog/registry/lineage`. Who may call it: `READ` on the registered model.
        """
        reply: Json = self._json("GET", "/api/2.0/cumulog/registry/lineage", query={"name": name, "version": version})
        return reply

    def get_policies(self, name: str) -> replies.GetPoliciesReply:
        """The policy of each stage of a registered model.

        `GET /api/2.0/cumulog/registry/policies/get`. Who may call it: `READ` on the registered model.
        """
        reply: replies.GetPoliciesReply = self._json(
            "GET", "/api/2.0/cumulog/registry/policies/get", query={"name": name}
        )
        return reply

    def get_request(self, request_id: str) -> replies.GetTransitionRequestReply:
        """Get a transition request, open or ended.

        `GET /api/2.0/cumulog/registry/requests/get`. Who may call it: `READ` on the transition request.
        """
        reply: replies.GetTransitionRequestReply = self._json(
            "GET", "/api/2.0/cumulog/registry/requests/get", query={"request_id": request_id}
        )
        return reply

    def get_state(self, at: str, *, name: str | None = None, model_id: str | None = None) -> Json:
        """Get a registered model as it was at a time: names, versions, and which version held each stage and
        alias.

        `GET /api/2.0/cumulog/registry/state`. Who may call it: `READ` on the registered model, deleted or not.
        """
        reply: Json = self._json(
            "GET", "/api/2.0/cumulog/registry/state", query={"name": name, "model_id": model_id, "at": at}
        )
        return reply

    def list_requests(
        self, *, name: str | None = None, max_results: int | None = None, page_token: str | None = None
    ) -> replies.ListTransitionRequestsReply:
        """List the open requests of one registered model, or of all, in pages.

        `GET /api/2.0/cumulog/registry/requests/list`. Who may call it: anyone with a valid token; the reply
        leaves out what the caller may not read; `READ` on the registered model, if one is named.
        """
        reply: replies.ListTransitionRequestsReply = self._json(
            "GET",
            "/api/2.0/cumulog/registry/requests/list",
            query={"name": name, "max_results": max_results, "page_token": page_token},
        )
        return reply

    def reject_request(self, request_id: str, *, comment: str | None = None) -> replies.RejectTransitionRequestReply:
        """Reject a request, which ends it: one rejection is enough.

        `POST /api/2.0/cumulog/registry/requests/reject`. Who may call it: `READ` on the transition request.
        """
        reply: replies.RejectTransitionRequestReply = self._json(
            "POST", "/api/2.0/cumulog/registry/requests/reject", body={"request_id": request_id, "comment": comment}
        )
        return reply

    def set_policy(
        self,
        name: str,
        stage: str,
        policy: Literal["none", "approval"],
        *,
        needed: int | None = None,
        approvers: Sequence[str] | None = None,
        requester_may_approve: bool | None = None,
        expires_in_seconds: int | None = None,
        reproduced: Literal["none", "anybody", "somebody_else"] | None = None,
    ) -> replies.SetPolicyReply:
        """Set whether a stage asks for approval, by whom, by how many, for how long, and for a reproduction of the
        run.

        `POST /api/2.0/cumulog/registry/policies/set`. Who may call it: `MANAGE` on the registered model.
        """
        reply: replies.SetPolicyReply = self._json(
            "POST",
            "/api/2.0/cumulog/registry/policies/set",
            body={
                "name": name,
                "stage": stage,
                "policy": policy,
                "needed": needed,
                "approvers": approvers,
                "requester_may_approve": requester_may_approve,
                "expires_in_seconds": expires_in_seconds,
                "reproduced": reproduced,
            },
        )
        return reply

    def verify_audit(
        self,
        *,
        name: str | None = None,
        model_id: str | None = None,
        sequence: int | None = None,
        digest: str | None = None,
        page_token: str | None = None,
    ) -> Json:
        """Verify a registered model's audit chain, from 20,000 links on in portions, and compare it with what is
        stored.

        `GET /api/2.0/cumulog/registry/verify`. Who may call it: `READ` on the registered model, deleted or not.
        """
        reply: Json = self._json(
            "GET",
            "/api/2.0/cumulog/registry/verify",
            query={
                "name": name,
                "model_id": model_id,
                "sequence": sequence,
                "digest": digest,
                "page_token": page_token,
            },
        )
        return reply
