"""Field types that the requests of several tracking rooms share: ids, and the lifecycle stages to view."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.edge.wire import Repeated, RequiredText, Text, named, spelled
from chalicelib.errors import InvalidParameterValue
from chalicelib.tracking import ids

ExperimentId = Annotated[RequiredText, AfterValidator(ids.experiment_id)]
ListedExperimentId = Annotated[Text, AfterValidator(ids.experiment_id)]

# The most experiments that one search may name.
MOST_EXPERIMENTS = 10_000


def _few(experiment_ids: list[str]) -> list[str]:
    """The ids, each once. Raises InvalidParameterValue if they are too many."""
    distinct = list(dict.fromkeys(experiment_ids))
    if len(distinct) > MOST_EXPERIMENTS:
        raise InvalidParameterValue(
            f"Invalid experiment_ids: {len(distinct)} experiments are more than the {MOST_EXPERIMENTS} that one search "
            "may name. Search them in several calls."
        )
    return distinct


ExperimentIds = Annotated[Repeated[ListedExperimentId], AfterValidator(_few)]

RunId = Annotated[RequiredText, AfterValidator(ids.run_id)]
NewRunId = Annotated[Text, AfterValidator(ids.new_run_id), Field(json_schema_extra={"pattern": ids.NEW_RUN_ID})]
# Some calls also accept `run_uuid`, the field's name before MLflow 1.0.
RunIdOrUuid = Annotated[RunId, Field(validation_alias=spelled("run_id", "run_uuid"))]
RunIdByForm = Annotated[RequiredText, AfterValidator(ids.run_id_by_form)]

NewModelId = Annotated[Text, AfterValidator(ids.new_model_id), Field(json_schema_extra={"pattern": ids.NEW_MODEL_ID})]
ModelId = Annotated[RequiredText, AfterValidator(ids.model_id)]

ViewType = Annotated[Literal["ACTIVE_ONLY", "DELETED_ONLY", "ALL"], named("ACTIVE_ONLY", "DELETED_ONLY", "ALL")]
