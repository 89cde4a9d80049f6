"""The way to the server: which one it is, its URL, proxies, its address, and TLS."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPException
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cumulog._command.health.findings import Finding, fault, ok, warning
from cumulog._http import servers, stored
from cumulog._http.connections import Connections, proxy_of
from cumulog._http.credentials import parted
from cumulog._http.errors import ApiError

_SECONDS = 10.0
_SOON = 14 * 24 * 3600
_PORTS = {"http": 80, "https": 443}
_FILES = ("MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_TRACKING_CLIENT_CERT_PATH", "REQUESTS_CA_BUNDLE")
# OpenSSL's codes of what is wrong with a certificate, with what to do.
_AUTHORITY = (
    "If your company has an authority of its own, or its proxy opens TLS, name its certificate by "
    "MLFLOW_TRACKING_SERVER_CERT_PATH, and REQUESTS_CA_BUNDLE for S3."
)
_REMEDIES = {
    9: "Its time has not come: set this machine's clock, or ask whoever runs the server.",
    10: "It has expired: whoever runs the server has to renew it, unless this machine's clock is wrong.",
    18: f"It is signed by itself. {_AUTHORITY}",
    19: f"Its authority is not known here. {_AUTHORITY}",
    20: f"Its authority is not known here. {_AUTHORITY}",
    21: f"Its authority is not known here. {_AUTHORITY}",
    62: "It is for another host: use the name that the certificate has in the URL.",
    64: "It is for another host: use the name that the certificate has in the URL.",
}


def named(given: str) -> tuple[str, Finding]:
    """The server's URL, as it is given or found, and where that stood; empty if it is none."""
    try:
        url, source = _source(given.strip())
    except ApiError as error:
        return "", fault("server", error.message, "See the line about the login.")
    if not url:
        return "", fault("server", "No server is named.", f"Set {servers.VARIABLE} to its URL, or cumulog login URL.")
    if why := servers.flaw(url):
        return "", fault("server", f"{source}: {why}", f"Set {servers.VARIABLE} to the server's URL, https://…")
    shown = f"{parted(url)[0]}, named by {source}"
    if servers.is_private(parted(url)[0]):
        return url, ok("server", shown)
    return url, warning("server", f"{shown}, is not encrypted.", "Use https://: on the way the token can be read.")


def _source(given: str) -> tuple[str, str]:
    if given:
        return given, "the command line"
    if servers.named():
        return servers.named(), servers.VARIABLE
    return stored.default(), "cumulog login; scripts have to name it"


def checks(url: str) -> Iterator[Finding]:
    """Each part of the way; the first fault is the last finding."""
    for check in (_proxy, _dns, _tcp, _tls):
        found = check(urlsplit(url))
        if found:
            yield found
        if found and found.state == "fault":
            return


def _proxy(server: SplitResult) -> Finding | None:
    proxy = proxy_of(server)
    if proxy is None:
        return ok("proxy", "no proxy is set for this server")
    try:
        # What is wrong with files of certificates, the check of TLS says.
        with suppress(OSError):
            Connections(server.geturl(), seconds=_SECONDS).opened()
    except HTTPException as error:
        return fault("proxy", str(error), "Set HTTPS_PROXY=http://proxy:3128, or add the server to NO_PROXY.")
    return ok("proxy", f"{_place(proxy)}, from HTTPS_PROXY or its like")


def _dns(server: SplitResult) -> Finding:
    host, port = _near(server)
    try:
        found = sorted({str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError) as error:
        told = f"The name {host} has no address: {getattr(error, 'strerror', None) or error}."
        return fault("dns", told, "Look for a typing error in the URL; is this machine in the right network, or VPN?")
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ok("dns", f"{host} is {', '.join(found[:3])}{more}")


def _tcp(server: SplitResult) -> Finding:
    host, port = _near(server)
    begun = time.monotonic()
    try:
        socket.create_connection((host, port), timeout=_SECONDS).close()
    except ConnectionRefusedError:
        return fault("tcp", f"Nothing listens at {host}:{port}.", "Is the server running, and is the port right?")
    except TimeoutError:
        told = f"{host}:{port} does not answer within {_SECONDS:.0f} seconds."
        return fault("tcp", told, "A firewall may stand between; behind a proxy, set HTTPS_PROXY.")
    except OSError as error:
        return fault("tcp", f"{host}:{port} cannot be reached: {error}.", "Is this machine in the right network?")
    return ok("tcp", f"{host}:{port} answers in {(time.monotonic() - begun) * 1000:.0f} ms")


def _tls(server: SplitResult) -> Finding | None:
    if server.scheme != "https":
        return None
    try:
        connection = Connections(server.geturl(), seconds=_SECONDS).opened()
    except OSError as error:
        told = f"A file of certificates cannot be used: {error}."
        return fault("tls", told, f"Correct {', '.join(_FILES[:-1])} or {_FILES[-1]}.")
    with closing(connection):
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as error:
            told = f"The certificate is not trusted: {error.verify_message}."
            return fault("tls", told, _REMEDIES.get(error.verify_code, _AUTHORITY))
        except ssl.SSLError as error:
            told = f"There is no TLS at this port: {error.reason or error}."
            return fault("tls", told, "Is it http:// instead, or another port?")
        except OSError as error:
            return fault("tls", f"The connection ends before TLS begins: {error}.", _of_proxy(server))
        peer = connection.sock.getpeercert() if isinstance(connection.sock, ssl.SSLSocket) else None
    return _certificate(peer)


def _certificate(certificate: dict[str, Any] | None) -> Finding:
    if not certificate:
        told = "The certificate is not checked, as MLFLOW_TRACKING_INSECURE_TLS says: anybody could be the server."
        return warning("tls", told, "Name the authority by MLFLOW_TRACKING_SERVER_CERT_PATH instead.")
    until = certificate["notAfter"]
    if ssl.cert_time_to_seconds(until) - time.time() < _SOON:
        return warning("tls", f"The certificate expires soon: {until}.", "Whoever runs the server has to renew it.")
    return ok("tls", f"the certificate is trusted, and valid until {until}")


def _of_proxy(server: SplitResult) -> str:
    if proxy_of(server):
        return "The proxy refuses: it may want a user and a password, or does not let you go to this server."
    return "Is it the right port? Something on the way may close connections."


def _near(server: SplitResult) -> tuple[str, int]:
    """The host and the port of who is connected to: the server, or its proxy."""
    near = proxy_of(server) or server
    return near.hostname or "", near.port or _PORTS.get(near.scheme, 80)


def _place(proxy: SplitResult) -> str:
    return f"{proxy.scheme}://{proxy.netloc.rpartition('@')[2]}"
