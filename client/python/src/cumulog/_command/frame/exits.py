"""The exit codes of the command, and which of them an error is."""

from http import HTTPStatus

from cumulog._command.shown.text import printable
from cumulog._http.errors import ApiError, CumulogError, NotCumulog, worded

OK = 0
FAILED = 1
USAGE = 2
NOT_FOUND = 3
DENIED = 4
UNREACHABLE = 5
INTERRUPTED = 130

# For the document of the command.
MEANINGS = {
    OK: "done",
    FAILED: "failed, or the answer is no",
    USAGE: "the command line is wrong, or what it names is not the only one of that name",
    NOT_FOUND: "what it names is not there, or you may not read it",
    DENIED: "not signed in, or not permitted",
    UNREACHABLE: "no Cumulog can be reached at the server's address",
    INTERRUPTED: "ended by Ctrl-C",
}

_CODES = {401: DENIED, 403: DENIED, 404: NOT_FOUND, 502: UNREACHABLE, 503: UNREACHABLE, 504: UNREACHABLE}
_SIGN_IN = "`cumulog login` keeps a token for a server. "
_REMEDIES = {
    DENIED: "`cumulog doctor` says who you are to the server, and by which token.",
    UNREACHABLE: "`cumulog doctor` says what is wrong with the server's address or the way there.",
}


class NotFound(CumulogError):
    """A command line names what is not there."""


class Ambiguous(CumulogError):
    """A command line names several things at once."""


def code(error: Exception) -> int:
    """The exit code of an error."""
    if isinstance(error, NotFound | FileNotFoundError):
        return NOT_FOUND
    if isinstance(error, Ambiguous):
        return USAGE
    if isinstance(error, NotCumulog) or (isinstance(error, ApiError) and error.status == 0):
        return UNREACHABLE
    return _CODES.get(error.status, FAILED) if isinstance(error, ApiError) else FAILED


def _worded(error: Exception) -> str:
    if isinstance(error, ApiError) and error.status == 0:
        # No server gave it a code.
        return error.message
    if isinstance(error, OSError):
        return f"{error.filename}: {worded(error)}" if error.filename else f"{worded(error)}."
    return str(error)


def told(error: Exception) -> str:
    """The error's message, in which nothing steers a terminal."""
    text = "\n".join(printable(line) for line in _worded(error).splitlines())
    if isinstance(error, ApiError) and code(error) in _REMEDIES:
        how = _SIGN_IN if error.status == HTTPStatus.UNAUTHORIZED else ""
        return f"{text}\n{how}{_REMEDIES[code(error)]}"
    return text
