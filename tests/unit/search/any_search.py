"""Random filters and orders, whatever they are asked of: records of ours, or MLflow's own store."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from chalicelib.search.record import Record
from chalicelib.search.vocabulary import Vocabulary
from chalicelib.tracking.index.vocabulary import RUNS

METRIC_KEYS = ["m", "loss.val", "acc rate", "é", "a/b", "3d", "in"]
TEXT_KEYS = ["p", "opt.lr", "batch size", "日本", "order", "a."]
NUMBERS = ["0", "-0", "1", "-1", "1.", ".5", "-.5", "1e3", "5E-324", "1.0e0", "1000", "2000", "3.0", "9007199254740993"]
TEXTS = ["alpha", "Alpha", "ALPHA", "alphabet", "a_b", "a%b", "axb", "it's", 'say "hi"', "日本", "é", "", "x y", " x"]
TEXTS += ["back\\slash", "1", "10", "line\nbreak", "`tick`"]
EDGES = [("train set", "d1"), ("train set", "d2"), ("test", "d1"), ("日本", "d3"), ("it's", "d4")]
CONTEXTS = ["training", "Training", "eval"]
USERS = ["ann", "Ann", "日本"]

RELATIONS = ["=", "!=", "<", "<=", ">", ">="]
PATTERNS = ["LIKE", "ILIKE"]
LISTS = ["IN", "NOT IN"]
NULLS = ["IS NULL", "IS NOT NULL"]
WORDS = [*RELATIONS[:2], *PATTERNS]


@dataclass(frozen=True)
class Field:
    """Where random clauses are made from: `spellings` of a name, what it may be compared with, and how."""

    spellings: Sequence[str]
    operators: Sequence[str]
    numbers: Sequence[str] = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Language:
    """What questions about one entity are made of."""

    vocabulary: Vocabulary
    fields: Sequence[Field]
    orders: Sequence[str]


RUN_ORDERS = ["start_time", "created", "end_time", "run_id", "attr.run_name", "status", "user_id", "artifact_uri"]
RUN_ORDERS += [f"metrics.`{key}`" for key in METRIC_KEYS] + ['metrics."acc rate"', "metrics.m", "`metrics`.loss.val"]
RUN_ORDERS += [f"{prefix}.`{key}`" for prefix in ("params", "tags") for key in TEXT_KEYS]


def spellings(prefixes: Sequence[str], key: str) -> list[str]:
    bare = [key] * 3 if key.replace(".", "").isalnum() and key != "in" else []
    return [f"{prefix}.{name}" for prefix in prefixes for name in [*bare, f"`{key}`", f'"{key}"', f"'{key}'"]]


def of_runs(records: Sequence[Record], numbers: Sequence[str] = NUMBERS, texts: Sequence[str] = TEXTS) -> Language:
    """Questions about runs like these, whose values are among these numbers and texts."""
    fields = [Field(spellings(["metrics", "metric", "`metrics`"], key), RELATIONS, numbers) for key in METRIC_KEYS]
    for prefix in (["params", "param", "parameter"], ["tags", "tag", "`tag`"]):
        fields += [Field(spellings(prefix, key), [*WORDS, *NULLS], (), texts) for key in TEXT_KEYS]
    for key, values in (
        ("name", [name for name, _ in EDGES]),
        ("digest", [d for _, d in EDGES]),
        ("context", CONTEXTS),
    ):
        fields.append(Field([f"dataset.{key}", f"datasets.`{key}`"], [*WORDS, *LISTS], (), values))
    return Language(RUNS, [*fields, *_attributes(records, numbers, texts)], RUN_ORDERS)


def _attributes(records: Sequence[Record], numbers: Sequence[str], texts: Sequence[str]) -> list[Field]:
    prefixes = ["", "attribute.", "attributes.", "attr.", "run."]
    named = [f"{prefix}{name}" for prefix in prefixes for name in ["run_name", "`run name`", '"Run Name"']]
    return [
        Field(named, WORDS, (), texts),
        Field(["tags.mlflow.runName"], [*WORDS, *NULLS], (), texts),
        Field(["status", "attr.status"], WORDS, (), ["FINISHED", "RUNNING", "finished", "FAILED"]),
        Field(["user_id"], WORDS, (), USERS),
        Field(["artifact_uri"], WORDS, (), [str(record.attributes["artifact_uri"]) for record in records]),
        Field(["run_id", "attribute.`run_id`"], [*WORDS, *LISTS], (), [record.id for record in records]),
        Field(["start_time", "created", "attributes.Created"], RELATIONS, numbers),
        Field(["end_time", "run.end_time"], RELATIONS, numbers),
    ]


def any_filter(language: Language, wrong: Sequence[str], rng: Random) -> str:
    """Up to three clauses, and sometimes a wrong one if there are any."""
    clauses = [_clause(language, rng) for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3]))]
    if wrong and rng.random() < 0.15:
        clauses.insert(rng.randint(0, len(clauses)), rng.choice(wrong))
    text = rng.choice([" AND ", " and ", "\nAND  ", " AND AND "]).join(clauses)
    return f"{text}{rng.choice(['', '', ' ', ' AND'])}" if clauses else ""


def any_order(language: Language, wrong: Sequence[str], rng: Random) -> list[str]:
    chosen = [rng.choice(language.orders) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    entries = [entry + rng.choice(["", " ASC", " DESC", "  desc", " Asc"]) for entry in chosen]
    return [*entries, rng.choice(wrong)] if wrong and rng.random() < 0.05 else entries


def _clause(language: Language, rng: Random) -> str:
    """One clause that MLflow takes."""
    field = rng.choice(language.fields)
    operator = rng.choice(field.operators)
    spelled = rng.choice([operator, operator.lower()]) if language.vocabulary.lower_case_operators else operator
    blank = rng.choice([" ", " ", "\t ", "" if operator in RELATIONS else " "])
    return f"{rng.choice(field.spellings)}{blank}{spelled}{blank}{_literal(field, operator, rng)}"


def _literal(field: Field, operator: str, rng: Random) -> str:
    if operator in NULLS:
        return ""
    if operator in LISTS:
        texts = [_quoted(rng.choice(field.texts), rng) for _ in range(rng.randint(1, 4))]
        return f"({','.join(texts)}{rng.choice(['', ','])})"
    if field.numbers:
        return rng.choice(field.numbers)
    text = rng.choice(field.texts)
    return _quoted(_pattern(text, rng) if operator in PATTERNS else text, rng)


def _pattern(text: str, rng: Random) -> str:
    at = rng.randint(0, len(text))
    return rng.choice([f"{text[:at]}%", f"%{text[at:]}", f"%{text[at:]}%", text[:at] + "_" + text[at + 1 :], text])


def _quoted(text: str, rng: Random) -> str:
    quote = rng.choice([quote for quote in "'\"" if quote not in text])
    return f"{quote}{text}{quote}"
