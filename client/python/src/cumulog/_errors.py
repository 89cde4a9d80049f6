"""Everything that this package raises for a reason of its own.

CumulogError
├── ApiError            the server refused a request, or could not be reached
│   └── NotCumulog      what answers there is another server
├── TransferFailed      S3 refused, or the network failed, and no further try would help
├── ContentMismatch     a file changed while it was sent, or what arrived is not what was stored
└── UnsafePath          a name that would lead out of the folder it belongs to
"""


class CumulogError(Exception):
    """Base of the tree; never raised itself."""


class ApiError(CumulogError):
    """The status is 0 when no answer came; the error_code is MLflow's."""

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
