"""Prompts, which MLflow keeps among the registered models, told apart by a tag: a search shows them on demand only.

Rule: mlflow/store/model_registry/sqlalchemy_store.py, `_is_querying_prompt` and `_update_query_to_exclude_prompts`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.errors import InvalidParameterValue
from chalicelib.registry.models import IS_PROMPT_TAG, is_prompt
from chalicelib.search.field import Entity
from chalicelib.search.match import Comparison, predicate
from chalicelib.search.record import Record
from chalicelib.search.search import Search

# A prompt has no files; its versions say one of these instead (mlflow/prompt/constants.py).
_PLACEHOLDERS = frozenset({"dummy-source", "prompt-template"})


def check_source(source: str) -> None:
    """Raises InvalidParameterValue: who tags a version as a prompt must not get around the rules for sources."""
    if source not in _PLACEHOLDERS:
        raise InvalidParameterValue(
            f"Invalid prompt source: '{source[:300]}'. Prompt sources must use an MLflow placeholder."
        )


def without(question: Search) -> Search:
    """The question as it is asked of things that may be prompts.

    One that asks for prompts stays as it is. Any other is not about them: whatever it says of the tag counts as true
    for a model without it, and no prompt is an answer.
    """
    if _asks_for_prompts(question.comparisons):
        return question
    others = [each for each in question.comparisons if not _is_about_prompts(each)]
    matches = predicate(others)
    return replace(question, comparisons=others, matches=lambda record: not _is_prompt(record) and matches(record))


def _asks_for_prompts(comparisons: Sequence[Comparison]) -> bool:
    first = next((each for each in comparisons if _is_about_prompts(each)), None)
    return first is not None and (first.operator, str(first.value).lower()) in {("=", "true"), ("!=", "false")}


def _is_about_prompts(comparison: Comparison) -> bool:
    return comparison.field.entity is Entity.TAG and comparison.field.key == IS_PROMPT_TAG


def _is_prompt(record: Record) -> bool:
    tags: Mapping[str, str] = record.tags
    return is_prompt(tags)
