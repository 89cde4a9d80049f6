"""Every error that a caller can see, with the status and error_code that MLflow's clients expect.

    CumulogError
    ├── InvalidParameterValue     400  INVALID_PARAMETER_VALUE
    │   ├── RunDeleted                                        cumulog_error: RUN_DELETED
    │   └── ExperimentDeleted                                 cumulog_error: EXPERIMENT_DELETED
    ├── BadRequest                400  BAD_REQUEST
    ├── InvalidState              400  INVALID_STATE
    ├── ResourceAlreadyExists     400  RESOURCE_ALREADY_EXISTS
    ├── Unauthenticated           401  UNAUTHENTICATED
    ├── PermissionDenied          403  PERMISSION_DENIED
    ├── ResourceDoesNotExist      404  RESOURCE_DOES_NOT_EXIST
    ├── ResourceConflict          409  RESOURCE_CONFLICT
    ├── EndpointNotFound          404  ENDPOINT_NOT_FOUND
    ├── MethodNotAllowed          405  ENDPOINT_NOT_FOUND
    ├── RequestTooLarge           413  INVALID_PARAMETER_VALUE
    └── RetryLater                     (the client should try again; carries Retry-After)
        ├── RequestLimitExceeded  429  REQUEST_LIMIT_EXCEEDED
        └── TemporarilyUnavailable 503 TEMPORARILY_UNAVAILABLE

`cumulog_error` is a further field of the reply, for clients that have to tell apart what has one error_code in MLflow's
protocol. MLflow's client passes it over.

Only `http.py` turns them into replies. MLflow answers INVALID_STATE with a 500, which its own client then retries for
four minutes; ours is a 400 with the same error_code.
"""

from collections.abc import Iterable
from typing import ClassVar


class CumulogError(Exception):
    """Base of the tree; never raised itself."""

    status: ClassVar[int]
    error_code: ClassVar[str]
    cumulog_error: ClassVar[str | None] = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidParameterValue(CumulogError):
    status = 400
    error_code = "INVALID_PARAMETER_VALUE"


class _Deleted(InvalidParameterValue):
    """The message is MLflow's. Sent again, the request is refused again until somebody restores the thing."""

    noun: ClassVar[str]

    def __init__(self, thing_id: str) -> None:
        super().__init__(f"The {self.noun} {thing_id} must be in the 'active' state. Current state is deleted.")


class RunDeleted(_Deleted):
    noun = "run"
    cumulog_error = "RUN_DELETED"


class ExperimentDeleted(_Deleted):
    noun = "experiment"
    cumulog_error = "EXPERIMENT_DELETED"


class BadRequest(CumulogError):
    status = 400
    error_code = "BAD_REQUEST"


class InvalidState(CumulogError):
    status = 400
    error_code = "INVALID_STATE"


class ResourceAlreadyExists(CumulogError):
    status = 400
    error_code = "RESOURCE_ALREADY_EXISTS"


class Unauthenticated(CumulogError):
    """The message is the same for every fault of a token, so guessing reveals nothing."""

    status = 401
    error_code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__(
            "No valid token was sent. Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME=token and the token as "
            "MLFLOW_TRACKING_PASSWORD."
        )


class PermissionDenied(CumulogError):
    status = 403
    error_code = "PERMISSION_DENIED"


class ResourceDoesNotExist(CumulogError):
    status = 404
    error_code = "RESOURCE_DOES_NOT_EXIST"


class ResourceConflict(CumulogError):
    """Somebody else was faster: what the request is on top of has changed. Sent again, it is refused again."""

    status = 409
    error_code = "RESOURCE_CONFLICT"


class EndpointNotFound(CumulogError):
    status = 404
    error_code = "ENDPOINT_NOT_FOUND"


class MethodNotAllowed(CumulogError):
    status = 405
    error_code = "ENDPOINT_NOT_FOUND"

    def __init__(self, path: str, method: str, allowed: Iterable[str]) -> None:
        super().__init__(f"{path} does not answer to {method}.")
        self.allowed = ", ".join(sorted(allowed))


class RequestTooLarge(CumulogError):
    status = 413
    error_code = "INVALID_PARAMETER_VALUE"


class RetryLater(CumulogError):
    """The request is valid: sent again after `retry_after` seconds, it may succeed."""

    retry_after: ClassVar[int] = 1


class RequestLimitExceeded(RetryLater):
    status = 429
    error_code = "REQUEST_LIMIT_EXCEEDED"


class TemporarilyUnavailable(RetryLater):
    status = 503
    error_code = "TEMPORARILY_UNAVAILABLE"
