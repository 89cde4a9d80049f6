"""What a process has started ends with it, even if it is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

STARTER = """
import sys
from pathlib import Path
from cumulog._projects.children import Program, Stop, run

words = ["bash", "-c", "sleep 60 & echo $$; wait"]
run(Program(words, Path.cwd(), {"PATH": sys.argv[1]}), lambda number, block: print(block.decode(), flush=True), Stop())
"""


def lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_command_ends_when_the_process_that_ran_it_is_killed() -> None:
    source = Path(__file__).resolve().parents[4] / "client/python/src"
    command = [sys.executable, "-c", STARTER, os.environ["PATH"]]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as starter:
        assert starter.stdout
        group = int(starter.stdout.readline())
        assert lives(group)

        starter.send_signal(signal.SIGKILL)
        starter.wait()

    deadline = time.monotonic() + 20
    while lives(group) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not lives(group)
