import socket
import threading

import pytest

from chalicelib.errors import TemporarilyUnavailable
from infra.local import server
from infra.local.settings import CannotStart


def test_a_port_in_use_is_told_with_the_setting_that_changes_it():
    with server.listen(0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CannotStart, match=f"Port {port} .*already in use.*CUMULOG_PORT"):
            server.listen(port)


def test_it_listens_on_loopback_alone():
    with server.listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        with socket.create_connection(listener.getsockname(), timeout=5):
            pass


def test_a_sweep_that_failed_is_tried_again():
    enough = threading.Event()
    calls = []

    def sweep():
        calls.append(None)
        if len(calls) == 3:
            enough.set()
        raise TemporarilyUnavailable("not now")

    with server.sweeping(0.01, sweep):
        assert enough.wait(5)


def test_no_sweep_after_the_end():
    with server.sweeping(0.01, lambda: None):
        pass

    assert "sweeper" not in [thread.name for thread in threading.enumerate()]
