"""Which experiment a catalogue request needs permission on: an entry belongs to its folder's experiment."""

from collections.abc import Iterator
from typing import Any

from chalicelib.access.requires import Held, Resource
from chalicelib.catalogue import entries, places
from chalicelib.errors import ResourceDoesNotExist
from chalicelib.tracking.experiments import resources as experiments


def _of_entry(request: Any, fresh: bool) -> Iterator[Held]:
    place = places.wanted(request.path)
    missing = entries.missing(place)
    try:
        yield experiments.experiment(place.experiment_id, fresh, missing)
    except ResourceDoesNotExist as error:
        raise missing from error


ENTRY = Resource("experiment of a catalogue entry", _of_entry)
