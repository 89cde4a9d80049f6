"""The walks of ARCHITECTURE.md: each request enters the files that its walk numbers, in that order."""

import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from chalicelib.catalogue import handler
from chalicelib.config import settings
from tests.api import closed_world
from tests.api.closed import World

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "ARCHITECTURE.md").read_text()
# Names of code that runs when a module is imported, or that stands for itself.
NOT_ENTERED = {"<module>", "<lambda>"}


@pytest.fixture(scope="module")
def world(aws: None, s3_bucket: Any) -> Iterator[World]:
    with closed_world.lasting() as (world, _):
        yield world


@pytest.fixture(autouse=True)
def store() -> None:
    """The world that all walks share is not emptied."""


def log_metric(world: World) -> None:
    world.done("editor", "/runs/log-metric", run_id=world.names["run"], key="loss", value=0.5, timestamp=1)


def presign_upload(world: World) -> None:
    file = {"path": f"{world.names['root']}/new.bin", "size": 1, "sha256": "0" * 64}
    world.done("editor", "/api/2.0/cumulog/artifacts/uploads", files=[file])


def transition(world: World) -> None:
    fields = {"name": world.names["registered"], "version": "1", "stage": "Archived"}
    world.done("editor", "/model-versions/transition-stage", **fields)


def search(world: World) -> None:
    ids = [world.names["experiment"]]
    world.done("reader", "/runs/search", experiment_ids=ids, filter="metrics.loss < 0.6")


def notice_model(world: World) -> None:
    # A folder of another name than any in the world, so that the catalogue has no entry for it.
    key = f"{world.names['root']}/walked/MLmodel"
    detail = {"bucket": {"name": settings().bucket}, "object": {"key": key}}
    handler.catalogue_on_event({**EVENT, "detail": detail}, None)


EVENT = {
    **dict.fromkeys(("version", "id", "account", "time", "region", "detail-type", "source"), ""),
    "resources": [],
}
WALKS: dict[str, Callable[[World], None]] = {
    "Walk 1: a metric point": log_metric,
    "Walk 2: a presigned upload": presign_upload,
    "Walk 3: a transition": transition,
    "Walk 4: a filter": search,
    "Walk 5: an MLmodel event": notice_model,
}


@pytest.mark.parametrize("heading", WALKS)
def test_a_request_takes_the_walk_that_is_described(heading: str, world: World, s3_bucket: Any) -> None:
    s3_bucket.put_object(Key=f"{world.names['root']}/walked/MLmodel", Body=closed_world.MANIFEST)

    with entering() as entered:
        WALKS[heading](world)

    going = iter(entered)
    # `in` goes on from where the step before was found.
    missed = [names[0] for names in steps(heading) if names[0] not in going]
    assert missed[:1] == []


def test_every_walk_is_tried() -> None:
    assert re.findall(r"^## (Walk .+)$", PAGE, re.MULTILINE) == list(WALKS)


def steps(heading: str) -> list[list[str]]:
    """The files that each numbered step of a walk names."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    numbered = re.findall(r"^\d+\. (.+(?:\n +.+)*)", section, re.MULTILINE)
    return [re.findall(r"`(chalicelib/[\w/]+\.py)`", step) for step in numbered]


@contextmanager
def entering() -> Iterator[list[str]]:
    """The files of chalicelib whose functions are called in the block, one after the other."""
    entered: list[str] = []

    def note(frame: FrameType, _event: str, _argument: Any) -> None:
        path = frame.f_code.co_filename
        if path.startswith(f"{ROOT}/chalicelib/") and frame.f_code.co_name not in NOT_ENTERED:
            entered.append(path.removeprefix(f"{ROOT}/"))

    before = sys.gettrace()
    threading.settrace(note)
    sys.settrace(note)
    try:
        yield entered
    finally:
        sys.settrace(before)
        threading.settrace(before)  # type: ignore[arg-type]
