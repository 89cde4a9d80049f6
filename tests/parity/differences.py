"""Where ours answers differently from MLflow 3.17.2 on purpose, and why.

Each entry is stricter than MLflow, or no longer a 500: MLflow's own client repeats a 500 for four minutes and then
loses its message. A call that names an entry must be answered by both servers exactly as it says, so an entry that has
become untrue fails as well.
"""

import math
import sys
from dataclasses import dataclass
from typing import Any

Answer = tuple[int, str | None]

OK: Answer = (200, None)
INVALID: Answer = (400, "INVALID_PARAMETER_VALUE")
# MLflow's page for an exception that nobody caught is HTML, without an error_code.
CRASH: Answer = (500, None)


@dataclass(frozen=True)
class Difference:
    reason: str
    theirs: Answer
    ours: Answer


DIFFERENCES = {
    "rename of a deleted experiment": Difference(
        "A state that the user can mend is no fault of the server.", (500, "INVALID_STATE"), (400, "INVALID_STATE")
    ),
    "one field twice in order_by": Difference(
        "The request is wrong, not the server.", (500, "INTERNAL_ERROR"), INVALID
    ),
    "an entry that is no object": Difference("MLflow does not look before it reads the entry.", CRASH, INVALID),
    "model_json that is no object": Difference("MLflow does not look before it reads the keys.", CRASH, INVALID),
    "JSON that is no object": Difference("MLflow does not look before it reads the fields.", CRASH, INVALID),
    "a list where a number belongs": Difference("MLflow calls int() or float() on it.", CRASH, INVALID),
    "a size that is no number": Difference("get-history-bulk calls int() on it.", CRASH, INVALID),
    "null where a list belongs": Difference("Null is an unset field everywhere else in the protocol.", CRASH, OK),
    "a nested value of the wrong type": Difference(
        "MLflow keeps what it had parsed so far and stores an empty text or a zero in its place.", OK, INVALID
    ),
    "a fraction where an integer belongs": Difference("MLflow stops parsing there and stores a zero.", OK, INVALID),
    "beyond int64": Difference("MLflow stops parsing there and stores a zero.", OK, INVALID),
    "a boolean as an integer": Difference("MLflow stops parsing there and stores a zero.", OK, INVALID),
    "an unknown name in an enumeration": Difference(
        "MLflow ignores it: a status would silently not be set, a search show runs of another state.", OK, INVALID
    ),
    "a list where a text belongs": Difference("MLflow drops what it cannot parse and searches nothing.", OK, INVALID),
    "a history page size that is no number": Difference("MLflow drops it and answers everything.", OK, INVALID),
    "malformed JSON": Difference("MLflow takes what it cannot read for an empty request.", OK, INVALID),
    "a field given twice": Difference("Two readers of one request may each believe another value.", OK, INVALID),
    "a bare token that is no JSON number": Difference(
        "NaN and Infinity travel as texts; MLflow fails to parse the bare token and stores a zero.", OK, INVALID
    ),
    "nan in small letters": Difference("The protocol writes NaN; MLflow stores a zero at time zero.", OK, INVALID),
    "an unknown path": Difference(
        "An HTML page in MLflow; its client looks for the error_code in order to try an older endpoint.",
        (404, None),
        (404, "ENDPOINT_NOT_FOUND"),
    ),
    "a param or tag without a key": Difference("Such a one can hardly be meant, and not be filtered by.", OK, INVALID),
    "a model id in the path alone": Difference("The path says which model; that is enough.", INVALID, OK),
    "another value of a model's metric at the same place": Difference(
        "MLflow stores the run's point, then refuses the model's; ours keeps both, as it does those of runs.",
        (400, "BAD_REQUEST"),
        OK,
    ),
    "a filter that MLflow fails on": Difference(
        "The request is wrong, not the server.", (500, "INTERNAL_ERROR"), INVALID
    ),
    "an alias behind attributes.": Difference(
        "MLflow knows creation_timestamp alone, and behind `attributes.` only creation_timestamp_ms.",
        (500, "INTERNAL_ERROR"),
        OK,
    ),
    "a text without quotes": Difference("A typing error must not be searched for.", OK, INVALID),
    "a key that is too long for any": Difference(
        "No metric, param or tag has such a key; MLflow looks for it and finds nothing.", OK, INVALID
    ),
    "a page token of nobody": Difference("MLflow does not expect it to be no JSON.", CRASH, INVALID),
    "a negative page of logged models": Difference("MLflow answers an empty page with a token.", OK, INVALID),
    "a name that could be taken for another": Difference(
        "Percent-encoded, not in normal form, with characters that nobody sees or blanks at its ends, or longer than "
        "MLflow's column.",
        OK,
        INVALID,
    ),
    "a registered model that is called *": Difference("Permissions name all models so.", OK, INVALID),
    "a look for a name that nobody may have": Difference(
        "It is refused as it would be of a new model.", (404, "RESOURCE_DOES_NOT_EXIST"), INVALID
    ),
    "a version beyond int64": Difference(
        "MLflow hands it to SQLite.", (500, "INTERNAL_ERROR"), (404, "RESOURCE_DOES_NOT_EXIST")
    ),
    "archiving for a stage that does not serve": Difference(
        "The request is wrong, not the server.", (500, "INTERNAL_ERROR"), INVALID
    ),
    "a source on a host that MLflow would connect to": Difference(
        "MLflow's server opens sources, so it refuses a host that a stranger names. Ours opens none.", INVALID, OK
    ),
    "a prompt of a run that is not there": Difference(
        "MLflow does not look whether there is such a run.", OK, (404, "RESOURCE_DOES_NOT_EXIST")
    ),
    "a source that is not there": Difference("MLflow does not look whether there is such a run.", OK, INVALID),
    "a logged model that is not there": Difference(
        "The request is wrong, not the server.", (500, "INTERNAL_ERROR"), (404, "RESOURCE_DOES_NOT_EXIST")
    ),
    "a stage that no version is in": Difference(
        "The request is wrong, not the server.", (500, "INTERNAL_ERROR"), (404, "RESOURCE_DOES_NOT_EXIST")
    ),
    "a path that is written in two ways": Difference("Each file has one path here, taken literally.", OK, INVALID),
    "a place on one machine's own disk": Difference(
        "Other clients would not find the files there, and the server that was told of them does not have them.",
        OK,
        INVALID,
    ),
    "another folder of our own storage": Difference(
        "It could be that of another experiment; who may read a file is decided by the experiment in its path.",
        OK,
        INVALID,
    ),
    "a place that is no storage": Difference("MLflow finds out when the first file is uploaded.", OK, INVALID),
    "an empty page": Difference("MLflow answers none, with a token of a page behind it, for ever.", OK, INVALID),
    "a wrong method": Difference("An HTML page in MLflow.", (405, None), (405, "ENDPOINT_NOT_FOUND")),
}


def excuse(theirs: Any, ours: Any) -> bool:
    """May these two values of one field differ? Both known ways concern numbers that JSON has no token for."""
    return _infinite_kept(theirs, ours) or _nan_quoted(theirs, ours)


def _infinite_kept(theirs: Any, ours: Any) -> bool:
    # MLflow's SQL stores clamp an infinite metric to the largest float64; ours gives back what was logged.
    largest = sys.float_info.max
    return (theirs, ours) in {(largest, "Infinity"), (-largest, "-Infinity")}


def _nan_quoted(theirs: Any, ours: Any) -> bool:
    # get-history-bulk of MLflow emits the bare token NaN, which no strict JSON parser reads; ours quotes it as all
    # other endpoints of both servers do.
    return isinstance(theirs, float) and math.isnan(theirs) and ours == "NaN"
