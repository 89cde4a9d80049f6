import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.local import processes
from infra.local.processes import Child
from infra.local.settings import CannotStart


def eventually(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def is_alive(pid):
    # A process that ended and that nobody has waited for yet is a zombie, which is dead enough.
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def start(tmp_path, code):
    return processes.start([sys.executable, "-c", code], os.environ, tmp_path / "child.log")


def test_an_engine_that_ends_at_once_is_told_with_its_last_words(tmp_path):
    process = start(tmp_path, "print('no space left'); raise SystemExit(3)")
    child = Child("dynamodb", process, processes.free_address(), "/", tmp_path / "child.log")

    with processes.ended_after(process), pytest.raises(CannotStart, match=r"dynamodb engine[\s\S]*no space left"):
        processes.wait_ready(child)


def test_an_engine_that_ends_without_a_word_is_told_with_its_code(tmp_path):
    process = start(tmp_path, "raise SystemExit(3)")
    child = Child("s3", process, processes.free_address(), "/", tmp_path / "child.log")

    with processes.ended_after(process), pytest.raises(CannotStart, match=r"ended with code 3\.[\s\S]*it is empty"):
        processes.wait_ready(child)


@pytest.mark.parametrize("content", [b"", b"\x7fELF of another platform"])
def test_what_is_no_program_of_this_platform_is_told(tmp_path, content):
    program = tmp_path / "dynoxide"
    program.write_bytes(content)
    program.chmod(0o755)

    with pytest.raises(CannotStart, match="dynoxide could not be run"):
        processes.start([str(program)], os.environ, tmp_path / "child.log")


DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


@pytest.mark.slow
def test_a_child_is_asked_to_end_and_killed_if_it_does_not(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.3)
    deaf = start(tmp_path, DEAF)
    assert eventually(lambda: "deaf" in (tmp_path / "child.log").read_text())

    with processes.ended_after(deaf):
        pass

    assert deaf.returncode == -signal.SIGKILL


PARENT = """
import os, signal, sys
from pathlib import Path
from infra.local import processes
child = processes.start([sys.executable, "-c", "import time; time.sleep(60)"], os.environ, Path(sys.argv[1]))
print(child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child's life to its parent's")
def test_a_child_dies_with_its_parent_even_when_that_is_killed(tmp_path):
    command = [sys.executable, "-c", PARENT, str(tmp_path / "child.log")]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert ended.returncode == -signal.SIGKILL
    assert eventually(lambda: not is_alive(int(ended.stdout)))


def test_each_engine_gets_an_address_of_its_own_on_loopback():
    addresses = {processes.free_address() for _ in range(20)}

    assert len(addresses) == 20
    assert all(address.host.startswith("127.") for address in addresses)
