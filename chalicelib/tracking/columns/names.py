"""The names of columns that the runs of experiments have, for completion."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from chalicelib.edge import replies
from chalicelib.edge.replies import Json
from chalicelib.tracking.columns.schemas import NameColumns
from chalicelib.tracking.index import search
from chalicelib.tracking.index.schemas import SearchRuns

# One read unit each, if they are sealed.
_RUNS = 2_000
_MOST_CHARACTERS = 20_000_000
_NAMES = 2_000
# Three lists fit into a reply.
_BYTES_OF_NAMES = replies.MOST_BYTES // 3


def read(request: NameColumns) -> Json:
    """Return the names, each with the number of runs that have it: those of the active runs that started last."""
    asked = SearchRuns.parse({"experiment_ids": request.experiment_ids, "max_results": _RUNS})
    found = search.find(search.parsed(asked), asked, _MOST_CHARACTERS)
    lists = {
        "metrics": Counter(_keys(run.metrics for run in found.runs)),
        "params": Counter(_keys(run.params for run in found.runs)),
        "tags": Counter(_keys(run.tags for run in found.runs)),
    }
    told = {kind: _most_frequent(counts) for kind, counts in lists.items()}
    return {
        "runs": len(found.runs),
        "is_sample": found.page.next_page_token is not None,
        **told,
        "left_out": {kind: len(counts) - len(told[kind]) for kind, counts in lists.items()},
    }


def _keys(tables: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    return chain.from_iterable(tables)


def _most_frequent(counts: Counter[str]) -> list[Json]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_NAMES]
    return replies.fitting(({"key": key, "runs": count} for key, count in ranked), _BYTES_OF_NAMES)
