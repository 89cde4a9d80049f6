"""What the environment says: MLflow's variables, and those of launchers."""

import os
import sys
from collections.abc import Mapping

from cumulog._delivery.deliverer import say
from cumulog._http import credentials, servers

_said: set[str] = set()
_MOST_SAID = 100

# The active run, for processes that this one spawns.
PARENT_RUN = "CUMULOG_PARENT_RUN"
# The variables of launchers: a process's rank, and how many there are.
TOLD = {"RANK": "WORLD_SIZE", "SLURM_PROCID": "SLURM_NTASKS", "OMPI_COMM_WORLD_RANK": "OMPI_COMM_WORLD_SIZE"}


def server() -> str:
    """The server's URL; empty if none is named. Raises nothing: what is no URL counts as none."""
    return usable(servers.named())


def usable(url: str) -> str:
    """A server's URL as journals have it; empty if it is none, which is said once."""
    url = url.strip()
    why = servers.flaw(url) if url else ""
    if why:
        _once(f"{why} So lines stay in the journal.", url)
    return address(url) if url and not why else ""


def address(url: str) -> str:
    """A server's URL without a user and password in it, which are kept for calls to that server."""
    server, named = credentials.parted(url)
    if credentials.are_complete(named):
        credentials.note(server, named)
    elif named:
        _once(
            "A server's URL names a user without a password, so it is not used. Write https://user:password@…, or set "
            "MLFLOW_TRACKING_TOKEN.",
            "password",
        )
    return server


def _once(text: str, about: str) -> None:
    if about not in _said and len(_said) < _MOST_SAID:
        _said.add(about)
        say(text)


def rank() -> int | None:
    """This process's rank among several that a launcher started; None if it is alone."""
    for name, size in TOLD.items():
        text, count = os.environ.get(name, ""), os.environ.get(size, "")
        if text.isdigit() and count.isdigit() and int(count) > 1:
            return int(text)
    return None


def is_child_of_multiprocessing() -> bool:
    return bool(parent_of_worker())


def parent_of_worker() -> int:
    """The process that started this worker of multiprocessing; 0 if it is none."""
    module = sys.modules.get("multiprocessing.process")
    parent = module.parent_process() if module else None
    return parent.pid or 0 if parent else 0


def user() -> str:
    """Who runs this, as the environment says or the system; `unknown` where neither does."""
    names = ("MLFLOW_TRACKING_USERNAME", "LOGNAME", "USER", "USERNAME")
    return next((os.environ[name] for name in names if os.environ.get(name)), "") or _user_of_system()


def _user_of_system() -> str:
    try:
        # Windows lacks this module.
        import pwd  # noqa: PLC0415

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return "unknown"


def wants_system_metrics() -> bool:
    """Whether each run is to have metrics of its machine."""
    return os.environ.get("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "").strip().lower() in ("true", "1")


def is_off(name: str, variables: Mapping[str, str] = os.environ) -> bool:
    """Whether a variable turns off what is on without it."""
    return variables.get(name, "").strip().lower() in ("off", "0", "false", "no")


def tags() -> dict[str, str]:
    """The tags that MLflow gives each run."""
    source = sys.argv[0] if sys.argv and sys.argv[0] else "<console>"
    return {"mlflow.user": user(), "mlflow.source.name": source, "mlflow.source.type": "LOCAL"}
