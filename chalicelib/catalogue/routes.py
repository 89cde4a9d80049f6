"""The catalogue's endpoints, which MLflow does not have: `/api/2.0/cumulog/catalogue…`."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.access.levels import READ
from chalicelib.access.requires import filtered, requires
from chalicelib.catalogue import entries, places, replies, schemas
from chalicelib.catalogue import search as searching
from chalicelib.catalogue.resources import ENTRY
from chalicelib.edge import mounts

blueprint = Blueprint(__name__)
cumulog = mounts.cumulog(blueprint)


@cumulog.endpoint("GET", "/catalogue")
@filtered
def search_catalogue(request: schemas.SearchCatalogue) -> dict[str, Any]:
    """List the models in the bucket, newest first, in pages."""
    found = searching.search(request)
    token = {"next_page_token": found.next_page_token} if found.next_page_token else {}
    return {"entries": [replies.summary(entry) for entry in found.entries], **token}


@cumulog.endpoint("GET", "/catalogue/entry")
@requires(READ, ENTRY)
def get_catalogue_entry(request: schemas.GetEntry) -> dict[str, Any]:
    """Get the model in a folder of the bucket: flavors, signature, and files with size, SHA-256 and pickle hint."""
    place = places.wanted(request.path)
    entry = entries.load(place)
    if entry is None:
        raise entries.missing(place)
    return {"entry": replies.whole(entry)}
