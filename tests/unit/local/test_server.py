import _thread
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from cheroot.workers.threadpool import ThreadPool

from chalicelib.errors import TemporarilyUnavailable
from infra.local import server
from infra.local.settings import CannotStart


def test_a_port_in_use_is_told_with_the_setting_that_changes_it():
    with server.listen(0) as taken, ThreadPoolExecutor(1) as pool:
        port = taken.getsockname()[1]
        # Whoever has the port hangs up at once: to wait for one who is silent takes seconds.
        pool.submit(lambda: taken.accept()[0].close())

        with pytest.raises(CannotStart, match=f"Port {port} .*already in use.*CUMULOG_PORT"):
            server.listen(port)


ANSWERS = [
    (b'{"store_type":"Cumulog","workspaces_enabled":false}', True),
    (b'{"error_code": "UNAUTHENTICATED", "message": "No valid token was sent."}', True),
    (b'{"store_type":"SqlStore"}', False),
    (b'{"error_code": "ENDPOINT_NOT_FOUND"}', False),
    (b'["Cumulog"]', False),
    (b"You are not authenticated.", False),
    (b"\xff\xfe\x00", False),
    (b"", False),
]


@pytest.mark.parametrize(("body", "expected"), ANSWERS)
def test_a_cumulog_is_known_by_its_answer(body, expected):
    assert server.says_cumulog(body) is expected


def test_it_listens_on_loopback_alone():
    with server.listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        with socket.create_connection(listener.getsockname(), timeout=60):
            pass


@pytest.fixture
def hears_ctrl_c():
    """Whoever starts the tests in the background may have it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.slow
def test_ctrl_c_never_meets_the_thread_that_hands_out_connections(monkeypatch, hears_ctrl_c):
    putting = []
    put = ThreadPool.put

    def noted(pool, connection):
        putting.append(threading.current_thread())
        put(pool, connection)
        # Ctrl-C raises in the main thread, at any line of it.
        _thread.interrupt_main()

    monkeypatch.setattr(ThreadPool, "put", noted)
    listener = server.listen(0)
    with socket.create_connection(listener.getsockname(), timeout=60) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")

        with pytest.raises(KeyboardInterrupt):
            server.serve(listener, lambda environ, start: start("204 No Content", []) and [])

    assert putting
    assert threading.main_thread() not in putting


def test_a_sweep_that_failed_is_tried_again():
    enough = threading.Event()
    calls = []

    def sweep():
        calls.append(None)
        if len(calls) == 3:
            enough.set()
        raise TemporarilyUnavailable("not now")

    with server.sweeping(0.01, sweep):
        assert enough.wait(60)


def test_no_sweep_after_the_end():
    with server.sweeping(0.01, lambda: None):
        pass

    assert "sweeper" not in [thread.name for thread in threading.enumerate()]
