"""What replies of several features share: MLflow's JSON without unset fields, and as much of a list as fits."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalicelib.search.search import Page, Search

Json = dict[str, Any]
Shortened = Callable[[Json], Json]

# A Lambda's reply is limited to 6 MB. A page is cut before that, and the caller gets a token for the rest.
MOST_BYTES = 4_500_000


def filled(**fields: Any) -> Json:
    """A message without the fields that are unset or an empty list, as MLflow sends it."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


def key_values(pairs: Mapping[str, str]) -> list[Json]:
    """Params or tags, one message each."""
    return [{"key": key, "value": value} for key, value in pairs.items()]


def page(
    name: str, question: Search, found: Page, messages: Iterable[Json], shortened: Shortened | None = None
) -> Json:
    """A page of a search, its messages under `name`: as many as one reply can carry, and a token if there are more.

    `shortened` makes a message fit that is too large for a reply of its own.
    """
    taken = fitting(messages, shortened=shortened)
    cut_short = len(taken) < len(found.records)
    token = question.token_after(found.records[len(taken) - 1]) if cut_short else found.next_page_token
    return filled(**{name: taken}, next_page_token=token)


def small_page(name: str, found: Page, messages: Iterable[Json]) -> Json:
    """A page whose messages surely fit (`is_small`). Measuring them would take as long as writing them."""
    return filled(**{name: list(messages)}, next_page_token=found.next_page_token)


def is_small(characters: int) -> bool:
    """Whether texts of this many characters surely fit into a reply: each character takes seven bytes at most."""
    return characters * 7 <= MOST_BYTES


def fitting(messages: Iterable[Json], most: int = 0, shortened: Shortened | None = None) -> list[Json]:
    """As many of the first messages as fit into so many bytes (0: a reply), at least one.

    `shortened` makes a message fit that is too large alone.
    """
    taken: list[Json] = []
    room = most or MOST_BYTES
    for message in messages:
        size = bytes_in_reply(message)
        if size > MOST_BYTES and shortened is not None:
            message = shortened(message)
            size = bytes_in_reply(message)
        room -= size
        if taken and room < 0:
            break
        taken.append(message)
    return taken


def bytes_in_reply(message: Any) -> int:
    """How many bytes a part of a reply takes there, with what separates it from the next one."""
    return bytes_of_text(json.dumps(message, ensure_ascii=False)) + 2


def bytes_of_text(text: str) -> int:
    """How many bytes a piece of a reply's JSON takes there."""
    # Lambda's reply is JSON that holds this JSON as a text: quotes and backslashes get one more backslash there.
    return len(text.encode()) + text.count('"') + text.count("\\")
