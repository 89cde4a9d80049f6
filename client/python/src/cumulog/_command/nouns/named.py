"""Registered models by the names that people type."""

from typing import Any

from cumulog._client.client import Client
from cumulog._command.frame.finding import missing
from cumulog._http.errors import ApiError

# Names to look for near ones among.
_MOST = 100


def model_named(client: Client, name: str) -> Any:
    """A registered model. Raises NotFound, with names like it, and ApiError."""
    try:
        return client.models.get(name)["registered_model"]
    except ApiError as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        known = client.models.search(max_results=_MOST).get("registered_models", ())
        raise missing("registered model", name, (each["name"] for each in known)) from error
