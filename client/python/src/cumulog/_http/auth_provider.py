"""What `cumulog login` has kept, for MLflow's own client: `MLFLOW_TRACKING_AUTH=cumulog` asks for it.

An entry point of MLflow, which uses it for whatever server it talks to; so the URL of each request decides.
MLflow's own variables win, and ~/.netrc no longer counts. Nothing of MLflow is imported: MLflow loads this while it is
half imported itself.
"""

from collections.abc import Callable
from typing import Any

from cumulog._http import stored


class KeptToken:
    """What MLflow calls a RequestAuthProvider."""

    def get_name(self) -> str:
        """The value of MLFLOW_TRACKING_AUTH."""
        return "cumulog"

    def get_auth(self) -> Callable[[Any], Any]:
        """What the library requests calls with each request."""
        return _with_token


def _with_token(request: Any) -> Any:
    if "Authorization" not in request.headers:
        request.headers.update(stored.of_request(request.url))
    return request
