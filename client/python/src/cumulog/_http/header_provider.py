"""The key that makes one effect of a request that MLflow's own client sends again: a header provider of MLflow.

MLflow asks its providers once for each request (`mlflow.utils.rest_utils.http_request`); urllib3 then sends the request
again with the headers that it has. So a repetition has the key of the first attempt, and every other request one of its
own. MLflow does not say what the request is, so each has a key; the server passes over those that it has no use for.

This is not in `_mlflow`: MLflow loads it while MLflow itself is half imported.
"""

from uuid import uuid4


class IdempotencyKey:
    """What MLflow calls a RequestHeaderProvider; nothing of MLflow has to be imported for it."""

    def in_context(self) -> bool:
        """Always: another server than Cumulog passes over the header."""
        return True

    def request_headers(self) -> dict[str, str]:
        """A new key."""
        return {"Idempotency-Key": uuid4().hex}
