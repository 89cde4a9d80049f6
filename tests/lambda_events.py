"""Events as API Gateway hands them to our Lambdas, for the first administrator."""

from collections.abc import Mapping
from typing import Any

from chalicelib.access import tokens
from chalicelib.access.authorizer import TOKEN_ID
from chalicelib.accounts import first_admin


def authorization(token: str) -> dict[str, Any]:
    """What the authorizer is asked."""
    arn = "arn:aws:execute-api:us-east-1:000000000000:api/api/GET/version"
    return {"type": "TOKEN", "authorizationToken": f"Bearer {token}", "methodArn": arn}


def get(path: str, query: Mapping[str, str], token: str) -> dict[str, Any]:
    """A GET that the authorizer let through; `path` is a route without parameters."""
    return {
        "resource": path,
        "path": path,
        "httpMethod": "GET",
        "headers": {"Accept": "*/*"},
        "multiValueHeaders": {"Accept": ["*/*"]},
        "queryStringParameters": dict(query),
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()},
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "requestId": "cold",
            "resourcePath": path,
            "httpMethod": "GET",
            "identity": {},
            "authorizer": {"principalId": first_admin.NAME, TOKEN_ID: tokens.id_of(token)},
        },
        "body": None,
        "isBase64Encoded": False,
    }
