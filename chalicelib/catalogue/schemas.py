"""The requests to the catalogue, which MLflow does not have. All fields are optional except a path."""

from typing import Annotated, Literal

from annotated_types import Ge, Le, MaxLen

from chalicelib.artifacts.schemas import ReadPath
from chalicelib.edge.wire import Int32, Request, Text, named
from chalicelib.tracking.fields import ListedExperimentId

# An entry in a list may have 64 flavors, which take 15 KB; a Lambda's reply must stay below 4.5 MB.
MaxResults = Annotated[Int32, Ge(1), Le(200)]
Filter = Annotated[Text, MaxLen(300)]
Status = Annotated[Literal["READY", "FAILED"], named("READY", "FAILED")]


class SearchCatalogue(Request):
    """An entry must match all given fields. `flavor_version` is the start of a framework's version: `1.` or `1.7.2`."""

    flavor: Filter | None = None
    flavor_version: Filter | None = None
    experiment_id: ListedExperimentId | None = None
    run_id: Filter | None = None
    status: Status | None = None
    max_results: MaxResults = 100
    page_token: Text | None = None


class GetEntry(Request):
    """`path` is a model's folder or its MLmodel file, as a key of the bucket."""

    path: ReadPath
