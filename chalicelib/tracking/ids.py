"""Which ids MLflow accepts for experiments, runs and logged models. Rules and messages: mlflow/utils/validation.py."""

import re

from chalicelib.edge.checks import SHOWN, check_length
from chalicelib.edge.wire import invalid_value
from chalicelib.errors import InvalidParameterValue, ResourceDoesNotExist

# Characters.
RUN_ID = 256
# Our own limit: a model's id becomes part of a sort key, which holds 1,024 bytes. MLflow makes ids of 34 characters.
MODEL_ID = 250

# As the server makes them itself.
NEW_RUN_ID = "^[0-9a-f]{32}$"
NEW_MODEL_ID = "^m-[0-9a-f]{32}$"
_NEW_RUN_ID = re.compile(NEW_RUN_ID)
_NEW_MODEL_ID = re.compile(NEW_MODEL_ID)
_RUN_ID = re.compile(r"^[a-zA-Z0-9][\w\-]{0,255}$")


def experiment_id(text: str) -> str:
    """Return an experiment id in its canonical form. MLflow accepts any text that Python's `int` reads, such as `007`.

    Raises InvalidParameterValue.
    """
    try:
        number = int(text)
    except ValueError as error:
        raise _no_experiment_id(text) from error
    if not -(2**63) <= number < 2**63:
        raise _no_experiment_id(text)
    return str(number)


def _no_experiment_id(text: str) -> InvalidParameterValue:
    return InvalidParameterValue(f"Invalid experiment ID '{text[:SHOWN]}'. Experiment ID must be a valid integer.")


def run_id(text: str) -> str:
    """Return a run id as most calls accept it. An id too long for any run raises ResourceDoesNotExist, as in MLflow."""
    if len(text) > RUN_ID:
        raise ResourceDoesNotExist(f"Run with id={text[:SHOWN]} not found")
    return text


def new_run_id(text: str) -> str:
    """Return the id that a client has chosen for a new run. Raises InvalidParameterValue."""
    if not _NEW_RUN_ID.fullmatch(text):
        raise InvalidParameterValue(
            f"Invalid run_id '{text[:SHOWN]}'. A new run's id has 32 hexadecimal digits in lower case, as in "
            "`uuid.uuid4().hex`."
        )
    return text


def run_id_by_form(text: str) -> str:
    """Return a run id as log-batch and log-inputs accept it. Raises InvalidParameterValue."""
    if not _RUN_ID.match(text):
        raise InvalidParameterValue(invalid_value("run_id", text))
    return text


def new_model_id(text: str) -> str:
    """Return the id that a client has chosen for a new logged model. Raises InvalidParameterValue."""
    if not _NEW_MODEL_ID.fullmatch(text):
        raise InvalidParameterValue(
            f"Invalid model_id '{text[:SHOWN]}'. A new logged model's id is `m-` and 32 hexadecimal digits, lower case."
        )
    return text


def model_id(text: str) -> str:
    """Return a logged model's id, limited in length because it becomes part of a DynamoDB key. MLflow accepts any.

    Raises InvalidParameterValue.
    """
    check_length("model_id", text, MODEL_ID)
    return text
