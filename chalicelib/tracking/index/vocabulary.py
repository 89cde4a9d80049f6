"""What a search for runs may filter and order by, as in MLflow 3.17 (SearchUtils)."""

from chalicelib.search.field import Entity, Field, Kind
from chalicelib.search.order import Term
from chalicelib.search.vocabulary import LISTED, NULLABLE, NUMERIC, TEXT, TEXTUAL, TIME, Column, Vocabulary

_CREATED = {"created": "start_time", "Created": "start_time"}
_RUN_NAME = {"run name": "run_name", "Run name": "run_name", "Run Name": "run_name"}

RUNS = Vocabulary(
    name="runs",
    prefixes={
        **dict.fromkeys(["attribute", "attributes", "attr", "run"], Entity.ATTRIBUTE),
        **dict.fromkeys(["metric", "metrics"], Entity.METRIC),
        **dict.fromkeys(["parameter", "parameters", "param", "params"], Entity.PARAM),
        **dict.fromkeys(["tag", "tags"], Entity.TAG),
        **dict.fromkeys(["dataset", "datasets"], Entity.DATASET),
    },
    attributes={
        "run_id": Column(Kind.TEXT, TEXTUAL | LISTED),
        **dict.fromkeys(["run_name", "status", "user_id", "artifact_uri"], TEXT),
        **dict.fromkeys(["start_time", "end_time"], TIME),
    },
    open_keys={
        Entity.METRIC: Column(Kind.FLOAT, NUMERIC),
        Entity.PARAM: Column(Kind.TEXT, TEXTUAL | NULLABLE),
        Entity.TAG: Column(Kind.TEXT, TEXTUAL | NULLABLE),
    },
    datasets=dict.fromkeys(["name", "digest", "context"], Column(Kind.TEXT, TEXTUAL | LISTED)),
    sortable=frozenset({Entity.ATTRIBUTE, Entity.METRIC, Entity.PARAM, Entity.TAG}),
    default_order=(),
    tie_breakers=(
        Term(Field(Entity.ATTRIBUTE, "start_time", Kind.INTEGER), ascending=False),
        Term(Field(Entity.ATTRIBUTE, "run_id", Kind.TEXT), ascending=True),
    ),
    max_results=50_000,
    filter_aliases=_CREATED | _RUN_NAME,
    order_aliases=_CREATED,
)
