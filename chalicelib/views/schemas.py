"""The requests about saved views."""

from typing import Annotated

from annotated_types import Ge, Le
from pydantic import AfterValidator, model_validator
from typing_extensions import Self

from chalicelib.edge.wire import Int32, Int64, Request, RequiredText
from chalicelib.tracking import fields
from chalicelib.views import rules

ViewId = Annotated[RequiredText, AfterValidator(rules.view_id)]


class SaveView(Request):
    """`format` is the number of the form in which the page has written `state`."""

    experiment_id: fields.ExperimentId
    name: Annotated[RequiredText, AfterValidator(rules.name)]
    state: Annotated[RequiredText, AfterValidator(rules.state)]
    format: Annotated[Int32, Ge(1), Le(rules.FORMATS)] = 1
    view_id: ViewId | None = None
    version: Annotated[Int64, Ge(1)] | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        rules.check_version(self.view_id, self.version)
        return self


class ListViews(Request):
    experiment_id: fields.ExperimentId


class OfView(Request):
    experiment_id: fields.ExperimentId
    view_id: ViewId
