"""The wire form of saved views; times in ms."""

from collections.abc import Iterable

from chalicelib.edge.replies import Json, filled
from chalicelib.storage.items import SavedView
from chalicelib.views.views import Whole


def view(item: SavedView) -> Json:
    """A view without its state."""
    return filled(
        view_id=item.sk,
        experiment_id=item.experiment_id,
        name=item.name,
        format=int(item.format),
        version=int(item.version),
        created=int(item.created),
        updated=int(item.updated),
        updated_by=item.updated_by or None,
    )


def whole(found: Whole) -> Json:
    """A view with its state."""
    return {**view(found.view), "state": found.state}


def views(items: Iterable[SavedView]) -> Json:
    """All views of an experiment, by their names. A reply can carry as many as there may be."""
    return {"views": [view(item) for item in sorted(items, key=lambda item: (item.name.casefold(), item.sk))]}
