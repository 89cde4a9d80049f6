"""Searching experiments: a search reads all that the caller may read. There are few."""

from typing import Any

from chalicelib.access import identity
from chalicelib.edge.replies import page as page_of
from chalicelib.search.record import Record
from chalicelib.search.search import Query, parse
from chalicelib.storage import page_secret
from chalicelib.storage.items import ExperimentItem
from chalicelib.tracking.experiments import replies, resources
from chalicelib.tracking.experiments.lifecycle import VIEWED_STAGES
from chalicelib.tracking.experiments.schemas import SearchExperiments
from chalicelib.tracking.experiments.vocabulary import EXPERIMENTS


def search(request: SearchExperiments) -> dict[str, Any]:
    """Return one page of the matching experiments. Raises InvalidParameterValue before it reads anything."""
    question = parse(
        Query(
            vocabulary=EXPERIMENTS,
            filter=request.filter or "",
            order_by=request.order_by or (),
            max_results=request.max_results,
            page_token=request.page_token or "",
            scope=request.view_type,
            principal=identity.current().name,
            secret=page_secret.current,
        )
    )
    stages = VIEWED_STAGES[request.view_type]
    found = {item.experiment_id: item for item in resources.all_readable() if item.stage in stages}
    page = question.page(map(record, found.values()))
    return page_of("experiments", question, page, (replies.experiment(found[each.id]) for each in page.records))


def record(item: ExperimentItem) -> Record:
    """An experiment as filters and order_by see it."""
    return Record(
        id=item.experiment_id,
        attributes={
            "name": item.name,
            "experiment_id": item.experiment_id,
            "creation_time": int(item.creation_time),
            "last_update_time": int(item.last_update_time),
        },
        tags=item.tags,
    )
