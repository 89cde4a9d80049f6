"""ministack's S3 with its control paths shut; runs in ministack's own virtual environment, not in ours.

Usage: python s3_engine.py HOST PORT DATA_FOLDER JOURNAL. It ends when its standard input closes: with its parent.

ministack answers `POST /_ministack/reset` from any web page by forgetting everything, and lets any Host in. Here only
the address we listen on may be the Host, and of all paths that start with an underscore (no bucket can be named so)
only the health check is open. What happens to objects is noted in a journal, from which the stack makes the events that
S3 would send to EventBridge. AUTH makes it check signatures and answer no cross-origin request that the bucket's own
CORS rules do not allow.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, TextIO

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEALTH = "/_ministack/health"


def configure(host: str, port: str, data: str) -> None:
    """ministack reads its settings from the environment when it is imported."""
    os.environ.update(
        SERVICES="s3",
        S3_PERSIST="1",
        S3_DATA_DIR=data,
        AUTH="true",
        MINISTACK_HOST=host,
        GATEWAY_PORT=port,
        LOG_LEVEL="WARNING",
        # Listeners of services that we do not use would open ports of their own, on every interface.
        SFTP_ENABLED="0",
        IOT_MTLS_ENABLED="0",
        # No daemon is there, so the Docker library is never looked for.
        DOCKER_HOST="unix:///nonexistent",
    )


def guarded(app: App, address: str) -> App:
    """`app`, which sees only requests for objects and buckets sent to this very address."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or may_pass(scope, address):
            await app(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    return answer


def may_pass(scope: Scope, address: str) -> bool:
    """The decision for one request; `address` is host:port."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    path: str = scope["path"]
    is_health = path == HEALTH and scope.get("method") in ("GET", "HEAD")
    return scope["type"] == "http" and hosts == [address] and (is_health or not path.lstrip("/").startswith("_"))


def journalled(fire: Callable[..., Any], journal: TextIO) -> Callable[..., Any]:
    """`fire`, which ministack calls for each object created or removed before it answers, noted as a line first."""

    def note(bucket: str, key: str, event: str, *more: Any, **named: Any) -> Any:
        # One write of one line, so that neither threads nor the end of this process leave half of one inside.
        journal.write(json.dumps([bucket, key, event]) + "\n")
        journal.flush()
        return fire(bucket, key, event, *more, **named)

    return note


def end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)


def main() -> None:
    host, port, data, journal = sys.argv[1:]
    configure(host, port, data)
    threading.Thread(target=end_with_parent, daemon=True).start()
    # After configure(), and absent from the environment that the rest of the stack runs in.
    from hypercorn.asyncio import serve  # noqa: PLC0415
    from hypercorn.config import Config  # noqa: PLC0415
    from ministack.app import app  # noqa: PLC0415
    from ministack.services import s3  # noqa: PLC0415

    # Its own name for it, and no setting: `tests/e2e_local/test_catalogue.py` tells when another version changes it.
    lines = Path(journal).open("a", encoding="utf-8")  # noqa: SIM115 - for as long as this process lives
    s3._fire_s3_event_async = journalled(s3._fire_s3_event_async, lines)
    config = Config()
    config.bind = [f"{host}:{port}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    asyncio.run(serve(guarded(app, f"{host}:{port}"), config))


if __name__ == "__main__":
    main()
