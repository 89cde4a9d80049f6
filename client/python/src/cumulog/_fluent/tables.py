"""Tables: rows that are appended to a JSON file of the run, which `mlflow.load_table` reads."""

import hashlib
import math
import os
import posixpath
import secrets
from collections.abc import Mapping
from typing import Any

from cumulog._fluent import arguments
from cumulog._fluent.artifacts import folder_of, note
from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.images import both, is_image
from cumulog._fluent.process import process
from cumulog._fluent.quiet import quiet
from cumulog._fluent.runs import Run, once
from cumulog._http.errors import UnsafePath
from cumulog._journal import tables
from cumulog._journal.tables import Table
from cumulog._transfer.files import require_safe

# MLflow finds a table by a tag with its name, by text.
_FORBIDDEN = set("\"',:[]{}")


@quiet
def log_table(data: Any, artifact_file: str | os.PathLike[str], run_id: str | None = None) -> None:
    """Append rows to a table of the run: a dictionary of columns, or a DataFrame of pandas.

    The table is a JSON file. A column is a list, or one value for all rows; it may hold images, which become files.
    """
    path, run = arguments.artifact_file(artifact_file), run_to_log_to(run_id)
    try:
        _require_name(path)
        table = _table(run, data, path)
        with process.lock:
            _append(run, table, path)
    except (OSError, UnsafePath, ValueError, TypeError) as error:
        once(f"Rows for the table '{path}' were not logged: {error}")


def _require_name(artifact_file: str) -> None:
    require_safe(artifact_file)
    if not artifact_file.endswith(".json") or _FORBIDDEN & set(artifact_file):
        raise ValueError("a table is a file .json, without quotes, brackets, braces, commas and colons in its name.")


def _append(run: Run, table: Table, artifact_file: str) -> None:
    name = f"table-{hashlib.sha256(artifact_file.encode()).hexdigest()[:16]}.json"
    place = folder_of(run) / name
    tables.write(place, tables.joined(tables.read(place), table))
    note(run, place, artifact_file, name, is_table=True)


def _table(run: Run, data: Any, artifact_file: str) -> Table:
    """What the caller passed, as a table. Raises ValueError or TypeError if it is none."""
    if hasattr(data, "to_json") and hasattr(data, "columns"):
        things = data.select_dtypes(include=["object"])
        if not any(is_image(cell) for column in things for cell in things[column]):
            return tables.unpacked(data.to_json(orient="split", index=False, date_format="iso"))
        data = {column: list(data[column]) for column in data.columns}
    if not isinstance(data, Mapping):
        raise TypeError("pass a dictionary of columns, or a DataFrame.")
    columns = {str(name): _listed(cells) for name, cells in data.items()}
    lengths = {len(cells) for cells in columns.values() if isinstance(cells, list)}
    if len(lengths) > 1:
        raise ValueError(f"its columns have different lengths: {', '.join(map(str, sorted(lengths)))}.")
    count = lengths.pop() if lengths else 1
    filled = [cells if isinstance(cells, list) else [cells] * count for cells in columns.values()]
    plain = [[_cell(run, cell, artifact_file) for cell in cells] for cells in filled]
    return Table(list(columns), [list(row) for row in zip(*plain, strict=True)])


def _listed(cells: Any) -> Any:
    """A column as a list; a single value as it is."""
    if isinstance(cells, list | tuple):
        return list(cells)
    return cells.tolist() if hasattr(cells, "tolist") and cells.ndim else cells


def _cell(run: Run, cell: Any, artifact_file: str) -> Any:
    if is_image(cell):
        path = posixpath.join("table_images", posixpath.splitext(artifact_file)[0], secrets.token_hex(16))
        both(run, cell, path)
        return {"type": "image", "filepath": f"{path}.png", "compressed_filepath": f"{path}.webp"}
    return _plain(cell)


def _plain(value: Any) -> Any:
    """A value as JSON has it; null for what is no finite number, text for what JSON has no word for."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
