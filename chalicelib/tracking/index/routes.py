"""The endpoints that search runs and rebuild an index."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.levels import MANAGE
from chalicelib.access.requires import filtered, requires
from chalicelib.edge import mounts
from chalicelib.tracking.experiments.resources import EXPERIMENT
from chalicelib.tracking.index import rebuilding, schemas, search

Reply = dict[str, Any] | None

blueprint = Blueprint(__name__)
mlflow = mounts.mlflow(blueprint)
ours = mounts.cumulog(blueprint)


@mlflow.endpoint("POST", "/runs/search")
@filtered
def search_runs(request: schemas.SearchRuns) -> Reply:
    """Search runs: MLflow's complete filter grammar, order_by, view types and page tokens."""
    return search.search(request)


@ours.endpoint("POST", "/index/rebuild")
@requires(MANAGE, EXPERIMENT)
def rebuild_index(request: schemas.RebuildIndex) -> Reply:
    """Compare an experiment's search index with its runs and repair it, in portions: repeat with next_page_token."""
    return rebuilding.rebuild(request)
