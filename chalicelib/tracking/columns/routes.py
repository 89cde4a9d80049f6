"""The endpoints that read runs as columns."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.requires import filtered
from chalicelib.edge import mounts
from chalicelib.tracking.columns import names, reading, schemas

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
ours = mounts.cumulog(blueprint, "/runs/columns")


@ours.endpoint("POST", "")
@filtered
def get_columns(request: schemas.ReadColumns) -> Reply:
    """Search runs, and return an array for each column; with `since`, what changed in the page."""
    return reading.read(request)


@ours.endpoint("GET", "/names")
@filtered
def get_column_names(request: schemas.NameColumns) -> Reply:
    """Get the names of the metrics, params and tags that the last 2,000 runs have, with counts."""
    return names.read(request)
