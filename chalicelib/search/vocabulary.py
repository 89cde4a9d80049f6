"""What one entity's filters and order_by may contain: names, types and operators, as data that `resolve` reads.

Each entity's vocabulary is beside the entity, in a module `vocabulary.py`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from chalicelib.search.field import Entity, Kind
from chalicelib.search.order import Term

NUMERIC = frozenset({"=", "!=", "<", "<=", ">", ">="})
TEXTUAL = frozenset({"=", "!=", "LIKE", "ILIKE"})
LISTED = frozenset({"IN", "NOT IN"})
NULLABLE = frozenset({"IS NULL", "IS NOT NULL"})


class Column(NamedTuple):
    """The type of some values and the operators that a filter may use on them."""

    kind: Kind
    operators: frozenset[str]


TIME = Column(Kind.INTEGER, NUMERIC)
TEXT = Column(Kind.TEXT, TEXTUAL)
LISTABLE_TEXT = Column(Kind.TEXT, TEXTUAL | LISTED)


class Vocabulary(NamedTuple):
    """What one entity's filters and order_by may name.

    `prefixes` maps the part before the dot; `attributes` and `datasets` have fixed keys, `open_keys` gives the
    column of every key of the others. Aliases map to names in `attributes`. `tie_breakers` complete an order that
    does not have their fields yet; `default_order` replaces an empty order_by.
    """

    name: str
    prefixes: Mapping[str, Entity]
    attributes: Mapping[str, Column]
    open_keys: Mapping[Entity, Column]
    sortable: frozenset[Entity]
    default_order: tuple[Term, ...]
    tie_breakers: tuple[Term, ...]
    max_results: int
    key_characters: int = 250
    """The longest key that a metric, param or tag can have: no other is looked for."""
    datasets: Mapping[str, Column] = MappingProxyType({})
    filter_aliases: Mapping[str, str] = MappingProxyType({})
    order_aliases: Mapping[str, str] = MappingProxyType({})
    prefix_may_be_quoted: bool = True
    fractions_of_integers: bool = True
    """Whether an INTEGER may be compared with `1.5` or `1e3`."""
    lower_case_operators: bool = True
    """Whether LIKE, ILIKE and IN may be in lower case. (NOT IN and IS NULL always may.)"""
    single_quotes_only: bool = False
    """Whether a value in double quotes keeps them as part of the text."""
    numbers_may_be_text: bool = False
    """Whether a number without quotes may be compared with a text."""
    quoted_integers: bool = False
    """Whether an INTEGER may be written in quotes."""
    orderable: frozenset[str] = frozenset()
    """What order_by may name, prefix included, if that differs from what a filter may."""
    repeated_order: bool = False
    """Whether order_by may name a field twice; MLflow answers a 500 for runs."""
