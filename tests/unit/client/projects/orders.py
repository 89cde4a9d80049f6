"""Projects for tests of running: a command as it is, without anything that reads files."""

from pathlib import Path

from cumulog._projects.environments.choosing import Choice
from cumulog._projects.project import Command, Docker, EntryPoint, Environment, Parameter, Project, Source, Values
from cumulog._projects.running.order import Order, Target
from tests.unit.client.fake_server import World


def order(folder: Path, command: str, environment: Environment | None = None, *, manager: str = "local") -> Order:
    """A project of one command without parameters, run by bash."""
    project = Project(folder, "tests", {}, environment or Environment())
    entry = EntryPoint("main", command, {})
    return Order(
        Source(str(folder), str(folder), folder),
        project,
        entry,
        Values({}, {}, {}),
        Command(["bash", "-c", command], {}, command),
        Choice(manager),
    )


def with_values(wanted: Order, values: dict[str, str], kind: str = "string") -> Order:
    parameters = {name: Parameter(name, kind) for name in values}
    entry = wanted.entry._replace(parameters=parameters)
    return wanted._replace(entry=entry, values=Values(dict(values), dict(values), {}))


def in_docker(*environment: str | tuple[str, str], volumes: tuple[str, ...] = ()) -> Environment:
    return Environment("docker_env", None, Docker("image:1", volumes, environment))


def target(world: World, **more: str) -> Target:
    return Target(world.url, "0", **more)


def program(folder: Path, name: str, script: str) -> str:
    """A program for the path; returns the folder that it is in."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/bash\n{script}\n")
    (folder / name).chmod(0o755)
    return str(folder)
