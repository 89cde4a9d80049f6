"""What delivers a chain to a server; apart, because it imports http.client and ssl."""

from cumulog._delivery.files import send_file
from cumulog._delivery.refused import Refused
from cumulog._delivery.sending import Sending
from cumulog._delivery.terms import PATH
from cumulog._http.reading import read
from cumulog._http.transport import Transport
from cumulog._http.wire import Json
from cumulog._journal.chains import Chain

_transports: dict[str, Transport] = {}


def opened(server: str, chain: Chain, refused: Refused) -> Sending:
    """A Sending over connections that all chains of a server share."""
    return Sending(_transport(server), chain, refused, send_file)


def renewed(server: str, body: Json) -> Json:
    """The reply to one request for a lease. Raises ApiError."""
    return read(_transport(server).once("POST", PATH, None, body))


def hang_up(server: str) -> None:
    """Close the connections to a server; the next Sending opens others."""
    if transport := _transports.pop(server, None):
        transport.close()


def _transport(server: str) -> Transport:
    if server not in _transports:
        _transports[server] = Transport(server, seconds=30.0)
    return _transports[server]
