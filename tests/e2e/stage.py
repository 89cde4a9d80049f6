"""A stage, deployed and taken away by the commands of `make deploy` and `make destroy`, and asked through its API."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from infra.local.settings import REPOSITORY
from tests.e2e import adapting
from tests.e2e.aws import Aws

_SECONDS = 120
_URL = re.compile(r"^Url: https://(\w+)\.execute-api\.[\w.-]+/(\w+)/?$", re.MULTILINE)
_DASHBOARD = re.compile(r"^Dashboard: https://(\S+)$", re.MULTILINE)
_TOKEN = re.compile(r"^cml_[ps]_[0-9A-Za-z]{71}$", re.MULTILINE)


@dataclass(frozen=True)
class Stage:
    """`url` is what a client takes as its tracking URI; `token` is the first administrator's.

    `dashboard` is the host of the dashboard, if there is one.
    """

    aws: Aws
    name: str
    url: str
    token: str
    dashboard: str | None

    def answer(self, method: str, path: str, token: str | None, /, **fields: Any) -> requests.Response:
        """The API's answer, whatever it is; without a token nobody says who asks."""
        sent = {"params": fields} if method == "GET" else {"json": fields}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        authority = self.aws.environment["AWS_CA_BUNDLE"]
        return requests.request(method, self.url + path, headers=headers, verify=authority, timeout=60, **sent)

    def ask(self, method: str, path: str, token: str | None = None, /, **fields: Any) -> Any:
        """What the API answers to the administrator, or to another token; anything but success fails the test."""
        answer = self.answer(method, path, token or self.token, **fields)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}\n{self.log()}"
        return answer.json()

    def page(self, path: str, method: str = "GET") -> requests.Response:
        """What the distribution answers, which ministack serves by its name."""
        assert self.dashboard
        headers = {"Host": self.dashboard, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"}
        authority = self.aws.environment["AWS_CA_BUNDLE"]
        return requests.request(method, self.aws.url + path, headers=headers, verify=authority, timeout=60)

    def log(self) -> str:
        """What the API's function logged last."""
        group = f"/aws/lambda/cumulog-{self.name}-api"
        found = self.aws.client("logs").filter_log_events(logGroupName=group)["events"]
        return "\n".join(str(each["message"]) for each in found[-30:])

    def client_environment(self) -> dict[str, str]:
        """What a client's process needs besides its tracking URI."""
        authority = self.aws.environment["AWS_CA_BUNDLE"]
        return {"MLFLOW_TRACKING_TOKEN": self.token, "REQUESTS_CA_BUNDLE": authority, "SSL_CERT_FILE": authority}


def command(aws: Aws, name: str, answer: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run one of infra.deploy's commands with these make variables; `answer` is what the user types."""
    process = start(aws, name, **variables)
    output, errors = process.communicate(answer, _SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def start(aws: Aws, name: str, **variables: str) -> "subprocess.Popen[str]":
    """Begin one of infra.deploy's commands."""
    # Nothing of our own environment: no profile or key of whoever runs the tests may reach a real account.
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **aws.environment,
        **variables,
    }
    words = [sys.executable, "-m", "infra.deploy", name]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, env=environment, cwd=REPOSITORY, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def deploy(aws: Aws, name: str, package: Path, token: str = "", **variables: str) -> Stage:
    """The stage after `make deploy`; a first deployment prints the token, later ones are told it."""
    done = command(aws, "deploy", STAGE=name, PACKAGE=str(package), YES="1", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    url, printed, dashboard = (each.search(done.stdout) for each in (_URL, _TOKEN, _DASHBOARD))
    assert url, done.stdout
    assert bool(printed) != bool(token), done.stdout
    adapting.import_gateway_responses(aws.client("apigateway"), url[1], url[2], package)
    return Stage(aws, name, aws.api(url[1], url[2]), printed[0] if printed else token, dashboard and dashboard[1])


def destroy(aws: Aws, name: str, **variables: str) -> str:
    """What `make destroy` said."""
    done = command(aws, "destroy", STAGE=name, YES="1", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
