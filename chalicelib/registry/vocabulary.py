"""The vocabularies of registered models and their versions, as MLflow 3.17 has them.

Rules: SearchModelUtils and SearchModelVersionUtils in mlflow/utils/search_utils.py, and how the SQL store applies them.
An attribute that is only for order_by has no operators.
"""

from chalicelib.search.field import Entity, Field, Kind
from chalicelib.search.order import Term
from chalicelib.search.vocabulary import LISTABLE_TEXT, NUMERIC, TEXT, Column, Vocabulary

_TIME_TO_ORDER_BY = Column(Kind.INTEGER, frozenset())

_PREFIXES = {"attribute": Entity.ATTRIBUTE, "tag": Entity.TAG, "tags": Entity.TAG}
_BY_NAME = Term(Field(Entity.ATTRIBUTE, "name", Kind.TEXT), ascending=True)
_UPDATED = "last_updated_timestamp"
_OF_VERSIONS = ("name", "version_number", "creation_timestamp", _UPDATED)

REGISTERED_MODELS = Vocabulary(
    name="registered models",
    prefixes=_PREFIXES,
    attributes={"name": LISTABLE_TEXT, _UPDATED: _TIME_TO_ORDER_BY},
    open_keys={Entity.TAG: TEXT},
    sortable=frozenset({Entity.ATTRIBUTE}),
    default_order=(_BY_NAME,),
    tie_breakers=(_BY_NAME,),
    max_results=1000,
    order_aliases={"timestamp": _UPDATED},
    prefix_may_be_quoted=False,
    orderable=frozenset({"name", "timestamp", _UPDATED}),
)

MODEL_VERSIONS = Vocabulary(
    name="model versions",
    prefixes=_PREFIXES,
    attributes={
        **dict.fromkeys(["name", "run_id"], LISTABLE_TEXT),
        "source_path": TEXT,
        "version_number": Column(Kind.INTEGER, NUMERIC),
        **dict.fromkeys(["creation_timestamp", _UPDATED], _TIME_TO_ORDER_BY),
    },
    open_keys={Entity.TAG: TEXT},
    sortable=frozenset({Entity.ATTRIBUTE}),
    default_order=(Term(Field(Entity.ATTRIBUTE, _UPDATED, Kind.INTEGER), ascending=False),),
    tie_breakers=(
        _BY_NAME,
        Term(Field(Entity.ATTRIBUTE, "version_number", Kind.INTEGER), ascending=False),
    ),
    max_results=200_000,
    prefix_may_be_quoted=False,
    fractions_of_integers=False,
    quoted_integers=True,
    orderable=frozenset(prefix + key for prefix in ("", "attribute.") for key in _OF_VERSIONS),
)
