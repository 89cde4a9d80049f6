"""Prompts, which MLflow keeps among the registered models, marked by a tag. A search shows them only on request.

Rule: mlflow/store/model_registry/sqlalchemy_store.py, `_is_querying_prompt` and `_update_query_to_exclude_prompts`.
"""

from collections.abc import Mapping, Sequence

from chalicelib.errors import InvalidParameterValue
from chalicelib.registry.models import IS_PROMPT_TAG, is_prompt
from chalicelib.search.field import Entity
from chalicelib.search.match import Comparison, predicate
from chalicelib.search.record import Record
from chalicelib.search.search import Search

# A prompt has no files; its versions have one of these as their source instead (mlflow/prompt/constants.py).
_PLACEHOLDERS = frozenset({"dummy-source", "prompt-template"})


def check_source(source: str) -> None:
    """Check a prompt's source: the prompt tag must not be a way around the rules for sources.

    Raises InvalidParameterValue.
    """
    if source not in _PLACEHOLDERS:
        raise InvalidParameterValue(
            f"Invalid prompt source: '{source[:300]}'. Prompt sources must use an MLflow placeholder."
        )


def without(question: Search) -> Search:
    """The search without prompts, unless it asks for them.

    A search that asks for prompts stays as it is. Any other never returns a prompt: its conditions on the prompt tag
    are dropped, so they count as true for every model without the tag.
    """
    if _asks_for_prompts(question.comparisons):
        return question
    others = [each for each in question.comparisons if not _is_about_prompts(each)]
    matches = predicate(others)
    return question._replace(comparisons=others, matches=lambda record: not _is_prompt(record) and matches(record))


def _asks_for_prompts(comparisons: Sequence[Comparison]) -> bool:
    first = next((each for each in comparisons if _is_about_prompts(each)), None)
    return first is not None and (first.operator, str(first.value).lower()) in {("=", "true"), ("!=", "false")}


def _is_about_prompts(comparison: Comparison) -> bool:
    return comparison.field.entity is Entity.TAG and comparison.field.key == IS_PROMPT_TAG


def _is_prompt(record: Record) -> bool:
    tags: Mapping[str, str] = record.tags
    return is_prompt(tags)
