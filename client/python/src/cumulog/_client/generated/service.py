"""The server itself.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from cumulog._http.calls import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._http.wire import Json


class Service(Namespace):
    """The server itself."""

    def health(self) -> str:
        """Answer OK.

        `GET /health`. Who may call it: anyone, even without a token.
        """
        return self._text("GET", "/health")

    def openapi(self) -> Json:
        """Get this document.

        `GET /api/2.0/cumulog/openapi.json`. Who may call it: anyone with a valid token.
        """
        reply: Json = self._json("GET", "/api/2.0/cumulog/openapi.json")
        return reply

    def server_info(self) -> Json:
        """Get the features that the client may use.

        `GET /api/3.0/mlflow/server-info`. Who may call it: anyone with a valid token.
        """
        reply: Json = self._json("GET", "/api/3.0/mlflow/server-info")
        return reply

    def version(self) -> str:
        """Get the version of MLflow whose protocol this is.

        `GET /version`. Who may call it: anyone, even without a token.
        """
        return self._text("GET", "/version")
