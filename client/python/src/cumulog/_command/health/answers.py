"""What the server answers: whether it is Cumulog, whom it takes us for, and what time it is there."""

import json
import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from cumulog._command.health.asking import ME, Asking
from cumulog._command.health.findings import Finding, fault, ok, warning
from cumulog._command.health.identity import Source
from cumulog._command.shown.text import minute
from cumulog._http import servers
from cumulog._http.connections import Answer
from cumulog._http.errors import ApiError
from cumulog._http.transport import redirected

_DAY = 24 * 3600 * 1000
_SOON = 7
# From 15 minutes on S3 refuses signatures, so a clock like that troubles more than this.
_OFF, _FAR_OFF = 60, 15 * 60


class Asked(NamedTuple):
    """The replies to `access/me` without and with credentials, and the seconds that this machine's clock is ahead."""

    bare: Answer
    own: Answer | None
    ahead: float


def asked(url: str, source: Source) -> Asked:
    """Ask the server who calls. Raises ApiError with status 0 if it does not answer."""
    bare = Asking(url).get(ME)
    ahead = _ahead(bare)
    return Asked(bare, Asking(url, source.header).get(ME) if source.header else None, ahead)


def checks(url: str, answers: Asked, source: Source) -> Iterator[Finding]:
    """What kind of server it is; and of Cumulog, the clock and the token."""
    found = _kind(url, answers.bare)
    yield found
    yield _clock(answers.ahead)
    if found.state != "fault":
        yield _token(url, answers, source)


def _kind(url: str, bare: Answer) -> Finding:
    fields, status = _fields(bare), bare.status
    if 300 <= status < 400:
        return fault(
            "cumulog", redirected(url, bare).message, "A login page of a proxy is not passed: use another URL."
        )
    if (status == 200 and "scopes" in fields) or fields.get("error_code") == "UNAUTHENTICATED":
        version = _version(url)
        return ok(
            "cumulog", f"Cumulog answers, with the protocol of MLflow {version}" if version else "Cumulog answers"
        )
    if status >= 500:
        told = f"The server answers {status}: {_text(bare)}"
        return fault("cumulog", told, "Try again; if it stays so, its log says why.")
    version = _version(url) if status == 404 else ""
    if version and "error_code" not in fields:
        told = f"This is MLflow's own server, version {version}, not Cumulog."
        return fault("cumulog", told, "Use mlflow with it, or set MLFLOW_TRACKING_URI to a Cumulog.")
    told = f"Something that is not Cumulog answers {status}: {_text(bare)}"
    return fault("cumulog", told, "It may be a proxy, its login page, or a URL that lacks its path, such as /api.")


def _clock(ahead: float) -> Finding:
    if abs(ahead) < _OFF:
        return ok("clock", "this machine and the server agree within a minute")
    way = "ahead of" if ahead > 0 else "behind"
    told = f"This machine's clock is {_span(abs(ahead))} {way} the server's: all that is logged has wrong times."
    remedy = "Set the clock, as by timedatectl set-ntp true."
    return warning("clock", told, remedy) if abs(ahead) < _FAR_OFF else fault("clock", told, remedy)


def _token(url: str, answers: Asked, source: Source) -> Finding:
    is_open = answers.bare.status == 200
    if is_open:
        return _open(url, source)
    if answers.own is None:
        return fault("token", "The server asks for a token, and there is none.", f"cumulog login {url}")
    fields = _fields(answers.own)
    if answers.own.status == 401:
        return _refused(url, source)
    if answers.own.status != 200:
        told = f"The server answers {answers.own.status} to {source.name}: {_text(answers.own)}"
        return fault("token", told, "Try again; if it stays so, its log says why.")
    return _valid(fields, source)


def _open(url: str, source: Source) -> Finding:
    if source.header:
        told = f"The server is open: whoever reaches it may do anything, and {source.name} is not checked."
        return warning("token", told, "Nothing, if that is meant; else whoever runs it sets CUMULOG_ACCESS=closed.")
    if servers.is_private(url) and not url.startswith("https"):
        return ok("token", "the server on this machine is open: it asks for none")
    told = "The server is open: whoever reaches it may do anything."
    return warning("token", told, "Nothing, if that is meant; else whoever runs it sets CUMULOG_ACCESS=closed.")


def _refused(url: str, source: Source) -> Finding:
    if source.expires and source.expires < time.time() * 1000:
        why = f"it expired on {minute(source.expires)}"
    else:
        why = "it is wrong, expired or revoked, or for another server"
    remedy = f"cumulog login {url}" + ("" if source.is_kept else f", after you unset {source.name}")
    return fault("token", f"The server refuses {source.name}: {why}.", remedy)


def _valid(fields: dict[str, Any], source: Source) -> Finding:
    token = fields.get("token") or {}
    expires = int(token.get("expires") or 0)
    days = int((expires - time.time() * 1000) // _DAY)
    told = f"{fields.get('username') or 'nobody'}, by {source.name}" + (f", until {minute(expires)}" if expires else "")
    if expires and days < _SOON:
        left = "today" if days < 1 else "tomorrow" if days == 1 else f"in {days} days"
        return warning(
            "token", f"{told}: it expires {left}.", f"cumulog admin tokens rotate {token.get('token_id', '')}"
        )
    return ok("token", told)


def _version(url: str) -> str:
    try:
        text = Asking(url).get("/version").body[:40].decode(errors="replace").strip()
    except ApiError:
        return ""
    return text if re.fullmatch(r"\d+(\.\w+)+", text) else ""


def _ahead(answer: Answer) -> float:
    try:
        return time.time() - parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except (TypeError, ValueError):
        return 0.0


def _span(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 2 * 3600 else f"{seconds / 60:.0f} minutes"


def _fields(answer: Answer) -> dict[str, Any]:
    try:
        fields = json.loads(answer.body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _text(answer: Answer) -> str:
    text = answer.body[:2000].decode(errors="replace")
    title = re.search(r"<title>([^<]*)</title>", text, re.IGNORECASE)
    shown = str(_fields(answer).get("message") or (title[1] if title else text))
    return repr(" ".join(shown.split())[:80])
