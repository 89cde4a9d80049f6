"""What is around every page: addresses that lead nowhere, and a server that goes away and comes back."""

from pathlib import Path

from playwright.sync_api import expect

from infra.local import stack
from tests.browser.conftest import OpenTab
from tests.browser.tabs import Tab


def test_an_address_that_leads_nowhere_says_so_and_leads_back(tab: Tab) -> None:
    tab.go("#/nowhere/at/all?x=1")
    expect(tab.page.get_by_role("heading", name="There is no such page")).to_be_visible()
    tab.look("nowhere")

    tab.page.get_by_role("link", name="Go to the experiments").click()

    expect(tab.page.get_by_role("heading", name="Experiments")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(tab: Tab) -> None:
    tab.go()
    tab.page.get_by_role("heading", name="Experiments").wait_for()

    tab.page.keyboard.press("Tab")
    expect(tab.page.get_by_role("button", name="Skip to the content")).to_be_focused()
    tab.page.keyboard.press("Enter")

    expect(tab.page.locator("#content")).to_be_focused()


def test_a_server_that_goes_away_and_comes_back(open_tab: OpenTab, tmp_path: Path) -> None:
    with stack.running(tmp_path / "data") as first:
        tab = open_tab(first)
        tab.go()
        expect(tab.page.get_by_role("heading", name="Experiments")).to_be_visible()
    tab.forgive("ERR_CONNECTION_REFUSED")

    tab.page.get_by_role("searchbox").fill("Def")
    expect(tab.page.get_by_text("The server does not answer. What you see is what it said last.")).to_be_visible()
    expect(tab.page.get_by_role("alert")).to_contain_text("The server is away")
    tab.look("away")

    with stack.running(tmp_path / "data", port=int(first.url.rpartition(":")[2])):
        tab.page.get_by_role("button", name="Try again").click()
        expect(tab.page.get_by_role("link", name="Default")).to_be_visible()
        expect(tab.page.get_by_text("The server does not answer")).to_have_count(0)
