"""What a failed call means for the lines that it was to deliver."""

from cumulog._http.errors import ApiError, NotCumulog
from cumulog._http.wire import TRANSIENT


class Later(Exception):
    """The server cannot take anything now; try again after `wait` seconds, or sooner than later if that is 0."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


class Held(Exception):
    """This journal cannot be delivered until somebody does something; the message says what."""


class NotYet(Held):
    """The run is unknown. Another journal, of the process that creates it, may still have to be delivered."""


class Gone(Exception):
    """The run was deleted."""


def check(error: ApiError) -> None:
    """Raises Later, Held, NotYet or Gone; returns if the server refuses just these lines."""
    # Gateways have further codes of their own above 500.
    if error.status in (0, 425) or error.status in TRANSIENT or error.status >= 500:
        status = f"it answers {error.status}: " if error.status else ""
        raise Later(f"{status}{error.message}", error.retry_after) from error
    if error.cumulog_error in ("RUN_DELETED", "EXPERIMENT_DELETED"):
        raise Gone(error.message) from error
    if error.status in (401, 403):
        raise Held(
            f"The server refuses the credentials: {sentence(error.message)} Then send the lines by `cumulog sync`."
        ) from error
    if 300 <= error.status < 400:
        raise Held(error.message) from error
    if isinstance(error, NotCumulog):
        raise Held(f"{sentence(error.message)} Set MLFLOW_TRACKING_URI to the URL of a Cumulog server.") from error
    if error.status == 404:
        raise NotYet(
            f"The server does not know the run: {sentence(error.message)} Its lines stay in the journal until it does. "
            "Is the id right, and the server?"
        ) from error


def sentence(message: str) -> str:
    """A server's message with a full stop, for a further sentence to follow."""
    message = message.rstrip()
    return message if message.endswith((".", "!", "?")) else f"{message}."
