"""What somebody with a key to the store could do to an audit chain, past all rules."""

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

from chalicelib.storage import keys
from chalicelib.storage.registry_items import RegisteredModel
from tests.contract import registered
from tests.contract.registered import Raw

FIELDS = ("sequence", "at", "who", "action", "request_id", "version", "details", "previous", "digest", "change")


def digest(raw: Raw) -> str:
    """The digest of a link, computed as infra/docs/registry.md says."""
    number = {name: int(raw[name]["N"]) for name in ("sequence", "at", "version") if name in raw}
    text = {name: raw[name]["S"] for name in ("who", "action", "request_id", "previous", "change")}
    fields = {"version": None, **number, **text, "chain": raw["pk"]["S"], "details": json.loads(raw["details"]["S"])}
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


# Each alters the store and returns the number of the first link that is bad then.
Mutation = Callable[[random.Random, list[Raw], RegisteredModel], int]


def _field(dice: random.Random, chain: list[Raw], _: RegisteredModel) -> int:
    at, field = dice.randrange(len(chain)), dice.choice([*FIELDS, "unheard of"])
    registered.put({**chain[at], field: _other(dice, chain[at].get(field))})
    return at + 1


def _other(dice: random.Random, value: Any) -> Any:
    """Another value, of the same type or not."""
    if value is None or dice.random() < 0.1:
        return dice.choice([{"S": "something"}, {"BOOL": True}, {"L": []}])
    if "N" in value:
        return {"N": dice.choice([str(int(value["N"]) + 1), "0", "-1", value["N"] + ".5"])}
    text = value["S"]
    at = dice.randrange(len(text) + 1)
    # An exclamation mark in the place of one character, or between two.
    return {"S": text[:at] + "!" + text[at + dice.randrange(2) :]}


def _blank_in_details(dice: random.Random, chain: list[Raw], _: RegisteredModel) -> int:
    """The same to whoever reads it as JSON, and yet not what was written."""
    at = dice.randrange(len(chain))
    text = chain[at]["details"]["S"]
    registered.put({**chain[at], "details": {"S": dice.choice([text + " ", '{"from": "mischief", ' + text[1:]])}})
    return at + 1


def _delete(dice: random.Random, chain: list[Raw], _: RegisteredModel) -> int:
    at = dice.choice([0, len(chain) - 1, dice.randrange(len(chain))])
    registered.drop(chain[at])
    return at + 1


def _swap(dice: random.Random, chain: list[Raw], _: RegisteredModel) -> int:
    one, other = sorted(dice.sample(range(len(chain)), 2))
    registered.put({**chain[one], "sk": chain[other]["sk"]})
    registered.put({**chain[other], "sk": chain[one]["sk"]})
    return one + 1


def _swap_with_numbers(dice: random.Random, chain: list[Raw], _: RegisteredModel) -> int:
    one, other = sorted(dice.sample(range(len(chain)), 2))
    for here, there in ((one, other), (other, one)):
        registered.put({**chain[here], "sk": chain[there]["sk"], "sequence": chain[there]["sequence"]})
    return one + 1


def _copy(dice: random.Random, chain: list[Raw], _: RegisteredModel) -> int:
    one, other = dice.sample(range(len(chain)), 2)
    registered.put({**chain[one], "sk": chain[other]["sk"]})
    return other + 1


def _insert(dice: random.Random, chain: list[Raw], _: RegisteredModel) -> int:
    at = dice.choice([0, len(chain), dice.randrange(len(chain) + 1)])
    between = {"S": f"{at:012d}x"} if at else {"S": keys.audit_entry(0)}
    registered.put({**dice.choice(chain), "sk": between})
    return at + 1


def _append(_: random.Random, chain: list[Raw], model: RegisteredModel) -> int:
    """A further link that is right in itself."""
    number = len(chain) + 1
    link = {**chain[-1], "sk": {"S": keys.audit_entry(number)}, "sequence": {"N": str(number)}}
    link["previous"] = {"S": model.head}
    registered.put({**link, "digest": {"S": digest(link)}})
    return number


def _recomputed(dice: random.Random, chain: list[Raw], _: RegisteredModel) -> int:
    """A link altered along with its digest: it is the next one that does not follow, or the head."""
    at = dice.randrange(len(chain))
    link = {**chain[at], "who": {"S": "somebody else"}}
    registered.put({**link, "digest": {"S": digest(link)}})
    return min(at + 2, len(chain))


def _edit_head(dice: random.Random, chain: list[Raw], model: RegisteredModel) -> int:
    item = registered.stored(keys.REGISTERED_MODELS, model.model_id)
    field = dice.choice(["head", "sequence", "head_at"])
    step = dice.choice([-1, 1])
    value = {"S": "0" * 64} if field == "head" else {"N": str(int(item[field]["N"]) + step)}
    registered.put({**item, field: value})
    return len(chain) + 1 if (field, step) == ("sequence", 1) else len(chain)


MUTATE: dict[str, Mutation] = {
    "change a field": _field,
    "write details otherwise": _blank_in_details,
    "delete": _delete,
    "swap": _swap,
    "swap with their numbers": _swap_with_numbers,
    "copy over another": _copy,
    "insert": _insert,
    "append": _append,
    "alter with its digest": _recomputed,
    "edit the head": _edit_head,
}
