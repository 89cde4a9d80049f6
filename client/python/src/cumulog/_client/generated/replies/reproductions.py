"""Replies, and their messages.

Written by `make client` from the OpenAPI document. Do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from cumulog._http.wire import Json


class _ReproductionRequired(TypedDict):
    run_id: str
    reproduced_run_id: str
    verdict: str
    differences: Json
    at: int


class Reproduction(_ReproductionRequired, total=False):
    """`Reproduction` in a reply."""

    tolerance: float | Literal["NaN", "Infinity", "-Infinity"]
    report: str
    who: str
    deleted_runs: Sequence[str]


class CreateReproductionReply(TypedDict):
    """The fields of a reply."""

    reproduction: Reproduction


class _SearchReproductionsReplyRequired(TypedDict):
    reproductions: Sequence[Reproduction]
    hidden: int


class SearchReproductionsReply(_SearchReproductionsReplyRequired, total=False):
    """The fields of a reply."""

    next_page_token: str
