"""API Gateway's part in authorization: a route with an authorizer is reached only by callers that it lets through.

As deployed, the authorizer's answer is kept for some time and holds for all routes, a refusal is not kept, and what
cannot be a token does not reach the authorizer.
"""

import re
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from chalice.app import ChaliceAuthorizer

# Of chalicelib no more than this: the rest reads its settings when it is imported, and they are not set yet.
from chalicelib.errors import CumulogError, TemporarilyUnavailable, Unauthenticated
from chalicelib.remembered import Remembered

# The same as `identityValidationExpression` in the template.
IDENTITY = re.compile(r"(Bearer cml_[ps]_[0-9A-Za-z]{71}|Basic [A-Za-z0-9+/]{100,200}={0,2})")

_ARN = "arn:aws:execute-api:us-east-1:000000000000:local/local/GET/"


class _Kept(NamedTuple):
    context: dict[str, Any]
    until: float


_kept: Remembered[str, _Kept] = Remembered(most=1_000)


def context_of(authorizer: ChaliceAuthorizer, headers: Mapping[str, str]) -> dict[str, Any]:
    """What the handler learns about the caller. Raises Unauthenticated, TemporarilyUnavailable."""
    sent = next((value for name, value in headers.items() if name.lower() == "authorization"), "")
    if not IDENTITY.fullmatch(sent):
        raise Unauthenticated
    kept = _kept.get(sent)
    if kept and time.monotonic() < kept.until:
        return kept.context
    return _kept.refresh(sent, lambda: _Kept(_asked(authorizer, sent), _until(authorizer))).context


def _until(authorizer: ChaliceAuthorizer) -> float:
    return time.monotonic() + float(authorizer.config.ttl_seconds or 0)


def _asked(authorizer: ChaliceAuthorizer, sent: str) -> dict[str, Any]:
    event = {"type": "TOKEN", "authorizationToken": sent, "methodArn": _ARN}
    try:
        answer = authorizer(event, {})
    except CumulogError as error:
        raise TemporarilyUnavailable("The token could not be looked at; please try again.") from error
    except Exception as error:
        if str(error) == "Unauthorized":
            raise Unauthenticated from error
        raise
    return {"principalId": answer["principalId"], **answer["context"]}
