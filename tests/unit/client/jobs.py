"""A run of this process whose delivery a test drives, and what the server has of it."""

import json
from pathlib import Path

from cumulog._delivery.deliverer import Deliverer
from cumulog._delivery.outbox import Outbox
from cumulog._fluent.process import process
from cumulog._fluent.runs import Run, RunInfo
from cumulog._journal.chains import Head
from cumulog._journal.records import Kind
from cumulog._journal.writers import Writer
from tests.unit.client import fake_tracking
from tests.unit.client.fake_server import World

RUN = "a" * 32


class Job:
    """A run of this process whose lines go where the test says, when it says so."""

    def __init__(self, server: str, run_id: str = RUN, *, is_new: bool = True, experiment: str = "") -> None:
        self.said: list[str] = []
        self.run = Run(RunInfo(run_id, "", ""), server, None, process)
        self.writer = Writer(Head(run_id, server), self.said.append)
        self.run._writer = self.writer
        self.deliverer = Deliverer(server, self.said.append, adopts=False)
        # Not `take`, which starts the thread.
        self.deliverer._boxes.append(Outbox(self.writer.chain, self.writer))
        if is_new:
            body = {"run_id": run_id, "user_id": "ada", "start_time": 1, "tags": []}
            create = {"body": body, "experiment_id": "" if experiment else "0", "experiment_name": experiment}
            self.writer.append(Kind.CREATE, json.dumps({**create, "join": False}).encode())

    def deliver(self) -> None:
        """A round, as if every pause were over."""
        self.deliverer._pause.end()
        for box in self.deliverer._boxes:
            box.pause.end()
        self.deliverer.round()


def stored(world: World, run_id: str = RUN) -> fake_tracking.Run:
    return world.tracking.runs[run_id]


def steps(world: World) -> list[int]:
    return sorted(point[3] for point in stored(world).points)


def left_behind(server: str, run_id: str = RUN) -> Path:
    """The journal of a job that was killed before anything was delivered."""
    job = Job(server, run_id)
    job.run.metric("loss", 0.5, 1, 1)
    assert job.writer.chain.folder
    job.writer.chain.close()
    return job.writer.chain.folder
