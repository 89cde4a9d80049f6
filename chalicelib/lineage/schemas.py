"""The request for lineage."""

from typing import Annotated, Literal

from annotated_types import Ge, Le, MaxLen

from chalicelib.edge.wire import Int32, Request, RequiredText


class GetGraph(Request):
    """`id` is a run's or logged model's id, `<name>/<version>` of a version, `<name>@<digest>` of a dataset."""

    kind: Literal["dataset", "run", "logged_model", "model_version"]
    id: Annotated[RequiredText, MaxLen(1000)]
    direction: Literal["up", "down", "both"] = "both"
    depth: Annotated[Int32, Ge(1), Le(20)] = 6
