"""What stored things look like on the wire: MLflow's JSON, unset and empty fields left out."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.search.search import Page, Search
from chalicelib.storage.items import DatasetItem, ExperimentItem, InputEdge, RunInfo
from chalicelib.tracking import experiment_marks
from chalicelib.tracking.points import Point
from chalicelib.tracking.reading import Run
from chalicelib.wire import double

Json = dict[str, Any]

# A Lambda's reply ends at 6 MB; a page is cut before and the caller gets a token for the rest.
MOST_BYTES = 4_500_000


def experiment(item: ExperimentItem) -> Json:
    """The Experiment message."""
    return _filled(
        experiment_id=item.experiment_id,
        name=item.name,
        artifact_location=item.artifact_location,
        lifecycle_stage=item.stage,
        creation_time=int(item.creation_time),
        last_update_time=int(item.last_update_time),
        workspace="default",
        tags=texts(item.tags),
    )


def run_info(info: RunInfo) -> Json:
    """The RunInfo message; the lifecycle stage is the run's and its experiment's together."""
    return _filled(
        run_uuid=info.run_id,
        run_id=info.run_id,
        run_name=info.run_name,
        experiment_id=info.experiment_id,
        user_id=info.user_id or "",
        status=info.status,
        start_time=None if info.start_time is None else int(info.start_time),
        # An end at 0 is no end to MLflow, a start at 0 is one.
        end_time=int(info.end_time) if info.end_time else None,
        artifact_uri=info.artifact_uri,
        lifecycle_stage=experiment_marks.run_stage(info),
    )


def run(each: Run, datasets: Mapping[str, DatasetItem]) -> Json:
    """The Run message, with the datasets of its inputs."""
    return {
        "info": run_info(each.info),
        "data": _filled(
            metrics=[metric(point) for point in each.metrics.values()],
            params=texts(each.params),
            tags=texts(each.tags),
        ),
        "inputs": _filled(
            dataset_inputs=[_dataset_input(edge, datasets) for edge in each.inputs if edge.dataset in datasets],
            model_inputs=[{"model_id": edge.model_id} for edge in each.model_inputs],
        ),
        "outputs": _filled(
            model_outputs=[{"model_id": edge.model_id, "step": int(edge.step or 0)} for edge in each.outputs]
        ),
    }


def new_run(info: RunInfo) -> Json:
    """The Run message of a run that was just created, which has no `outputs` yet, not even empty ones."""
    message = run(Run(info, tags=dict(info.tags)), {})
    del message["outputs"]
    return message


def metric(point: Point, run_id: str | None = None) -> Json:
    """The Metric message; with a run id, the one of a history over several runs."""
    message: Json = {
        "key": point.key,
        "value": double(point.value),
        "timestamp": point.timestamp,
        "step": point.step,
    }
    return message if run_id is None else {**message, "run_id": run_id}


def texts(pairs: Mapping[str, str]) -> list[Json]:
    """Params or tags."""
    return [{"key": key, "value": value} for key, value in pairs.items()]


def page(name: str, question: Search, found: Page, messages: Iterable[Json], surely_fits: bool = False) -> Json:
    """A page of a search, its messages under `name`: as many as one reply can carry, and a token if there are more.

    Measuring takes as long as writing; whoever knows that they fit (`is_small`) spares it.
    """
    taken = list(messages) if surely_fits else fitting(messages)
    cut_short = len(taken) < len(found.records)
    token = question.token_after(found.records[len(taken) - 1]) if cut_short else found.next_page_token
    return _filled(**{name: taken}, next_page_token=token)


def is_small(characters: int) -> bool:
    """Whether texts of so many characters fit into a reply whatever they are: one takes seven bytes at most."""
    return characters * 7 <= MOST_BYTES


def fitting(messages: Iterable[Json]) -> list[Json]:
    """As many of the first messages as one reply can carry, at least one."""
    taken: list[Json] = []
    size = 0
    for message in messages:
        size += _bytes_in_reply(message)
        if taken and size > MOST_BYTES:
            break
        taken.append(message)
    return taken


def _bytes_in_reply(message: Json) -> int:
    text = json.dumps(message, ensure_ascii=False)
    # Lambda's reply is JSON that holds this JSON as a text: quotes and backslashes get one more backslash there.
    return len(text.encode()) + text.count('"') + text.count("\\") + 2


def _dataset_input(edge: InputEdge, datasets: Mapping[str, DatasetItem]) -> Json:
    dataset = datasets[edge.dataset]
    described = {
        "name": dataset.name,
        "digest": dataset.digest,
        "source_type": dataset.source_type,
        "source": dataset.source,
        **{name: text for name, text in (("schema", dataset.schema), ("profile", dataset.profile)) if text},
    }
    return _filled(tags=[{"key": key, "value": value} for key, value in edge.tags], dataset=described)


def _filled(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value is not None and value != []}
