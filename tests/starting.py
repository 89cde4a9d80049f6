"""Processes from their start to their first reply, as a Lambda's is when it starts cold; and what they used."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import runtime_api

REPLY_SECONDS = 60
_KEYS = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"})

# What any handler out of these libraries costs (design §8). pydantic loads little until a name is asked for.
FLOOR = """
import os
import chalice.app
from pydantic import BaseModel
from pynamodb.connection import Connection
from pynamodb.models import Model
Connection(host=os.environ["CUMULOG_DYNAMODB_ENDPOINT"]).client
"""


@dataclass(frozen=True)
class Place:
    """A Python and where it finds code: in `folder`, in which it also runs, then `beside` it.

    Its processes have this environment and nothing else.
    """

    python: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    beside: Sequence[Path] = ()

    def variables(self) -> dict[str, str]:
        paths = os.pathsep.join(map(str, (self.folder, *self.beside)))
        return {"PATH": os.defpath, "PYTHONPATH": paths, **self.environment}


@dataclass(frozen=True)
class Start:
    """How long a process took, by the clock and in processor time."""

    seconds: float
    processor_seconds: float


def ran(place: Place, program: str) -> Start:
    """Run a program to its end. Raises subprocess.CalledProcessError when it fails."""
    begin = time.perf_counter()
    process = _started(place, ["-c", program])
    used = _used(process)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, program)
    return Start(time.perf_counter() - begin, used)


def answered(place: Place, handler: str, event: Mapping[str, Any]) -> tuple[Start, dict[str, Any]]:
    """Start a Lambda's process for one event, and end it when it has answered: what it took, and the answer.

    `handler` is a dotted name, as in a template. Raises runtime_api.Failed when the function or its import raises.
    """
    with runtime_api.serving(dict(event)) as api:
        begin = time.perf_counter()
        process = _started(place, ["-m", "awslambdaric", handler], AWS_LAMBDA_RUNTIME_API=api.address)
        try:
            answer = api.answer(within_seconds=REPLY_SECONDS)
            seconds = time.perf_counter() - begin
        finally:
            process.kill()
            used = _used(process)
    return Start(seconds, used), answer


def least_processor_seconds(starts: Sequence[Start]) -> float:
    """That of the start which the rest of the machine disturbed least."""
    return min(start.processor_seconds for start in starts)


def lambda_environment(function: str, folder: Path) -> dict[str, str]:
    """What Lambda tells a function whose package lies in `folder`; the store and the keys for it are the caller's."""
    told = {name: value for name, value in os.environ.items() if name.startswith("CUMULOG_") or name in _KEYS}
    return {
        **told,
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "LAMBDA_TASK_ROOT": str(folder),
    }


def _started(place: Place, arguments: Sequence[str], **variables: str) -> "subprocess.Popen[bytes]":
    environment = {**place.variables(), **variables}
    return subprocess.Popen([*place.python, *arguments], cwd=place.folder, env=environment, stdout=subprocess.DEVNULL)


def _used(process: "subprocess.Popen[bytes]") -> float:
    """Wait for the end of a process: the processor seconds that it had."""
    _, status, usage = os.wait4(process.pid, 0)
    # wait4 went behind the object's back, which would else go on waiting.
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime
