"""What a change of the registry consumes with its link, and what reading a chain does, by the store's own count."""

from chalicelib.approvals import transitions
from chalicelib.provenance import history, verifying
from chalicelib.registry import models
from chalicelib.registry.chain import audit, changes
from chalicelib.storage import tables
from chalicelib.storage.capacity import Meter, metered
from chalicelib.storage.registry_items import AuditEntry, RegisteredModel
from tests.contract import registered

# One link has some 500 bytes; a strong read has a unit for each 4 KB.
BYTES_PER_LINK = 700


def test_a_transition_costs_two_units_for_each_item_that_it_writes() -> None:
    models.create("wine", None, {})
    for _ in range(3):
        registered.new_version("wine")
    transitions.transition("wine", 1, "Production", archive_existing=True)

    with metered() as alone:
        transitions.transition("wine", 2, "Staging", archive_existing=False)
    with metered() as displacing:
        transitions.transition("wine", 2, "Production", archive_existing=True)

    # The model, the link, the version; and the one that goes to Archived.
    assert alone.write <= 6
    assert displacing.write <= 8


def test_the_cost_of_a_change_does_not_grow_with_the_chain() -> None:
    models.create("wine", None, {})
    model = changes.load("wine")
    short = _tagging()

    _lengthen(model, 2_000)
    long = _tagging()

    assert (long.write, long.trips) == (short.write, short.trips)
    assert long.read <= short.read


def test_reading_a_chain_costs_what_its_bytes_do() -> None:
    models.create("wine", None, {})
    model = _lengthen(changes.load("wine"), 1_000)

    with metered() as page:
        found = list(audit.entries(model.model_id, 400, 100))
    with metered() as whole:
        report = verifying.verify(model)
    with metered() as past:
        history.state_at(model.model_id, int(model.head_at))

    assert len(found) == 100
    assert (report.verdict.bad, report.verdict.entries, report.differences) == (None, 1_001, [])
    assert page.read <= 100 * BYTES_PER_LINK / 4096 + 1
    # Besides the chain: the name, the versions, the model once more, and whether there is a further link.
    assert whole.read <= 1_001 * BYTES_PER_LINK / 4096 + 5
    assert whole.trips <= 6
    assert past.trips <= 2


def _tagging() -> Meter:
    with metered() as meter:
        models.set_tag("wine", "k", str(changes.load("wine").sequence))
    return meter


def _lengthen(model: RegisteredModel, count: int) -> RegisteredModel:
    """Put so many links more, as they would be, all at once; a change each would take minutes."""
    links: list[AuditEntry] = []
    for number in range(count):
        before = model.description
        model.description = f"description {number}"
        details = {"from": before, "to": model.description}
        entry = audit.next_entry(model, "model:description:set", None, details)
        model.sequence, model.head, model.head_at = entry.sequence, entry.digest, entry.at
        links.append(entry)
    tables.put_all(links)
    tables.put(model)
    return changes.load(model.name)
