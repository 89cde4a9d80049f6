"""The gateway's Lambda authorizer. It only says whose token this is; each endpoint decides what that user may do.

So its answer allows all routes, and holds for every request with that token during the next minute.
"""

from chalice.app import AuthRequest, AuthResponse, Blueprint

from chalicelib.access import authentication
from chalicelib.errors import Unauthenticated

SECONDS = 60
TOKEN_ID = "token_id"  # noqa: S105 - a name

blueprint = Blueprint(__name__)


class Unauthorized(Exception):
    """API Gateway answers it with a 401 if "Unauthorized" is the whole message."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


@blueprint.authorizer(name="token_authorizer", ttl_seconds=SECONDS)
def token_authorizer(request: AuthRequest) -> AuthResponse:
    """Let a valid token through. An error of the store becomes one of the gateway's own, which clients retry."""
    try:
        token = authentication.check(request.token)
    except Unauthenticated as error:
        raise Unauthorized from error
    return AuthResponse(routes=["*"], principal_id=token.owner, context={TOKEN_ID: token.token_id})
