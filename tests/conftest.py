"""What holds for all tests: how access stands, which of them run (`tests/sampling.py`), and which share a process.

Access is closed unless something opens it. Most tests are about other things, so it is open here.
"""

import functools
import gc
import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from botocore.loaders import JSONFileLoader
from xdist.scheduler import LoadScopeScheduling

from tests import lasting, sampling

os.environ["CUMULOG_ACCESS"] = "open"
# Each run would be recorded, with the files of this repository. tests/unit/client/test_record.py says `on`.
os.environ["CUMULOG_RECORD"] = "off"
# Of what is imported nothing is garbage; `pytest_collection_finish` goes on.
gc.disable()


def _reading_each_service_once() -> None:
    """botocore parses its description of a service for each client that it makes, which takes a third of a second."""
    read = JSONFileLoader.load_file
    read_once = functools.cache(JSONFileLoader().load_file)

    def load_file(loader: JSONFileLoader, file_path: str) -> Any:
        # Other files are changed by those who have read them.
        is_description = file_path.endswith(("service-2", "endpoint-rule-set-1"))
        return read_once(file_path) if is_description else read(loader, file_path)

    JSONFileLoader.load_file = load_file


_reading_each_service_once()

for _name, _examples in sampling.EXAMPLES.items():
    hypothesis.settings.register_profile(_name, max_examples=_examples, deadline=None)
hypothesis.settings.load_profile("nightly" if sampling.NIGHTLY else "daily")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sampled(keep, by, of): by day some of the cases run; see tests/sampling.py")
    config.addinivalue_line("markers", "slow: `make quick` leaves it out")


# Last, to draw from what -k and -m have left.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if sampling.NIGHTLY or config.option.keyword or any("::" in argument for argument in config.args):
        return
    drawn = sampling.drawn(items)
    left_out = [item for item in items if item not in drawn]
    sampling.LeftOut.tests = len(left_out)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item in drawn]


def pytest_collection_finish() -> None:
    """What the modules of all tests have brought along stays, so that Python need not look through it again and again.

    MLflow alone is a million objects: with them each full collection would take half a second. The others come less
    often than Python does them, after 20,000 new objects rather than 700: that saves a tenth of all time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 5)
    gc.enable()


# Last: its fixtures end before what they have from the folder's servers.
@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    folder = lasting.folder_of(item.nodeid)
    if folder and (nextitem is None or lasting.folder_of(nextitem.nodeid) != folder):
        lasting.leave(folder)


class Together(LoadScopeScheduling):
    """Tests of one file run in one process, and so do those of some folders."""

    def _split_scope(self, nodeid: str) -> str:
        return lasting.folder_of(nodeid) or nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    return Together(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = (sampling.LeftOut.tests, sampling.LeftOut.turns)
    yield


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Each process of pytest-xdist leaves out the same tests, and turns of its own."""
    tests, turns = getattr(node, "workeroutput", {}).get("left_out", (0, 0))
    sampling.LeftOut.tests = max(sampling.LeftOut.tests, tests)
    sampling.LeftOut.turns += turns


def pytest_report_header() -> str:
    return "everything runs" if sampling.NIGHTLY else f"a sample runs; CUMULOG_TEST_SEED={sampling.SEED} draws the same"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if sampling.LeftOut.tests or sampling.LeftOut.turns:
        terminalreporter.write_line(
            f"sample: {sampling.LeftOut.tests} tests and {sampling.LeftOut.turns} turns of others were left out, "
            f"which `make test-nightly` runs; CUMULOG_TEST_SEED={sampling.SEED} draws the same again"
        )
