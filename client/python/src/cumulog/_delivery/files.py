"""Artifacts of the journal, by the engine for transfers."""

import contextlib
from pathlib import Path

from cumulog._delivery import models, tables
from cumulog._delivery.outcomes import Held
from cumulog._http.errors import ApiError, ContentMismatch, TransferFailed
from cumulog._http.forks import importing
from cumulog._http.retry import Retry
from cumulog._http.transport import Transport
from cumulog._http.wire import Json
from cumulog._journal.chains import FILES, Chain
from cumulog._transfer.api import Api
from cumulog._transfer.files import LocalFile
from cumulog._transfer.transfer import SMALL_BYTES, Options, upload, upload_alone


def send_file(transport: Transport, chain: Chain, fields: Json, experiment_id: str) -> None:
    """Upload a logged file. Raises Held, or ApiError if it cannot be delivered, for example because it changed."""
    with importing:
        # The engine imports it by itself, but not between two forks.
        import cumulog._transfer.storage  # noqa: F401, PLC0415
    local = Path(fields["local"])
    if fields["kept"] and chain.folder:
        local = chain.folder / FILES / fields["kept"]
    path = f"{experiment_id}/{_owner(chain, fields)}/artifacts/{fields['path']}"
    try:
        _send(transport, chain.head.run_id, path, local, fields)
    except (TransferFailed, RuntimeError) as error:
        if fields.get("is_record"):
            # Nobody asked for it, so the run's lines must not wait for it.
            why = f"'{fields['path']}' cannot be sent to S3, so it is missing in the record of what was run: {error}"
            raise ApiError(400, "INVALID_PARAMETER_VALUE", why) from error
        # At the end of the interpreter no thread starts.
        raise Held(
            f"'{fields['path']}' cannot be sent to S3, and the run's further lines wait for it: {error}"
        ) from error
    except (ContentMismatch, OSError) as error:
        raise ApiError(400, "INVALID_PARAMETER_VALUE", f"'{fields['local']}' was not delivered: {error}") from error
    if fields["kept"] and not fields.get("is_table"):
        with contextlib.suppress(OSError):
            local.unlink()


def _owner(chain: Chain, fields: Json) -> str:
    """Whose artifact a file is: the run's, or a logged model's."""
    return models.owner(fields["model_id"]) if "model_id" in fields else chain.head.run_id


def _send(transport: Transport, run_id: str, path: str, local: Path, fields: Json) -> None:
    api = Api(transport.url, transport.send)
    if fields.get("is_table"):
        _upload(path, tables.whole(path, local, api), api, "")
        tables.announce(transport, run_id, fields["path"])
        return
    _require_logged(path, local, fields)
    # A journal of an earlier version has no digests.
    _upload(path, local, api, fields.get("sha256", ""))


def _upload(path: str, local: Path, api: Api, expected: str) -> None:
    if local.stat().st_size <= SMALL_BYTES:
        upload_alone(path, local, api, Retry(attempts=3), expected)
    else:
        upload({path: local}, api, Options(progress=False))


def _require_logged(path: str, local: Path, fields: Json) -> None:
    now = LocalFile.found(path, local)
    if (now.size, now.changed) != (fields["size"], fields["changed"]):
        raise ContentMismatch("it changed after it was logged; log it again when nothing writes to it.")
