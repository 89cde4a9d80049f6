"""Tables as MLflow has them in JSON: `{"columns": [names], "data": [rows]}`.

A process keeps what it logged to a table in one file of its journal, which is replaced with every call. What others had
logged before is joined to it when it is delivered, from a copy that is fetched once; so to deliver it again changes
nothing.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple


class Table(NamedTuple):
    columns: list[str]
    rows: list[list[Any]]


def read(path: Path) -> Table:
    """The table in a file; an empty one if there is no file. Raises ValueError if it holds something else."""
    try:
        return unpacked(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Table([], [])


def unpacked(text: str) -> Table:
    """Raises ValueError for what is no table."""
    fields = json.loads(text)
    columns, rows = (fields.get("columns"), fields.get("data")) if isinstance(fields, dict) else (None, None)
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise ValueError("it holds no columns and data")
    if any(not isinstance(row, list) or len(row) != len(columns) for row in rows):
        raise ValueError("a row has not as many cells as there are columns")
    return Table([str(each) for each in columns], rows)


def write(path: Path, table: Table) -> None:
    """Replace the file as a whole: whoever reads it meanwhile has the one or the other."""
    fresh = path.with_name(f".{path.name}")
    fresh.write_text(json.dumps({"columns": table.columns, "data": table.rows}), encoding="utf-8")
    fresh.replace(path)


def joined(first: Table, second: Table) -> Table:
    """The rows of both, with the columns of both; null where a table lacks one."""
    columns = list(dict.fromkeys([*first.columns, *second.columns]))
    return Table(columns, [*_spread(first, columns), *_spread(second, columns)])


def _spread(table: Table, columns: list[str]) -> list[list[Any]]:
    places = [table.columns.index(each) if each in table.columns else -1 for each in columns]
    return [[None if place < 0 else row[place] for place in places] for row in table.rows]
