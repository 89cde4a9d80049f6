"""Whether S3 can be reached, by a presigned URL as transfers use it. Nothing is written."""

import re
from collections.abc import Iterator
from typing import Any

import requests

from cumulog._client.client import Client
from cumulog._command.health.findings import Finding, fault, ok, skipped
from cumulog._http.errors import ApiError
from cumulog._transfer.api import Api

_SECONDS = (10, 20)
_MOST = 10
_EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
_NOT_THERE = "RESOURCE_DOES_NOT_EXIST"


def check(client: Client, api: Api) -> Finding:
    """A byte of a file that one may read; without one, an answer of S3 to a URL that is for an upload."""
    try:
        runs = list(_runs(client))
        if not runs:
            return skipped("s3", "not asked, as there is no run yet that you may read")
        url = _of_a_file(api, runs)
        return _asked(url or _of_an_upload(api, runs[0]), is_whole=bool(url))
    except ApiError as error:
        if error.error_code in ("PERMISSION_DENIED", _NOT_THERE):
            return skipped("s3", "not asked, as there is no file that you may read")
        return fault("s3", f"The server gives no URL: {error}", "Try again; if it stays so, its log says why.")


def _runs(client: Client) -> Iterator[str]:
    """The folders of the artifacts of some runs."""
    experiments = client.experiments.search(max_results=_MOST).get("experiments", ())
    ids = [str(each["experiment_id"]) for each in experiments]
    found: Any = client.runs.search(experiment_ids=ids, max_results=_MOST) if ids else {}
    for run in found.get("runs", ()):
        yield f"{run['info']['experiment_id']}/{run['info']['run_id']}/artifacts"


def _of_a_file(api: Api, folders: list[str]) -> str:
    """The URL of a file; empty if the runs have none."""
    for folder in folders:
        for entry in api.entries(folder, recursive=True):
            if not entry.is_dir and entry.size:
                return api.downloads([f"{folder}/{entry.path}"])[0].url
    return ""


def _of_an_upload(api: Api, folder: str) -> str:
    return api.uploads([(f"{folder}/cumulog-doctor", 0, _EMPTY)])[0].url


def _asked(url: str, *, is_whole: bool) -> Finding:
    host = url.partition("://")[2].partition("/")[0]
    try:
        with requests.Session() as session:
            # As transfers do: no credentials of ~/.netrc.
            session.auth = lambda request: request
            headers = {"Range": "bytes=0-0", "Accept-Encoding": "identity"}
            with session.get(url, headers=headers, timeout=_SECONDS, allow_redirects=False, stream=True) as answer:
                return _answered(host, answer.status_code, answer.raw.read(2000), is_whole)
    except requests.exceptions.ProxyError:
        told, remedy = "The proxy does not let requests through", "Add it to NO_PROXY, or ask for it to be let through."
    except requests.exceptions.SSLError:
        told, remedy = "Its certificate is not trusted", "Name the authority by REQUESTS_CA_BUNDLE."
    except requests.exceptions.Timeout:
        told, remedy = "It does not answer in time", "A firewall may stand between: S3 has to be reached on port 443."
    except requests.exceptions.RequestException as error:
        # Not its text, which has the URL with its signature.
        told = f"It cannot be reached ({type(error).__name__})"
        remedy = "A firewall or a missing DNS entry may stand between: files go straight to S3."
    return fault("s3", f"S3 at {host}: {told}.", remedy)


def _answered(host: str, status: int, body: bytes, is_whole: bool) -> Finding:
    found = re.search(rb"<Code>([^<]*)</Code>", body)
    code = found[1].decode(errors="replace") if found else ""
    if status in (200, 206):
        return ok("s3", f"a byte of a file came from {host}")
    if not is_whole and status == 403:
        # A URL for an upload reads nothing, and that answer is S3's.
        return ok("s3", f"S3 answers at {host}")
    if code == "RequestTimeTooSkewed":
        return fault("s3", "S3 refuses the server's signature: its clock is off.", "Set the clock of the server.")
    told = f"S3 at {host} answers {status} {code}".rstrip() + " to a URL that the server has signed."
    return fault("s3", told, "Whoever runs the server checks its bucket, its permissions and its clock.")
