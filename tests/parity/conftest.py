"""Both servers, once for all parity tests, and the line in pytest's summary that says what was compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import cumulog
from cumulog._fluent.process import process
from tests import lasting, servers
from tests.parity import tables
from tests.parity.calls import Side
from tests.parity.compare import Pair, Tally
from tests.parity.stock_client import tracking_at

_TALLY = pytest.StashKey[Tally]()


@dataclass(frozen=True)
class Urls:
    theirs: str
    ours: str
    self_check: bool


@pytest.fixture(scope="session")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Urls:
    """Where `mlflow server` and the local stack are."""
    folder = tmp_path_factory.mktemp("parity")
    both = servers.mlflow(folder / "mlflow"), servers.ours()(folder / "ours")
    theirs, ours = (lasting.entered("tests/parity/", each) for each in both)
    return Urls(theirs, ours, servers.self_check())


@pytest.fixture
def pair(urls: Urls, pytestconfig: pytest.Config) -> Pair:
    """Both servers with no names learned yet."""
    tally = pytestconfig.stash.setdefault(_TALLY, Tally())
    return Pair(Side(urls.theirs), Side(urls.ours), urls.self_check, tally)


@pytest.fixture
def ours(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Our server, for cumulog and for mlflow."""
    monkeypatch.setenv("CUMULOG_JOURNAL", str(tmp_path / "journal"))
    cumulog.set_tracking_uri(pair.ours.url)
    with tracking_at(pair.ours.url):
        yield pair.ours.url
    cumulog.finish()
    process.server, process.experiment_id, process.experiment_name = None, "", ""


@pytest.fixture(scope="module")
def scene(urls: Urls, pytestconfig: pytest.Config) -> Pair:
    """Both servers with the things on stage that the hand-written cases speak of."""
    tally = pytestconfig.stash.setdefault(_TALLY, Tally())
    pair = Pair(Side(urls.theirs), Side(urls.ours), urls.self_check, tally)
    for call in tables.scene():
        pair.prepare(call)
    return pair


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tally = terminalreporter.config.stash.get(_TALLY, None)
    if tally is None or not tally.calls:
        return
    terminalreporter.write_line(
        f"parity: {tally.calls} calls compared, {tally.refusals} of them refusals; {tally.known} known differences; "
        f"{len(tally.messages)} messages worded differently"
    )
    if terminalreporter.config.getoption("verbose") > 0:
        for message in tally.messages:
            terminalreporter.write_line(f"  {message}")
