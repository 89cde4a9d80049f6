"""What a search for experiments may filter and order by, as in MLflow 3.17 (SearchExperimentsUtils)."""

from chalicelib.search.field import Entity, Field, Kind
from chalicelib.search.order import Term
from chalicelib.search.vocabulary import LISTED, NULLABLE, TEXT, TEXTUAL, TIME, Column, Vocabulary

_EXPERIMENT_ID = Field(Entity.ATTRIBUTE, "experiment_id", Kind.INTEGER_TEXT)

EXPERIMENTS = Vocabulary(
    name="experiments",
    prefixes={"attribute": Entity.ATTRIBUTE, "tag": Entity.TAG, "tags": Entity.TAG},
    attributes={
        "name": TEXT,
        "experiment_id": Column(Kind.INTEGER_TEXT, frozenset({"=", "!="}) | LISTED),
        **dict.fromkeys(["creation_time", "last_update_time"], TIME),
    },
    open_keys={Entity.TAG: Column(Kind.TEXT, TEXTUAL | NULLABLE)},
    sortable=frozenset({Entity.ATTRIBUTE}),
    default_order=(
        Term(Field(Entity.ATTRIBUTE, "creation_time", Kind.INTEGER), ascending=False),
        Term(_EXPERIMENT_ID, ascending=True),
    ),
    tie_breakers=(Term(_EXPERIMENT_ID, ascending=False),),
    max_results=50_000,
    prefix_may_be_quoted=False,
    fractions_of_integers=False,
    lower_case_operators=False,
    repeated_order=True,
)
