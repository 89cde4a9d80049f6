"""No history is rewritten unnoticed: whatever is altered in the store past all rules, `verify` names the first link."""

import hashlib
import itertools
import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from chalicelib.provenance import verifying
from chalicelib.registry import aliases, models, versions
from chalicelib.registry.chain import changes
from chalicelib.registry.chain.audit import Noted, Walk
from chalicelib.storage import keys
from chalicelib.storage.registry_items import RegisteredModel
from tests import client as api
from tests.contract import registered
from tests.contract.mutations import FIELDS, MUTATE, digest
from tests.contract.registered import Raw, links
from tests.sampling import some

AUDIT = "/api/2.0/cumulog/registry/audit"
VERIFY = "/api/2.0/cumulog/registry/verify"
MUTATIONS = 200


def test_a_chain_that_nobody_touched_holds() -> None:
    model = registered.with_a_past()

    answer = api.send("GET", VERIFY, query={"name": "wine"})

    assert answer.status == 200
    assert answer.body == {
        "model_id": model.model_id,
        "name": "wine",
        "valid": True,
        "entries": len(links(model)),
        "head": {"sequence": int(model.sequence), "digest": model.head},
        "state_matches": True,
    }


def test_each_random_mutation_is_found_and_its_first_link_named() -> None:
    model = registered.with_a_past()
    before = links(model)
    missed = []

    for seed in some(range(MUTATIONS), 40):
        dice = random.Random(seed)
        kind = dice.choice(list(MUTATE))
        expected = MUTATE[kind](dice, before, model)
        found = verifying.verify(changes.load("wine")).verdict
        if found.bad != expected or not found.reason:
            missed.append((seed, kind, expected, found))
        _restore(before, model)

    assert missed == []
    registered.check("wine")


def test_every_field_of_a_link_counts_if_it_is_missing() -> None:
    model = registered.with_a_past()
    before = links(model)
    missed = []

    for at, field in some(itertools.product((0, 9, len(before) - 1), FIELDS), 20):
        link = before[at]
        registered.put({name: value for name, value in link.items() if name != field})
        # A link that names no version has no such field.
        expected = at + 1 if field in link else None
        if verifying.verify(model).verdict.bad != expected:
            missed.append((at, field))
        registered.put(link)

    assert missed == []


def test_a_history_that_was_rewritten_whole_is_found_by_whoever_noted_a_link() -> None:
    model = registered.with_a_past()
    noted = Noted(int(model.sequence), model.head)

    _rewrite(model, 5, "somebody else")

    rewritten = changes.load("wine")
    assert verifying.verify(rewritten).verdict.bad is None
    assert verifying.verify(rewritten, noted).verdict.bad == noted.sequence


def test_a_history_that_was_cut_off_is_found_by_whoever_noted_a_link() -> None:
    model = registered.with_a_past()
    noted = {"sequence": int(model.sequence), "digest": model.head}
    *kept, last = links(model)
    registered.drop(last)
    _set_head(model, kept[-1])

    answer = api.send("GET", VERIFY, query={"name": "wine", **noted})

    assert (answer.body["valid"], answer.body["first_bad_link"]) == (False, noted["sequence"])
    assert answer.body["reason"] == "it is missing"


def test_whoever_has_a_link_can_compute_its_digest_from_the_reply_alone() -> None:
    registered.with_a_past()

    entries = api.send("GET", AUDIT, query={"name": "wine"}).body["entries"]

    previous = ""
    for entry in entries:
        digest = entry.pop("digest")
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == digest
        assert entry["previous"] == previous
        previous = digest


def test_pages_of_the_audit_are_the_whole_of_it_though_it_grows() -> None:
    model = registered.with_a_past()
    sequences, token = [], ""

    while True:
        page = api.send("GET", AUDIT, query={"name": "wine", "max_results": 4, "page_token": token}).body
        sequences += [entry["sequence"] for entry in page["entries"]]
        token = page.get("next_page_token", "")
        if not token:
            break
        if len(sequences) == 8:
            models.set_tag("wine", "late", "1")

    assert sequences == list(range(1, int(model.sequence) + 2))


def test_a_deleted_model_is_known_by_its_id() -> None:
    model = registered.with_a_past()
    models.delete("wine")

    verdict = api.send("GET", VERIFY, query={"model_id": model.model_id})
    page = api.send("GET", AUDIT, query={"model_id": model.model_id})

    assert api.send("GET", VERIFY, query={"name": "wine"}).status == 404
    assert (verdict.body["valid"], verdict.body["state_matches"]) == (True, True)
    assert page.body["entries"][-1]["action"] == "model:delete"


def test_a_long_chain_is_verified_in_portions() -> None:
    model = registered.with_a_past()

    first = verifying.verify(model, most=10)
    second = verifying.verify(model, start=Walk(**vars(first.walk)))

    assert (first.is_whole, first.verdict.bad, first.walk.count) == (False, None, 10)
    assert (second.is_whole, second.verdict.bad, second.verdict.entries) == (True, None, int(model.sequence))
    assert second.differences is None


def test_a_bad_link_is_found_in_the_second_portion_too() -> None:
    model = registered.with_a_past()
    first = verifying.verify(model, most=10)
    registered.put({**links(model)[14], "who": {"S": "somebody else"}})

    assert verifying.verify(model, start=first.walk).verdict.bad == 15


def test_no_alarm_is_given_while_the_model_is_being_changed() -> None:
    model = registered.with_a_past()
    enough = Event()

    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(_change_until, enough)
        answers = [api.send("GET", VERIFY, query={"name": "wine"}).body for _ in range(10)]
        enough.set()

    assert changing.result() > 10
    assert answers[-1]["entries"] > model.sequence
    assert [answer for answer in answers if not (answer.get("valid") and answer.get("state_matches"))] == []


STATES: dict[str, tuple[Callable[[str], tuple[str, str]], str, str, tuple[str, int | None]]] = {
    "a version's stage": (lambda it: (keys.versions(it), keys.version(1)), "stage", "Production", ("stage", 1)),
    "where a version's files are": (
        lambda it: (keys.versions(it), keys.version(3)),
        "location",
        "mlflow-artifacts:/elsewhere",
        ("location", 3),
    ),
    "an alias": (
        lambda it: (keys.REGISTERED_MODELS, it),
        "aliases",
        '{"champion": 1}',
        ("aliases", None),
    ),
    "a policy": (lambda it: (keys.REGISTERED_MODELS, it), "policies", "{}", ("policies", None)),
    "a name": (lambda it: (keys.model_name("wine"), keys.NAME), "model_id", "f" * 32, ("holder of the name", None)),
}


@pytest.mark.parametrize("name", STATES)
def test_what_is_stored_otherwise_than_the_chain_says_is_told(name: str) -> None:
    where, field, value, what = STATES[name]
    model = registered.with_a_past()
    item = registered.stored(*where(model.model_id))
    assert field in item

    registered.put({**item, field: {"S": value}})

    report = verifying.verify(model if name == "a name" else changes.load("wine"))
    assert report.verdict.bad is None
    assert [(each.what, each.version) for each in report.differences or ()] == [what]


def test_long_texts_are_compared_by_what_the_chain_has_of_them() -> None:
    models.create("wine", "d" * 5_000, {"k": "v" * 5_000})
    registered.new_version("wine")
    versions.update("wine", 1, "ü" * 5_000)
    registered.check("wine")
    item = registered.stored(keys.versions(changes.load("wine").model_id), keys.version(1))

    registered.put({**item, "description": {"S": "ü" * 4_999 + "u"}})

    assert [each.what for each in registered.verified("wine").differences or ()] == ["description"]


def test_a_version_that_is_gone_is_told() -> None:
    model = registered.with_a_past()
    registered.drop(registered.stored(keys.versions(model.model_id), keys.version(2)))

    told = api.send("GET", VERIFY, query={"name": "wine"}).body

    assert (told["valid"], told["state_matches"]) == (True, False)
    assert {"version": "2", "what": "stage", "chain": "Staging", "store": None} in told["differences"]


@pytest.mark.parametrize("altered", [{"who": {"S": "somebody else"}}, {"who": {"BOOL": True}}], ids=["value", "type"])
def test_a_broken_history_tells_nothing_of_the_past(altered: Raw) -> None:
    model = registered.with_a_past()
    registered.put({**links(model)[6], **altered})

    answer = api.send("GET", "/api/2.0/cumulog/registry/state", query={"name": "wine", "at": 2**44})

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_STATE")
    assert "Link 7 " in answer.body["message"]


def _change_until(enough: Event) -> int:
    """Change the model again and again, and return how often."""
    for number in itertools.count(1):
        registered.new_version("wine")
        aliases.set_alias("wine", "moving", 1 + number % 3)
        if enough.is_set():
            return number
    raise AssertionError("count() does not end")


def _restore(before: list[Raw], model: RegisteredModel) -> None:
    now, then = ({item["sk"]["S"]: item for item in chain} for chain in (links(model), before))
    for sort_key in now.keys() - then.keys():
        registered.drop(now[sort_key])
    for sort_key, item in then.items():
        if now.get(sort_key) != item:
            registered.put(item)
    registered.put({**registered.stored(keys.REGISTERED_MODELS, model.model_id), **_head(model)})


def _head(model: RegisteredModel) -> Raw:
    numbers = {"sequence": model.sequence, "head_at": model.head_at}
    return {"head": {"S": model.head}, **{name: {"N": str(int(value))} for name, value in numbers.items()}}


def _set_head(model: RegisteredModel, last: Raw) -> None:
    item = registered.stored(keys.REGISTERED_MODELS, model.model_id)
    registered.put({**item, "head": last["digest"], "sequence": last["sequence"], "head_at": last["at"]})


def _rewrite(model: RegisteredModel, first: int, who: str) -> None:
    """Alter a link and make all digests behind it anew, the head's too, as somebody with a key to the store could."""
    chain = links(model)
    previous = chain[first - 2]["digest"]
    for raw in chain[first - 1 :]:
        raw["previous"] = previous
        raw["who"] = {"S": who} if raw is chain[first - 1] else raw["who"]
        raw["digest"] = previous = {"S": digest(raw)}
        registered.put(raw)
    _set_head(model, chain[-1])
