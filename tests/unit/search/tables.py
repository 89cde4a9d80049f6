"""The loader of the language cases in `cases/`."""

import json
from pathlib import Path
from typing import Any

from chalicelib.search.record import DatasetRecord, Record

_CASES = Path(__file__).parent / "cases"


def table(name: str) -> dict[str, Any]:
    """The cases of one file: what is asked, and the ids that answer it or nothing where it is refused."""
    content: dict[str, Any] = json.loads((_CASES / f"{name}.json").read_text(encoding="utf-8"))
    return content


def records(name: str) -> list[Record]:
    return [_record(row) for row in table(name)["records"]]


def _record(row: dict[str, Any]) -> Record:
    datasets = [DatasetRecord(**edge) for edge in row.get("datasets", ())]
    # JSON has no NaN, so it stands there as a text.
    logged = {key: list(map(float, values)) for key, values in row.get("logged", {}).items()}
    return Record(**{**row, "datasets": datasets, "logged": logged})
