"""Real stacks, a real browser. Where no Chromium is found, all of these tests are left out and say why."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from infra.dashboard import build
from infra.dashboard.files import BUILT, INDEX
from infra.local import engines, stack
from infra.local.stack import Stack
from tests import lasting
from tests.browser import chromium
from tests.browser.api import Api
from tests.browser.tabs import Tab

FOLDER = "tests/browser/"
OpenTab = Callable[..., Tab]

expect.set_options(timeout=15_000)


@pytest.fixture
def browser() -> Browser:
    return started_browser()


@pytest.fixture
def opened() -> Stack:
    """A stack that is open to everybody on this machine; tests share it."""
    return started_stack("open")


@pytest.fixture
def closed() -> Stack:
    """A stack that asks for a token; tests share it."""
    return started_stack("closed")


@pytest.fixture
def api(opened: Stack) -> Api:
    return Api(opened.url)


@pytest.fixture
def admin(closed: Stack) -> Api:
    found = re.search("MLFLOW_TRACKING_TOKEN=([A-Za-z0-9_]+)", closed.log.read_text())
    assert found
    return Api(closed.url, found[1])


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[OpenTab]:
    """Opens tabs, each in a context of its own. In none of them may anything go wrong unforgiven."""
    tabs = []

    def opening(running: Stack) -> Tab:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="UTC")
        others = [running.s3_endpoint] if running.s3_endpoint else []
        tabs.append(Tab(context.new_page(), running.url, others))
        return tabs[-1]

    yield opening
    for tab in tabs:
        tab.page.context.close()
    assert [fault for tab in tabs for fault in tab.faults()] == []


@pytest.fixture
def tab(open_tab: OpenTab, opened: Stack) -> Tab:
    """A tab on the open stack."""
    return open_tab(opened)


@cache
def started_browser() -> Browser:
    place = chromium.found()
    if place is None:
        pytest.skip(chromium.MISSING)
    build.main()
    if not (BUILT / INDEX).is_file():
        pytest.skip("the dashboard is not built: see what `make dashboard` says")
    if engines.installed() != (True, True):
        pytest.skip("dynoxide or ministack is not installed")
    return lasting.entered(FOLDER, _running(place))


@cache
def started_stack(access: str) -> Stack:
    folder = Path(lasting.entered(FOLDER, TemporaryDirectory(prefix="cumulog-browser-")))
    return lasting.entered(FOLDER, stack.running(folder / "data", environment={"CUMULOG_ACCESS": access}))


@contextmanager
def _running(place: str) -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.options(place))
        try:
            yield browser
        finally:
            browser.close()
