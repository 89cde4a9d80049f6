"""The wire form of reproductions; times in ms."""

from collections.abc import Collection

from chalicelib.edge.replies import Json, filled
from chalicelib.reproductions.reproductions import Page
from chalicelib.storage.registry_items import Reproduction


def reproduction(item: Reproduction, deleted: Collection[str] = ()) -> Json:
    """A record; `deleted_runs` names those of its runs that are deleted."""
    return filled(
        run_id=item.run_id,
        reproduced_run_id=item.reproduced_run_id,
        verdict=item.verdict,
        tolerance=item.tolerance,
        differences=item.differences,
        report=item.report,
        who=item.who or None,
        at=int(item.at),
        deleted_runs=[each for each in (item.run_id, item.reproduced_run_id) if each in deleted],
    )


def reproductions(found: Page) -> Json:
    """A page of records."""
    return {"reproductions": [reproduction(each, found.deleted) for each in found.records], "hidden": found.hidden}
