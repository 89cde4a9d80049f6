"""The endpoints of reproductions. A record belongs to both its runs, whose experiments say who may see it."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access import identity
from chalicelib.access.levels import EDIT, READ
from chalicelib.access.requires import requires
from chalicelib.edge import mounts
from chalicelib.reproductions import replies, reproductions, schemas
from chalicelib.reproductions.resources import NEW_RUN
from chalicelib.search import page
from chalicelib.search.field import Kind
from chalicelib.storage import page_secret
from chalicelib.tracking.runs.resources import RUN

blueprint = Blueprint(__name__)
ours = mounts.cumulog(blueprint, "/reproductions")


@ours.endpoint("POST", "/create")
@requires(EDIT, NEW_RUN)
@requires(READ, RUN)
def create_reproduction(request: schemas.CreateReproduction) -> dict[str, Any]:
    """Record how a run came out that reproduces another one; of the same two runs, the first record stays."""
    return {"reproduction": replies.reproduction(reproductions.create(request))}


@ours.endpoint("GET", "/search")
@requires(READ, RUN)
def search_reproductions(request: schemas.SearchReproductions) -> dict[str, Any]:
    """List a run's reproductions, and what it reproduces itself, in pages; `hidden` counts what you may not read."""
    question = page.question_digest("reproductions", request.run_id, identity.current().name)
    found = reproductions.page(request.run_id, _after(request.page_token, question), request.max_results)
    token = {"next_page_token": page.mint(question, (found.after,), page_secret.current)} if found.after else {}
    return {**replies.reproductions(found), **token}


def _after(token: str, question: str) -> str:
    """The key of the last record on the page before."""
    if not token:
        return ""
    (after,) = page.redeem(token, question, [Kind.TEXT], page_secret.current)
    return str(after)
