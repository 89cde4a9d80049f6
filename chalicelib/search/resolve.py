"""From a clause's syntax to its meaning in a vocabulary. A clause without one is refused."""

from collections.abc import Sequence

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.field import Entity, Field, Kind, Value
from chalicelib.search.grammar import Clause, Identifier, Literal, Number, Operator, parse_filter, parse_order_entry
from chalicelib.search.match import Comparison
from chalicelib.search.order import Ordering, Term
from chalicelib.search.source import Place
from chalicelib.search.vocabulary import Column, Vocabulary

MAX_ORDER_ENTRIES = 64
_INT64 = range(-(2**63), 2**63)


def comparisons(vocabulary: Vocabulary, text: str) -> list[Comparison]:
    """The comparisons of a filter, all of which must hold. Raises InvalidParameterValue."""
    return [_comparison(vocabulary, clause) for clause in parse_filter(text)]


def ordering(vocabulary: Vocabulary, order_by: Sequence[str]) -> Ordering:
    """The order of the results, with the vocabulary's tie-breakers. Raises InvalidParameterValue."""
    if len(order_by) > MAX_ORDER_ENTRIES:
        raise InvalidParameterValue(f"Invalid order_by: more than {MAX_ORDER_ENTRIES} entries.")
    terms: list[Term] = []
    for text in order_by:
        term = _term(vocabulary, text)
        if not vocabulary.repeated_order and any(term.field == earlier.field for earlier in terms):
            raise InvalidParameterValue(
                f"Invalid order_by: it contains duplicate fields; the second is '{text[:100]}'."
            )
        terms.append(term)
    return completed(vocabulary, terms)


def completed(vocabulary: Vocabulary, terms: Sequence[Term]) -> Ordering:
    """The order by these terms, or by default, then by the vocabulary's tie-breakers."""
    terms = terms or vocabulary.default_order
    ordered = {term.field for term in terms}
    return Ordering([*terms, *(term for term in vocabulary.tie_breakers if term.field not in ordered)])


def _term(vocabulary: Vocabulary, text: str) -> Term:
    entry = parse_order_entry(text)
    entity, key = _named(vocabulary, entry.identifier)
    if vocabulary.orderable and _spelled(entry.identifier) not in vocabulary.orderable:
        raise entry.identifier.place.fault(f"expected one of {', '.join(sorted(vocabulary.orderable))}.")
    if entity not in vocabulary.sortable:
        raise entry.identifier.place.fault(f"{vocabulary.name} cannot be ordered by a {entity.value}.")
    key = vocabulary.order_aliases.get(key, key) if entity is Entity.ATTRIBUTE else key
    column = _column(vocabulary, entity, key, entry.identifier.place)
    return Term(Field(entity, key, column.kind), entry.ascending)


def _spelled(identifier: Identifier) -> str:
    return identifier.key if identifier.prefix is None else f"{identifier.prefix}.{identifier.key}"


def _comparison(vocabulary: Vocabulary, clause: Clause) -> Comparison:
    entity, key = _named(vocabulary, clause.identifier)
    key = vocabulary.filter_aliases.get(key, key) if entity is Entity.ATTRIBUTE else key
    column = _column(vocabulary, entity, key, clause.identifier.place)
    _check_operator(vocabulary, column, clause.operator)
    value = None if clause.literal is None else _value(vocabulary, column, clause.literal, clause.literal_place)
    return Comparison(Field(entity, key, column.kind), clause.operator.name, value)


def _named(vocabulary: Vocabulary, identifier: Identifier) -> tuple[Entity, str]:
    if identifier.prefix is None:
        return Entity.ATTRIBUTE, identifier.key
    entity = vocabulary.prefixes.get(identifier.prefix)
    if entity is None or (identifier.prefix_quoted and not vocabulary.prefix_may_be_quoted):
        raise identifier.place.fault(f"expected one of {', '.join(vocabulary.prefixes)} before the dot.")
    return entity, identifier.key


def _column(vocabulary: Vocabulary, entity: Entity, key: str, place: Place) -> Column:
    if entity in vocabulary.open_keys:
        if len(key) > vocabulary.key_characters:
            raise place.fault(f"no {entity.value} has a key of more than {vocabulary.key_characters} characters.")
        return vocabulary.open_keys[entity]
    columns = vocabulary.datasets if entity is Entity.DATASET else vocabulary.attributes
    if key not in columns:
        known = ", ".join(name for name, column in columns.items() if column.operators)
        raise place.fault(f"{vocabulary.name} have no such {entity.value}, only {known}.")
    return columns[key]


def _check_operator(vocabulary: Vocabulary, column: Column, operator: Operator) -> None:
    if not column.operators:
        raise operator.place.fault(f"{vocabulary.name} can only be ordered by this.")
    if operator.name not in column.operators:
        raise operator.place.fault(f"expected one of {', '.join(sorted(column.operators))} here.")
    if operator.spelled != operator.name and " " not in operator.name and not vocabulary.lower_case_operators:
        raise operator.place.fault(f"write {operator.name} in capitals, as MLflow requires for {vocabulary.name}.")


def _value(vocabulary: Vocabulary, column: Column, literal: Literal, place: Place) -> Value | tuple[Value, ...]:
    if isinstance(literal, tuple):
        return tuple([_text(column, text, place) for text in literal])
    if isinstance(literal, Number):
        if vocabulary.numbers_may_be_text and column.kind in (Kind.TEXT, Kind.INTEGER_TEXT):
            return _text(column, literal.text, place)
        return _number(vocabulary, column, literal.text, place)
    if vocabulary.single_quotes_only and place.text[place.at] == '"':
        return _text(column, f'"{literal}"', place)
    if vocabulary.quoted_integers and column.kind is Kind.INTEGER:
        return _integer(literal, place)
    return _text(column, literal, place)


def _text(column: Column, text: str, place: Place) -> Value:
    if column.kind is Kind.TEXT:
        return text
    if column.kind is Kind.INTEGER_TEXT:
        return _integer(text, place)
    raise place.fault("expected a number without quotes.")


def _number(vocabulary: Vocabulary, column: Column, text: str, place: Place) -> Value:
    if column.kind is Kind.FLOAT:
        return float(text)
    if column.kind is not Kind.INTEGER:
        raise place.fault("expected a text in quotes.")
    if text.lstrip("-").isdecimal():
        return _integer(text, place)
    if not vocabulary.fractions_of_integers:
        raise place.fault("expected a whole number.")
    return float(text)


def _integer(text: str, place: Place) -> int:
    """Parsed by Python, as in MLflow. A number beyond int64 is a 500 there and refused here."""
    try:
        value = int(text)
    except ValueError:
        raise place.fault("expected a whole number.") from None
    if value not in _INT64:
        raise place.fault("this number is too large.")
    return value
