"""Tables: what this journal holds of one is joined to what the run had before, and goes to the same file."""

import json
from pathlib import Path

from cumulog._http.errors import ApiError, ContentMismatch, TransferFailed
from cumulog._http.reading import read
from cumulog._http.transport import Transport
from cumulog._journal import tables
from cumulog._journal.tables import Table
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import Options, fetch_to

API = "/api/2.0/mlflow"
_LOGGED = "mlflow.loggedArtifacts"


def whole(path: str, local: Path, api: Api) -> Path:
    """The file to upload: a copy, as the journal's own may be replaced meanwhile. Raises what a download raises."""
    before = local.with_name(f"before-{local.name}")
    if not before.exists():
        _fetch(path, before, api)
    try:
        table = tables.joined(tables.read(before), tables.read(local))
    except ValueError as error:
        raise ContentMismatch(f"the run's file of this name is not a table: {error}.") from error
    sent = local.with_name(f"sent-{local.name}")
    tables.write(sent, table)
    return sent


def announce(transport: Transport, run_id: str, path: str) -> None:
    """Name the table in the tag by which MLflow finds tables. Raises ApiError."""
    run = read(transport.once("GET", f"{API}/runs/get", {"run_id": run_id}))["run"]
    texts = [tag["value"] for tag in run["data"].get("tags", ()) if tag["key"] == _LOGGED]
    named, table = _list(texts), {"path": path, "type": "table"}
    if table not in named:
        body = {"run_id": run_id, "key": _LOGGED, "value": json.dumps([*named, table])}
        read(transport.once("POST", f"{API}/runs/set-tag", None, body))


def _fetch(path: str, before: Path, api: Api) -> None:
    """What the run had when this journal's first rows were delivered. It is kept, so that it stays that."""
    try:
        fetch_to({path: before}, api, Options(progress=False))
    except ContentMismatch as error:
        # Somebody else appends to it just now. Our rows wait.
        raise TransferFailed(str(error)) from error
    except ApiError as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        tables.write(before, Table([], []))


def _list(texts: list[str]) -> list[object]:
    try:
        found = json.loads(texts[0]) if texts else []
    except ValueError:
        return []
    return found if isinstance(found, list) else []
