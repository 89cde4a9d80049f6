"""Things by the names that people type: with near names, if there is none of that name."""

from difflib import get_close_matches
from typing import Any

from cumulog._client.client import Client
from cumulog._command.frame.exits import NotFound
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
        known = [each["name"] for each in client.models.search(max_results=_MOST).get("registered_models", ())]
        near = get_close_matches(name, known, 3, 0.5)
        hint = (
            f" Did you mean {' or '.join(near)}?" if near else " `cumulog models list` shows those that you may read."
        )
        raise NotFound(f"There is no registered model '{name}'.{hint}") from error
