"""The types of the fields in the registry's requests: the rules of `names.py`, attached to the wire types."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from chalicelib.edge.wire import Int64, RequiredText, Text, invalid_value
from chalicelib.errors import InvalidParameterValue
from chalicelib.registry import names
from chalicelib.tracking import ids

MOST_MODELS, MOST_VERSIONS = 1000, 200_000


def _page(most: int) -> AfterValidator:
    def check(count: int) -> int:
        if not 1 <= count <= most:
            why = f"it must be between 1 and {most}."
            raise InvalidParameterValue(invalid_value("max_results", count, why))
        return count

    return AfterValidator(check)


Name = Annotated[RequiredText, AfterValidator(names.model_name)]
CreatedName = Annotated[RequiredText, AfterValidator(names.created_name)]
RenamedName = Annotated[RequiredText, AfterValidator(names.renamed_name)]
Version = Annotated[int, BeforeValidator(names.version, json_schema_input_type=RequiredText)]
Alias = Annotated[RequiredText, AfterValidator(names.alias)]
NewAlias = Annotated[RequiredText, AfterValidator(names.new_alias)]
TagKey = Annotated[RequiredText, AfterValidator(names.tag_key)]
TagValue = Annotated[Text, AfterValidator(names.tag_value)]
Description = Annotated[Text, AfterValidator(names.description)]
RunId = Annotated[Text, AfterValidator(ids.run_id)]
RunLink = Annotated[Text, AfterValidator(names.run_link)]
PageOfModels = Annotated[Int64, _page(MOST_MODELS)]
PageOfVersions = Annotated[Int64, _page(MOST_VERSIONS)]
