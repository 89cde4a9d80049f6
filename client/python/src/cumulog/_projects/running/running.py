"""How a project runs: the run comes first, so that whatever goes wrong has a run to say so."""

import os
import resource
import shlex
import signal
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from cumulog._client.client import Client
from cumulog._delivery.leases import LAUNCHER, holder
from cumulog._fluent.environment import PARENT_RUN
from cumulog._fluent.process import process
from cumulog._fluent.runs import Run, new_id
from cumulog._fluent.starting import Wanted, checked, created, resumed
from cumulog._http.errors import CumulogError
from cumulog._projects.children import STDERR, Program, Stop, Stopped, run
from cumulog._projects.environments import choosing, docker
from cumulog._projects.environments.prepared import VARIABLE, Bench, Prepared
from cumulog._projects.errors import ProjectError
from cumulog._projects.running import record, settling, tags
from cumulog._projects.running.order import Attempt, Order, Target
from cumulog._projects.running.output import Printed, Terminal
from cumulog._record.confidential import masked

# Until the server has the run, which the command's process needs.
_SECONDS = 30.0
_LONGEST_REASON = 4000


class Ended(NamedTuple):
    """How a run ended. `code` is what this process ends with; `why` is empty if all went well."""

    run_id: str
    experiment_id: str
    status: str
    code: int
    why: str = ""


def launch(order: Order, target: Target, stop: Stop, terminal: Terminal) -> Ended:
    """Run a project to its end. Raises CumulogError if there is no run, or the server does not take it."""
    tracked = _Tracked(order, target, stop, terminal)
    try:
        code = tracked.work()
        ended = tracked.by_code(code)
    except Stopped as stopped:
        ended = tracked.stopped(stopped)
    except ProjectError as error:
        ended = tracked.ended("FAILED", 1, str(error))
    except BaseException as error:
        tracked.ended("FAILED", 1, f"{type(error).__name__}: {error}")
        raise
    return ended


class _Tracked:
    """One run of a project, from its creation on."""

    def __init__(self, order: Order, target: Target, stop: Stop, terminal: Terminal) -> None:
        self._order = order
        self._target = target
        self._stop = stop
        self._attempt = target.attempt or Attempt()
        self._manager = choosing.manager(order.project, order.choice.manager)
        self._prepared: Prepared | None = None
        self._document: dict[str, Any] = {}
        self._begun = time.monotonic()
        self._cpu = _cpu_seconds()
        self._run = self._started()
        self._printed = Printed(self._run, terminal)
        self._printed.start()

    def work(self) -> int:
        """Build the environment, and run the command in it. Its exit code, or less than 0 for a signal."""
        order = self._order
        bench = Bench(order.project.folder, self._printed.said, self._stop)
        with choosing.prepared(order.project, self._manager, order.choice, bench) as prepared:
            self._prepared = prepared
            self._run.tags(prepared.tags)
            if self._target.is_recorded:
                record.log(self._run, order, prepared)
            self._document = record.project(order, self._manager, prepared)
            record.log_project(self._run, lambda: self._document)
            self._stop.check()
            if order.source.note:
                self._printed.said(STDERR, f"{order.source.note}\n".encode())
            self._printed.said(STDERR, f"Run {self._run.info.run_id}: {_shown(order.command.shown)}\n".encode())
            with self._attempt.kept():
                return run(self._program(prepared), self._printed.said, self._stop)

    def by_code(self, code: int) -> Ended:
        """How the run ends whose command has ended."""
        if code < 0:
            name = signal.Signals(-code).name if -code in {*signal.Signals} else str(-code)
            return self.ended("FAILED", 128 - code, f"the command was ended by {name}")
        if code:
            return self.ended("FAILED", code, f"the command ended with {code}")
        return self.ended(self._own_status(), 0)

    def stopped(self, stopped: Stopped) -> Ended:
        """How the run ends as this process was told to; or waits for the next attempt at it."""
        has_next = self._attempt.has_next()
        return self.ended("SCHEDULED" if has_next else "KILLED", 128 + stopped.number, str(stopped))

    def ended(self, status: str, code: int, why: str = "") -> Ended:
        """End the run, and say to the server and to people why it did not go well."""
        info = self._run.info
        if why:
            self._printed.said(STDERR, f"{why[:1].upper()}{why[1:]}\n".encode(errors="replace"))
        if why and status != "SCHEDULED":
            self._run.tags({tags.FAILURE: masked(why)[:_LONGEST_REASON]})
        document = self._document or record.project(self._order, self._manager, self._prepared)
        document |= {"status": status, "exit_code": code, "failure": masked(why), "seconds": self._seconds()}
        record.log_project(self._run, lambda: document)
        settling.end(self._run, status)
        return Ended(info.run_id, self._target.experiment_id, status, code, why)

    def _started(self) -> Run:
        """The run, which the server has when this returns."""
        order, target = self._order, self._target
        first = {} if target.attempt else tags.first(order)
        given = {**first, **tags.environment(self._manager), **target.tags}
        wanted = Wanted(target.experiment_id, target.run_name, given, target.parent)
        found = resumed(target.run_id, wanted) if target.run_id else created(target.new_id or new_id(), wanted)
        if found is None:
            checked(target.run_id)
            raise ProjectError("There is no run to go on with.")
        process.begin(found)
        if found.lease:
            found.lease.is_shared = True
        if not target.attempt:
            found.params(order.values.given)
            found.params(order.values.extra)
        return settling.taken(found, f"The server does not take the run, so nothing was started: {target.server}")

    def _program(self, prepared: Prepared) -> Program:
        order = self._order
        inside = {**self._tracking(), **order.command.variables}
        words = [*prepared.before, *order.command.arguments]
        image = prepared.tags.get("mlflow.docker.image.uri", "")
        if self._manager == "docker" and order.project.environment.docker:
            wanted = order.project.environment.docker
            words, inside = docker.command(wanted, image, order.choice.options, inside, words)
        others = ("MLFLOW_EXPERIMENT_NAME", "MLFLOW_RUN_NAME")
        outside = {name: value for name, value in os.environ.items() if name not in others}
        return Program(words, order.project.folder, {**outside, **prepared.variables, **inside})

    def _tracking(self) -> Mapping[str, str]:
        """What tells the command's process of its run."""
        info = self._run.info
        return {
            "MLFLOW_RUN_ID": info.run_id,
            "MLFLOW_TRACKING_URI": self._target.server,
            "MLFLOW_EXPERIMENT_ID": self._target.experiment_id,
            PARENT_RUN: info.run_id,
            LAUNCHER: holder(),
            VARIABLE: self._manager,
            **self._attempt.variables,
        }

    def _own_status(self) -> str:
        """What the command itself has said of the run: a script may end it as failed, and its process well."""
        try:
            status = str(Client(self._target.server).runs.get(self._run.info.run_id)["run"]["info"]["status"])
        except CumulogError:
            return "FINISHED"
        return status if status in ("FAILED", "KILLED") else "FINISHED"

    def _seconds(self) -> dict[str, float]:
        wall, cpu = time.monotonic() - self._begun, _cpu_seconds() - self._cpu
        return {"wall": round(wall, 3), "cpu": round(cpu, 3)}


def _cpu_seconds() -> float:
    """What processes that this one started, and has waited for, took of the processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _shown(command: str) -> str:
    return command if command.isprintable() else shlex.quote(command)
