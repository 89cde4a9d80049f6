"""Requests to the server's API over requests, for scripts without MLflow.

It authenticates by the variables of MLflow's own client: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME with
MLFLOW_TRACKING_PASSWORD.
"""

import os
from collections.abc import Mapping

import requests

from cumulog._api import Json, Reply, Send
from cumulog._errors import ApiError, TransferFailed
from cumulog._retry import Interrupted, Retry

_SECONDS = (10, 60)
_TRANSIENT = (408, 429, 500, 502, 503, 504)


def sender(url: str, verify: bool | str) -> Send:
    """A Send to the server at this URL. Raises ApiError of status 0 when it cannot be reached."""
    session = requests.Session()
    session.verify = verify
    token, user = os.environ.get("MLFLOW_TRACKING_TOKEN"), os.environ.get("MLFLOW_TRACKING_USERNAME")
    if user:
        session.auth = (user, os.environ.get("MLFLOW_TRACKING_PASSWORD", ""))
    elif token:
        session.headers["Authorization"] = f"Bearer {token}"
    retry = Retry()

    def send(method: str, path: str, query: Mapping[str, str] | None, body: Json | None) -> Reply:
        def attempt(number: int) -> Reply:
            try:
                answer = session.request(method, url + path, params=query, json=body, timeout=_SECONDS)
            except (requests.ConnectionError, requests.Timeout) as error:
                raise Interrupted(f"{method} {path}: {error}") from error
            # What the last attempt is told, the caller is told.
            if answer.status_code in _TRANSIENT and number + 1 < retry.attempts:
                raise Interrupted(f"{method} {path}: {answer.status_code}", _wait(answer))
            return Reply(answer.status_code, answer.content)

        try:
            return retry.run(attempt)
        except TransferFailed as error:
            raise ApiError(0, "TEMPORARILY_UNAVAILABLE", str(error)) from error

    return send


def _wait(answer: requests.Response) -> float:
    seconds = answer.headers.get("Retry-After", "")
    return min(float(seconds), 60.0) if seconds.isdigit() else 0.0
