"""Models as versions of registered models."""

from collections.abc import Mapping
from typing import Any

from cumulog._fluent.asking import client
from cumulog._fluent.process import process
from cumulog._http.errors import ApiError
from cumulog._models import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._client.client import Client
    from cumulog._client.generated.replies.models import ModelVersion


def register_model(
    model_uri: str,
    name: str,
    await_registration_for: int | None = None,  # noqa: ARG001 - of MLflow's: here a version is there at once
    *,
    tags: Mapping[str, Any] | None = None,
) -> "ModelVersion":
    """Make a model a new version of a registered model, which is created if it is missing; returns the version.

    It asks the server after it has what this process logged. Raises ApiError, and CumulogError for a URI that names no
    model.
    """
    process.flush()
    pairs = [{"key": str(key), "value": str(value)} for key, value in (tags or {}).items()]
    return registered(client(process.server_now()), model_uri, name, tags=pairs)


def registered(asked: "Client", model_uri: str, name: str, **fields: Any) -> "ModelVersion":
    """A new version of a registered model, which is created if it is missing. Raises as `register_model` does."""
    source: dict[str, Any] = dict(places.source(model_uri, asked))
    try:
        asked.models.create(name)
    except ApiError as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    return asked.models.create_version(name, **source, **fields)["model_version"]
