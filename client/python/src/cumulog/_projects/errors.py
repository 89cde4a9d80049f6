"""What may go wrong before a project's command runs."""

from cumulog._http.errors import CumulogError


class ProjectError(CumulogError):
    """A project that cannot be run as it is; the message says what to change."""
