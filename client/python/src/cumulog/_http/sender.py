"""Calls to the server's API with the requests library, for scripts without MLflow.

The credentials are in the variables of MLflow's own client: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME with
MLFLOW_TRACKING_PASSWORD, which win if both are set. They go only to the server at the given URL: a redirect is reported
as an error, not followed.
"""

import os
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from cumulog._http.errors import ApiError, TransferFailed
from cumulog._http.retry import Interrupted, Retry
from cumulog._http.wire import Json, Reply, Send

_SECONDS = (10, 60)
_TRANSIENT = (408, 429, 500, 502, 503, 504)


def sender(url: str, verify: bool | str) -> Send:
    """A `Send` to the server at this URL, which raises ApiError with status 0 if the server cannot be reached."""
    session = requests.Session()
    session.verify = verify
    session.auth = _credentials()
    retry = Retry()

    def send(method: str, path: str, query: Mapping[str, str] | None, body: Json | None) -> Reply:
        def attempt(number: int) -> Reply:
            try:
                answer = session.request(
                    method, url + path, params=query, json=body, timeout=_SECONDS, allow_redirects=False
                )
            except (requests.ConnectionError, requests.Timeout) as error:
                raise Interrupted(f"{method} {path}: {error}") from error
            if answer.is_redirect:
                raise _redirected(answer)
            # The caller gets the reply to the last attempt.
            if answer.status_code in _TRANSIENT and number + 1 < retry.attempts:
                raise Interrupted(f"{method} {path}: {answer.status_code}", _wait(answer))
            return Reply(answer.status_code, answer.content)

        try:
            return retry.run(attempt)
        except TransferFailed as error:
            raise ApiError(0, "TEMPORARILY_UNAVAILABLE", str(error)) from error

    return send


def _credentials() -> AuthBase:
    """The session's auth. It is always set: otherwise requests would send what ~/.netrc has for the host."""
    env = os.environ.get
    user, password, token = (
        env("MLFLOW_TRACKING_USERNAME"),
        env("MLFLOW_TRACKING_PASSWORD"),
        env("MLFLOW_TRACKING_TOKEN"),
    )
    if user and password:
        return HTTPBasicAuth(user, password)
    return _Bearer(token)


class _Bearer(AuthBase):
    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _redirected(answer: requests.Response) -> ApiError:
    target = urlsplit(urljoin(answer.url, answer.headers["Location"]))
    message = (
        f"The server redirects to {target.scheme}://{target.netloc}; if that is right, set it as MLFLOW_TRACKING_URI."
    )
    return ApiError(answer.status_code, "BAD_REQUEST", message)


def _wait(answer: requests.Response) -> float:
    seconds = answer.headers.get("Retry-After", "")
    return min(float(seconds), 60.0) if seconds.isdigit() else 0.0
