"""The links of an audit chain: how each follows on the one before, and what a verdict names."""

from collections.abc import Callable

import pytest

from chalicelib import clock
from chalicelib.access import identity
from chalicelib.edge import request_ids
from chalicelib.registry.chain import audit
from chalicelib.registry.chain.audit import Noted
from chalicelib.storage import keys
from chalicelib.storage.registry_items import AuditEntry, RegisteredModel

NOW_MS = 1_795_000_000_000


def chain(length: int = 4) -> tuple[list[AuditEntry], RegisteredModel]:
    """Links of a model, and the model with its head."""
    model = RegisteredModel(keys.REGISTERED_MODELS, "m" * 32, model_id="m" * 32, name="wine", created=1, updated=1)
    made = []
    for number in range(length):
        with clock.frozen(NOW_MS + number):
            entry = audit.next_entry(model, "alias:set", number or None, {"alias": "süß", "from": None, "to": number})
        model.sequence, model.head, model.head_at = entry.sequence, entry.digest, entry.at
        made.append(entry)
    return made, model


def test_the_first_link_follows_on_nothing_and_each_other_on_the_one_before() -> None:
    links, model = chain()

    assert [int(link.sequence) for link in links] == [1, 2, 3, 4]
    assert [link.previous for link in links] == ["", *(link.digest for link in links[:-1])]
    assert audit.verify(links, model).bad is None


def test_a_link_tells_who_did_it_and_in_which_request() -> None:
    with identity.in_name_of("ada"), request_ids.acting_in("r-1"):
        known = audit.next_entry(chain()[1], "model:delete", None, {})
    unknown = audit.next_entry(chain()[1], "model:delete", None, {})

    assert (known.who, known.request_id) == ("ada", "r-1")
    assert unknown.who == "anonymous"


def test_time_never_goes_back_in_a_chain() -> None:
    _, model = chain()

    with clock.frozen(NOW_MS - 60_000):
        entry = audit.next_entry(model, "model:delete", None, {})

    assert entry.at == model.head_at


def test_two_links_of_the_same_change_have_different_digests() -> None:
    _, model = chain()

    with clock.frozen(NOW_MS):
        one, other = (audit.next_entry(model, "model:delete", None, {}) for _ in range(2))

    assert one.digest != other.digest


def _set(name: str, value: object) -> Callable[[list[AuditEntry]], None]:
    return lambda links: setattr(links[1], name, value)


ALTERATIONS: dict[str, tuple[Callable[[list[AuditEntry]], object], int]] = {
    "who": (_set("who", "eve"), 2),
    "at": (_set("at", NOW_MS + 2), 2),
    "a fraction of a millisecond": (_set("at", NOW_MS + 1.5), 2),
    "action": (_set("action", "alias:delete"), 2),
    "request": (_set("request_id", "r-2"), 2),
    "version": (_set("version", 9), 2),
    "no version": (_set("version", None), 2),
    "details": (_set("details", {"alias": "süß", "from": None, "to": 2}), 2),
    "previous": (_set("previous", "0" * 64), 2),
    "digest": (_set("digest", "0" * 64), 2),
    "change": (_set("change", "0" * 32), 2),
    "another model's": (_set("pk", "AUDIT#" + "n" * 32), 2),
    "the first is gone": (lambda links: links.pop(0), 1),
    "the last is gone": (lambda links: links.pop(), 4),
    "two in another order": (lambda links: links.insert(1, links.pop(2)), 2),
    "one twice": (lambda links: links.insert(2, links[1]), 3),
    "one more at the end": (lambda links: links.append(links[-1]), 5),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_the_first_link_that_is_wrong_is_named(name: str) -> None:
    alter, bad = ALTERATIONS[name]
    links, model = chain()

    alter(links)

    verdict = audit.verify(links, model)
    assert verdict.bad == bad
    assert verdict.reason


@pytest.mark.parametrize(("field", "value"), [("head", "0" * 64), ("head_at", 1), ("sequence", 3), ("sequence", 5)])
def test_a_head_that_is_not_the_last_link_is_told(field: str, value: object) -> None:
    links, model = chain()

    setattr(model, field, value)

    assert audit.verify(links, model).bad in (4, 5)


def test_a_link_that_is_older_than_the_one_before_is_told_though_its_digest_is_right() -> None:
    links, model = chain()

    links[-1].at = NOW_MS - 1
    links[-1].digest = model.head = audit.digest_of(links[-1])
    model.head_at = links[-1].at

    assert audit.verify(links, model).bad == 4


def test_a_link_that_was_noted_is_held_against_the_chain() -> None:
    links, model = chain()

    assert audit.verify(links, model, Noted(2, links[1].digest)).bad is None
    assert audit.verify(links, model, Noted(2, "0" * 64)).bad == 2
    assert audit.verify(links, model, Noted(9, "0" * 64)).bad == 5


def test_a_model_without_links_is_no_chain() -> None:
    _, model = chain()

    assert audit.verify([], model).bad == 1
