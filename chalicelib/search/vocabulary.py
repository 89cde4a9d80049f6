"""The names, types and operators of each searched entity, as MLflow 3.17 has them (SearchUtils and its subclasses).

A vocabulary is data: `resolve` reads it. Another entity is another table here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.search.field import Entity, Field, Kind
from chalicelib.search.order import Term

_NUMERIC = frozenset({"=", "!=", "<", "<=", ">", ">="})
_TEXTUAL = frozenset({"=", "!=", "LIKE", "ILIKE"})
_LISTED = frozenset({"IN", "NOT IN"})
_NULLABLE = frozenset({"IS NULL", "IS NOT NULL"})


@dataclass(frozen=True)
class Column:
    """The type of some values and the operators that a filter may use on them."""

    kind: Kind
    operators: frozenset[str]


_TIME = Column(Kind.INTEGER, _NUMERIC)
_TEXT = Column(Kind.TEXT, _TEXTUAL)


@dataclass(frozen=True)
class Vocabulary:
    """All that one entity's filters and order_by may say.

    `prefixes` maps what stands before the dot; `attributes` and `datasets` have fixed keys, `open_keys` gives the
    column of every key of the others. Aliases map to names in `attributes`. `tie_breakers` complete an order that
    does not have their fields yet; `default_order` stands in for an empty order_by.
    """

    name: str
    prefixes: Mapping[str, Entity]
    attributes: Mapping[str, Column]
    open_keys: Mapping[Entity, Column]
    sortable: frozenset[Entity]
    default_order: tuple[Term, ...]
    tie_breakers: tuple[Term, ...]
    max_results: int
    datasets: Mapping[str, Column] = field(default_factory=dict)
    filter_aliases: Mapping[str, str] = field(default_factory=dict)
    order_aliases: Mapping[str, str] = field(default_factory=dict)
    prefix_may_be_quoted: bool = True
    fractions_of_integers: bool = True
    """Whether an INTEGER may be compared with `1.5` or `1e3`."""
    lower_case_operators: bool = True
    """Whether LIKE, ILIKE and IN may be in lower case. (NOT IN and IS NULL always may.)"""
    single_quotes_only: bool = False
    """Whether a value in double quotes keeps them as part of the text."""
    numbers_may_be_text: bool = False
    """Whether a number without quotes is good for a text too."""
    quoted_integers: bool = False
    """Whether an INTEGER may be written in quotes."""
    orderable: frozenset[str] = frozenset()
    """What order_by may name, prefix included, where that is not whatever a filter may."""
    repeated_order: bool = False
    """Whether order_by may name a field twice; MLflow answers a 500 for runs."""


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
        "run_id": Column(Kind.TEXT, _TEXTUAL | _LISTED),
        **dict.fromkeys(["run_name", "status", "user_id", "artifact_uri"], _TEXT),
        **dict.fromkeys(["start_time", "end_time"], _TIME),
    },
    open_keys={
        Entity.METRIC: Column(Kind.FLOAT, _NUMERIC),
        Entity.PARAM: Column(Kind.TEXT, _TEXTUAL | _NULLABLE),
        Entity.TAG: Column(Kind.TEXT, _TEXTUAL | _NULLABLE),
    },
    datasets=dict.fromkeys(["name", "digest", "context"], Column(Kind.TEXT, _TEXTUAL | _LISTED)),
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

_EXPERIMENT_ID = Field(Entity.ATTRIBUTE, "experiment_id", Kind.INTEGER_TEXT)

EXPERIMENTS = Vocabulary(
    name="experiments",
    prefixes={"attribute": Entity.ATTRIBUTE, "tag": Entity.TAG, "tags": Entity.TAG},
    attributes={
        "name": _TEXT,
        "experiment_id": Column(Kind.INTEGER_TEXT, frozenset({"=", "!="}) | _LISTED),
        **dict.fromkeys(["creation_time", "last_update_time"], _TIME),
    },
    open_keys={Entity.TAG: Column(Kind.TEXT, _TEXTUAL | _NULLABLE)},
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

_CREATION = "creation_timestamp_ms"
_LOGGED_MODEL_TIMES = {
    "creation_time": _CREATION,
    "creation_timestamp": _CREATION,
    "last_updated_timestamp": "last_updated_timestamp_ms",
}
_LISTABLE_TEXT = Column(Kind.TEXT, _TEXTUAL | _LISTED)

LOGGED_MODELS = Vocabulary(
    name="logged models",
    prefixes={
        "attributes": Entity.ATTRIBUTE,
        "metrics": Entity.LOGGED_METRIC,
        "params": Entity.PARAM,
        "tags": Entity.TAG,
    },
    attributes={
        # `status` is the number of the status, as text: that is what MLflow compares.
        **dict.fromkeys(["name", "model_id", "model_type", "source_run_id", "status"], _LISTABLE_TEXT),
        **dict.fromkeys(["artifact_location", "lifecycle_stage", "status_message"], _LISTABLE_TEXT),
        "experiment_id": Column(Kind.INTEGER_TEXT, frozenset({"=", "!="}) | _LISTED),
        **dict.fromkeys([_CREATION, "last_updated_timestamp_ms"], _TIME),
    },
    open_keys={
        Entity.LOGGED_METRIC: Column(Kind.FLOAT, _NUMERIC),
        Entity.PARAM: _LISTABLE_TEXT,
        Entity.TAG: _LISTABLE_TEXT,
    },
    # The protocol gives the order as messages, of which `tracking/logged_model_search.py` makes terms.
    sortable=frozenset(),
    default_order=(),
    tie_breakers=(
        Term(Field(Entity.ATTRIBUTE, _CREATION, Kind.INTEGER), ascending=False),
        Term(Field(Entity.ATTRIBUTE, "model_id", Kind.TEXT), ascending=True),
    ),
    max_results=50_000,
    filter_aliases=_LOGGED_MODEL_TIMES,
    order_aliases=_LOGGED_MODEL_TIMES,
    prefix_may_be_quoted=False,
    single_quotes_only=True,
    numbers_may_be_text=True,
    repeated_order=True,
)
