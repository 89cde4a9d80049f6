"""The endpoint of lineage: `GET /api/2.0/cumulog/lineage`."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.levels import READ
from chalicelib.access.requires import requires
from chalicelib.edge import mounts
from chalicelib.lineage import lineage, schemas
from chalicelib.lineage.resources import START

blueprint = Blueprint(__name__)
ours = mounts.cumulog(blueprint, "")


@ours.endpoint("GET", "/lineage")
@requires(READ, START)
def get_lineage_graph(request: schemas.GetGraph) -> dict[str, Any]:
    """Get what a dataset, run, logged model or version came from, and what came from it; `hidden` counts the rest."""
    return lineage.of(request)
