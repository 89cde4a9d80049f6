"""The requests about reproductions."""

from typing import Annotated

from annotated_types import Ge, Le
from pydantic import AfterValidator, Field, model_validator
from typing_extensions import Self

from chalicelib.edge.wire import Double, Int32, Int64, Request, RequiredText, Text
from chalicelib.reproductions import rules
from chalicelib.tracking import fields

Count = Annotated[Int64, Ge(0)]
MaxResults = Annotated[Int32, Ge(1), Le(100)]


class Differences(Request):
    """How many values (of metrics, artifacts, predictions) came out how."""

    equal: Count = 0
    within_tolerance: Count = 0
    different: Count = 0
    missing: Count = 0


class CreateReproduction(Request):
    """`run_id` is the run that was reproduced, `reproduced_run_id` the run that came out."""

    run_id: fields.RunId
    reproduced_run_id: fields.RunId
    verdict: rules.Verdict
    tolerance: Annotated[Double, AfterValidator(rules.tolerance)] | None = None
    differences: Differences = Field(default_factory=Differences)
    report: Annotated[RequiredText, AfterValidator(rules.report)] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        rules.check_pair(self.run_id, self.reproduced_run_id)
        rules.check_verdict(self.verdict, self.tolerance)
        return self


class SearchReproductions(Request):
    """In both directions: the reproductions of the run, and what it reproduces itself."""

    run_id: fields.RunId
    max_results: MaxResults = 100
    page_token: Text = ""
