"""The requests that search runs and rebuild an index."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.edge.checks import SEARCH_PAGE, positive_page
from chalicelib.edge.wire import Int32, Repeated, Request, Text, wrong_type
from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking import fields


def _page(count: int) -> int:
    """Return the `max_results` of a search for runs. Raises InvalidParameterValue."""
    if count > SEARCH_PAGE:
        raise InvalidParameterValue(wrong_type("max_results", count))
    return positive_page(count)


class SearchRuns(Request):
    experiment_ids: fields.ExperimentIds = Field(default_factory=list)
    filter: Text = ""
    max_results: Annotated[Int32, AfterValidator(_page)] = 1000
    order_by: Repeated[Text] = Field(default_factory=list)
    run_view_type: fields.ViewType = "ACTIVE_ONLY"
    page_token: Text | None = None


class RebuildIndex(Request):
    experiment_id: fields.ExperimentId
    page_token: Text | None = None
