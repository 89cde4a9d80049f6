"""Requests to S3 by presigned URLs, over connections that stay open.

Failures that a retry may cure are raised as Interrupted: lost connections, S3's own errors, and a 403, because S3 also
answers 403 to an expired URL. Every other failure ends the transfer.
"""

import re
from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from cumulog._http.errors import ContentMismatch, TransferFailed
from cumulog._http.retry import Interrupted
from cumulog._transfer.api import Target
from cumulog._transfer.files import BLOCK_BYTES, Slice

# Timeouts for connecting, and between two packets.
_SECONDS = (10, 60)
_TRANSIENT_STATUS = (403, 408, 429, 500, 502, 503, 504)
_TRANSIENT_CODE = ("RequestTimeout", "SlowDown", "ExpiredToken")
# The URL's signature covers the size and SHA-256 that we announced, so S3 stores nothing else.
_MISMATCH_CODE = ("BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch", "IncompleteBody")
_BROKEN = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class Storage:
    """S3 for one transfer, with as many connections as it has threads."""

    def __init__(self, connections: int, verify: bool | str) -> None:
        self._session = requests.Session()
        self._session.verify = verify
        # Otherwise requests adds what ~/.netrc has for the host, and S3 refuses two kinds of credentials at once.
        self._session.auth = _unchanged
        self._session.headers["Accept-Encoding"] = "identity"
        adapter = HTTPAdapter(pool_connections=connections, pool_maxsize=connections)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def put(self, target: Target, content: Slice) -> str:
        """Send the bytes; returns the ETag from S3. Raises Interrupted, ContentMismatch, TransferFailed."""
        body = content if len(content) else b""
        answer = self._request("PUT", target.url, headers=dict(target.headers), data=body)
        return answer.headers.get("ETag", "")

    def get(self, url: str, start: int, end: int, *, whole: bool) -> tuple[str, Iterator[bytes]]:
        """The ETag and, in blocks, the bytes from start up to but not including end, or the whole file.

        Both the call and the iteration raise Interrupted and TransferFailed.
        """
        headers = {} if whole else {"Range": f"bytes={start}-{end - 1}"}
        answer = self._request("GET", url, headers=headers, stream=True)
        if answer.status_code != (200 if whole else 206):
            answer.close()
            raise TransferFailed(f"S3 answered a request for a range with {answer.status_code}.")
        return answer.headers.get("ETag", ""), _blocks(answer, end - start)

    def close(self) -> None:
        self._session.close()

    def _request(self, method: str, url: str, **how: Any) -> requests.Response:
        try:
            answer = self._session.request(method, url, timeout=_SECONDS, allow_redirects=False, **how)
        except _BROKEN as error:
            # Not the error's whole text, which contains the URL with its signature.
            raise Interrupted(f"{method} to S3: {type(error).__name__}") from error
        if answer.status_code not in (200, 204, 206):
            raise _refusal(method, answer)
        return answer


def _blocks(answer: requests.Response, size: int) -> Iterator[bytes]:
    left = size
    try:
        # Not through requests, which would unpack an object that is stored compressed.
        for block in answer.raw.stream(BLOCK_BYTES, decode_content=False):
            left -= len(block)
            if left < 0:
                raise ContentMismatch("S3 sent more bytes than the file has; it was replaced during the download.")
            yield block
    except HTTPError as error:
        raise Interrupted(f"GET from S3: {type(error).__name__}") from error
    finally:
        answer.close()
    if left:
        raise Interrupted("GET from S3: the connection ended early")


def _refusal(method: str, answer: requests.Response) -> Exception:
    try:
        text = answer.content[:2000].decode(errors="replace")
    except _BROKEN:
        text = ""
    found = re.search(r"<Code>([^<]*)</Code>", text)
    code = found[1] if found else ""
    message = f"{method}: S3 answered {answer.status_code} {code}".rstrip()
    if answer.status_code in _TRANSIENT_STATUS or code in _TRANSIENT_CODE:
        return Interrupted(message)
    if code in _MISMATCH_CODE:
        return ContentMismatch(f"{message}: the file changed during the upload.")
    return TransferFailed(message)


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
