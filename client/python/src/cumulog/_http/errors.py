"""The errors of this package.

CumulogError
├── ApiError            the server refused a request, or could not be reached
│   └── NotCumulog      another kind of server answers at this URL
├── TransferFailed      S3 refused, or the network failed, and no retry would help
├── ContentMismatch     a file changed while it was sent, or the received content differs from the stored one
└── UnsafePath          a name that would lead out of its folder
"""


def worded(error: Exception) -> str:
    """An error in words, without its number in the operating system."""
    return str(getattr(error, "strerror", None) or error) or type(error).__name__


class CumulogError(Exception):
    """Base of all errors of this package."""


class ApiError(CumulogError):
    """`status` is 0 if no answer came; `error_code` is MLflow's, `cumulog_error` an addition such as RUN_DELETED.

    `retry_after` is in seconds; 0 if the server names no time.
    """

    cumulog_error = ""
    retry_after = 0.0

    def __init__(self, status: int, error_code: str, message: str) -> None:
        super().__init__(f"{error_code}: {message}")
        self.status = status
        self.error_code = error_code
        self.message = message


class NotCumulog(ApiError):
    pass


class TransferFailed(CumulogError):
    pass


class ContentMismatch(CumulogError):
    pass


class UnsafePath(CumulogError):
    pass
