"""The requests that read columns and their names."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.edge.checks import check_length
from chalicelib.edge.wire import Int32, Repeated, Request, Text, invalid_value
from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking import fields
from chalicelib.tracking.columns import naming
from chalicelib.tracking.index.schemas import SearchRuns

MOST_ROWS = 5_000
MOST_COLUMNS = 60
# A cursor of so many rows has 147,000 characters.
_CURSOR_CHARACTERS = 200_000


def _page(count: int) -> int:
    """Return the `max_results`. Raises InvalidParameterValue."""
    if not 1 <= count <= MOST_ROWS:
        raise InvalidParameterValue(f"{invalid_value('max_results', count)} It must be between 1 and {MOST_ROWS}.")
    return count


def _columns(names: list[str]) -> list[str]:
    """Return the names, each once. Raises InvalidParameterValue."""
    distinct = list(dict.fromkeys(names))
    if len(distinct) > MOST_COLUMNS:
        raise InvalidParameterValue(
            f"Invalid columns: {len(distinct)} are more than the {MOST_COLUMNS} that one call may name."
        )
    for name in distinct:
        naming.column(name)
    return distinct


def _cursor(text: str) -> str:
    check_length("since", text, _CURSOR_CHARACTERS)
    return text


class ReadColumns(SearchRuns):
    max_results: Annotated[Int32, AfterValidator(_page)] = 1000
    columns: Annotated[Repeated[Text], AfterValidator(_columns)] = Field(default_factory=list)
    since: Annotated[Text, AfterValidator(_cursor)] | None = None


class NameColumns(Request):
    experiment_ids: fields.ExperimentIds = Field(default_factory=list)
