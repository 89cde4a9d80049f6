"""What a search for logged models may filter and order by, as in MLflow 3.17 (SearchLoggedModelsUtils)."""

from chalicelib.search.field import Entity, Field, Kind
from chalicelib.search.order import Term
from chalicelib.search.vocabulary import LISTABLE_TEXT, LISTED, NUMERIC, TIME, Column, Vocabulary

# The column length in MLflow's tables. MLflow on SQLite does not enforce it; DynamoDB limits the length of field names.
KEY = 255

_CREATION = "creation_timestamp_ms"
_LOGGED_MODEL_TIMES = {
    "creation_time": _CREATION,
    "creation_timestamp": _CREATION,
    "last_updated_timestamp": "last_updated_timestamp_ms",
}

LOGGED_MODELS = Vocabulary(
    name="logged models",
    prefixes={
        "attributes": Entity.ATTRIBUTE,
        "metrics": Entity.LOGGED_METRIC,
        "params": Entity.PARAM,
        "tags": Entity.TAG,
    },
    attributes={
        # `status` is the number of the status, as text, because MLflow compares that.
        **dict.fromkeys(["name", "model_id", "model_type", "source_run_id", "status"], LISTABLE_TEXT),
        **dict.fromkeys(["artifact_location", "lifecycle_stage", "status_message"], LISTABLE_TEXT),
        "experiment_id": Column(Kind.INTEGER_TEXT, frozenset({"=", "!="}) | LISTED),
        **dict.fromkeys([_CREATION, "last_updated_timestamp_ms"], TIME),
    },
    open_keys={
        Entity.LOGGED_METRIC: Column(Kind.FLOAT, NUMERIC),
        Entity.PARAM: LISTABLE_TEXT,
        Entity.TAG: LISTABLE_TEXT,
    },
    # The protocol gives the order as messages, which `search.py` turns into terms.
    sortable=frozenset(),
    default_order=(),
    tie_breakers=(
        Term(Field(Entity.ATTRIBUTE, _CREATION, Kind.INTEGER), ascending=False),
        Term(Field(Entity.ATTRIBUTE, "model_id", Kind.TEXT), ascending=True),
    ),
    max_results=50_000,
    key_characters=KEY,
    filter_aliases=_LOGGED_MODEL_TIMES,
    order_aliases=_LOGGED_MODEL_TIMES,
    prefix_may_be_quoted=False,
    single_quotes_only=True,
    numbers_may_be_text=True,
    repeated_order=True,
)
