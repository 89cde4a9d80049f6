"""Who executes state machines in the local stack and in tests: ministack, started by the first request to it.

    chalicelib.storage.machines ──► socket, ours ──► machines_engine (ministack) ──► bridge ──► the task functions, ours

Most stacks never see a transition that needs approval, so nothing is started until somebody connects. The socket
listens from the beginning, and a connection waits in it while the engine comes up, which takes half a second. It stays
ours: when the engine ends, however it ends, the next connection starts another one.
"""

import os
import select
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local import engines, processes
from infra.local.bridge import Bridge, Functions, bridging
from infra.local.engines import Engines
from infra.local.machines_engine import ACCOUNT, REGION
from infra.local.processes import Address
from infra.local.settings import AWS, REPOSITORY, CannotStart, LocalSettings

NAME = "cumulog-transition"
ARN = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NAME}"
DEFINITION = REPOSITORY / "infra" / "deploy" / "statemachines" / "transition.asl.json"

# An engine that cannot start must not be started again and again by one connection that waits.
_PAUSE_SECONDS = 1.0


@dataclass
class Interpreter:
    """Where state machines are executed; `process` is the engine, once somebody connected."""

    address: Address
    process: "subprocess.Popen[bytes] | None" = None


@contextmanager
def available(
    settings: LocalSettings, started: Engines, functions: Functions, data: Path
) -> Iterator[Mapping[str, str | None]]:
    """What the environment must say inside the block: the machine that is set, else our own, else none.

    `functions` may be filled later. Raises CannotStart for settings that contradict each other.
    """
    if settings.states_endpoint:
        yield _as_set(settings, started.choice.is_local)
    elif started.choice.is_local and engines.MINISTACK_PYTHON.exists():
        keys = engines.signing_keys(started.secret)
        with interpreting(functions, keys, data / "logs" / "machines.log") as interpreter:
            yield _environment(interpreter.address.url, ARN)
    else:
        # Not even by accident may a local request start an execution in the user's account.
        yield _environment(None, None)


@contextmanager
def interpreting(
    functions: Functions, keys: dict[str, str], log: Path, wait_scale: float = 1.0
) -> Iterator[Interpreter]:
    """Inside the block the transition machine is there for who signs with `keys`, its tasks answered by `functions`.

    `wait_scale` shortens the pauses between two attempts of a task, 0 leaves them out; timeouts stay what they are.
    """
    address = processes.free_address()
    with bridging(functions) as bridge, closing(_listening(address)) as listener:
        env = {"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), "SFN_WAIT_SCALE": str(wait_scale), **keys}
        engine = _Engine(listener, address, bridge, env, log)
        engine.start()
        try:
            yield engine.interpreter
        finally:
            engine.end()


def _as_set(settings: LocalSettings, is_local: bool) -> Mapping[str, str | None]:
    if settings.transition_machine is None:
        raise CannotStart(
            "CUMULOG_STATES_ENDPOINT is set; set CUMULOG_TRANSITION_MACHINE to the state machine there, too."
        )
    if settings.states_endpoint != AWS:
        return _environment(settings.states_endpoint, settings.transition_machine)
    if is_local:
        raise CannotStart("CUMULOG_STATES_ENDPOINT is 'aws', where no machine can reach the stores on this one.")
    return _environment(None, settings.transition_machine)


def _environment(url: str | None, machine: str | None) -> Mapping[str, str | None]:
    return {"CUMULOG_STATES_ENDPOINT": url, "CUMULOG_TRANSITION_MACHINE": machine}


class _Engine(threading.Thread):
    """Starts the engine when somebody connects, and again after it ended.

    The kernel ends a child when the thread that started it ends, so this one stays.
    """

    def __init__(
        self, listener: socket.socket, address: Address, bridge: Bridge, env: dict[str, str], log: Path
    ) -> None:
        super().__init__(name="machines", daemon=True)
        self.interpreter = Interpreter(address)
        self._listener = listener
        self._command = _command(address, listener.fileno(), bridge)
        self._env = {**env, "BRIDGE_SECRET": bridge.secret}
        self._log = log
        self._ending = threading.Event()
        self._waker, self._woken = socket.socketpair()

    def run(self) -> None:
        while not self._ending.is_set():
            select.select([self._listener, self._woken], [], [])
            if self._ending.is_set():
                return
            child = processes.start(self._command, self._env, self._log, (self._listener.fileno(),))
            self.interpreter.process = child
            with processes.ended_after(child):
                while child.poll() is None and not self._ending.wait(_PAUSE_SECONDS):
                    pass

    def end(self) -> None:
        self._ending.set()
        self._waker.send(b"x")
        self.join(timeout=10)
        self._waker.close()
        self._woken.close()


def _listening(address: Address) -> socket.socket:
    listener = socket.socket()
    listener.bind((address.host, address.port))
    listener.listen(128)
    return listener


def _command(address: Address, descriptor: int, bridge: Bridge) -> list[str]:
    module = ["-m", "infra.local.machines_engine"]
    where = [address.host, str(address.port), str(descriptor)]
    return [str(engines.MINISTACK_PYTHON), *module, *where, NAME, str(DEFINITION), bridge.url]
