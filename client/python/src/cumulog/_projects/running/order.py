"""What is to be run, with everything that was typed."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import MappingProxyType
from typing import Any, NamedTuple

from cumulog._projects.environments.choosing import Choice
from cumulog._projects.project import Command, EntryPoint, Project, Source, Values


class Order(NamedTuple):
    """A project that was fetched and read, an entry point, its parameters and the command that they make."""

    source: Source
    project: Project
    entry: EntryPoint
    values: Values
    command: Command
    choice: Choice = Choice()


class Attempt(NamedTuple):
    """An attempt at a run that was created elsewhere, with its params, and waits for a machine.

    `variables` are told to the command. `has_next` says whether another attempt follows if this one is stopped; `kept`
    is a block around the command.
    """

    variables: Mapping[str, str] = MappingProxyType({})
    has_next: Callable[[], bool] = lambda: False
    kept: Callable[[], AbstractContextManager[Any]] = nullcontext


class Target(NamedTuple):
    """Where the run goes. `run_id` goes on with a run that is there; else it is a new one, in an experiment.

    `new_id` is the id for a new one, and `tags` are added to it. One of many runs of a project needs no record of its
    own (`is_recorded`): that of its parent says what was run.
    """

    server: str
    experiment_id: str
    run_name: str = ""
    run_id: str = ""
    parent: str = ""
    new_id: str = ""
    tags: Mapping[str, str] = MappingProxyType({})
    is_recorded: bool = True
    attempt: Attempt | None = None
