"""Requests to the server's API over requests, for scripts without MLflow.

It authenticates by the variables of MLflow's own client: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME with
MLFLOW_TRACKING_PASSWORD, which win where both are set. They go to the server at the URL that was named and to nobody
else: where it sends us on to another address, that is told and not followed.
"""

import os
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from cumulog._errors import ApiError, TransferFailed
from cumulog._retry import Interrupted, Retry
from cumulog._wire import Json, Reply, Send

_SECONDS = (10, 60)
_TRANSIENT = (408, 429, 500, 502, 503, 504)


def sender(url: str, verify: bool | str) -> Send:
    """A Send to the server at this URL. Raises ApiError of status 0 when it cannot be reached."""
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
                raise _sent_on(answer)
            # What the last attempt is told, the caller is told.
            if answer.status_code in _TRANSIENT and number + 1 < retry.attempts:
                raise Interrupted(f"{method} {path}: {answer.status_code}", _wait(answer))
            return Reply(answer.status_code, answer.content)

        try:
            return retry.run(attempt)
        except TransferFailed as error:
            raise ApiError(0, "TEMPORARILY_UNAVAILABLE", str(error)) from error

    return send


def _credentials() -> AuthBase:
    """What sets the header. One is set in any case: else requests sends what ~/.netrc has for that host."""
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


def _sent_on(answer: requests.Response) -> ApiError:
    there = urlsplit(urljoin(answer.url, answer.headers["Location"]))
    told = (
        f"The server sends us on to {there.scheme}://{there.netloc}; if that is right, name it in MLFLOW_TRACKING_URI."
    )
    return ApiError(answer.status_code, "BAD_REQUEST", told)


def _wait(answer: requests.Response) -> float:
    seconds = answer.headers.get("Retry-After", "")
    return min(float(seconds), 60.0) if seconds.isdigit() else 0.0
