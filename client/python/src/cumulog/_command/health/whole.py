"""All checks in their order: the way to the server, what answers there, S3, and this machine."""

from collections.abc import Iterator

from cumulog._client.client import Client
from cumulog._command.health import answers, identity, journal, settings, storage, way
from cumulog._command.health.asking import Asking
from cumulog._command.health.findings import OK, WARNING, Finding, fault, has_fault
from cumulog._http.credentials import parted
from cumulog._http.errors import ApiError
from cumulog._transfer.api import Api


def checks(given: str) -> Iterator[Finding]:
    """What each check finds, as soon as it has; after a fault of the way, the server is not asked."""
    url, found = way.named(given)
    yield found
    server = parted(url)[0]
    if url:
        yield from _of_server(url, server)
    yield from identity.checks(url)
    yield from journal.checks(server)
    yield from settings.checks()


def _of_server(url: str, server: str) -> Iterator[Finding]:
    on_the_way = []
    for each in way.checks(server):
        on_the_way.append(each)
        yield each
    if has_fault(on_the_way):
        return
    try:
        source = identity.of(url)
        asked = answers.asked(server, source)
    except ApiError as error:
        yield _unanswered(error)
        return
    found = list(answers.checks(server, asked, source))
    yield from found
    if found[-1].check == "token" and found[-1].state in (OK, WARNING):
        asking = Asking(server, source.header)
        yield storage.check(Client(transport=asking), Api(server, asking.send))


def _unanswered(error: ApiError) -> Finding:
    if error.status:
        return fault("token", error.message, "Set it anew, or unset it and use cumulog login.")
    return fault(
        "cumulog", f"The server does not answer: {error.message}", "Try again; if it stays so, its log says why."
    )
