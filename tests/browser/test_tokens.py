"""Tokens: one is made, shown once, used and revoked; and the list that leads anywhere."""

import pytest
from playwright.sync_api import expect

from infra.local.stack import Stack
from tests.browser.api import Api
from tests.browser.conftest import OpenTab
from tests.browser.tabs import Tab


@pytest.fixture
def signed_in(open_tab: OpenTab, closed: Stack, admin: Api) -> Tab:
    """A tab on the closed stack, signed in."""
    tab = open_tab(closed)
    # The page asks who it is before it knows that it has to sign in.
    tab.forgive("status of 401")
    tab.go()
    tab.page.get_by_label("Token").fill(admin.another_token())
    tab.page.get_by_role("button", name="Sign in").click()
    expect(tab.page.get_by_role("heading", name="Experiments")).to_be_visible()
    return tab


def test_a_token_is_made_shown_once_and_revoked(signed_in: Tab, closed: Stack) -> None:
    page = signed_in.page
    page.get_by_role("link", name="Tokens").click()
    expect(page.get_by_role("heading", name="Tokens")).to_be_visible()
    page.get_by_role("button", name="New token").click()
    page.get_by_label("Label").fill("from a test")
    signed_in.look("token-new")
    page.get_by_role("dialog").get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Your token, shown this once")).to_be_visible()
    made = page.get_by_role("dialog").locator("pre").inner_text()
    signed_in.look("token-made")
    page.get_by_role("dialog").get_by_role("button", name="Copy and close").click()

    row = page.get_by_role("row").filter(has_text="from a test")
    expect(row).to_be_visible()
    assert made.startswith("cml_p_")
    assert made not in page.content()
    signed_in.look("tokens")
    assert Api(closed.url, made).another_token()
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row.get_by_role("button", name="Revoke")).to_have_count(0)


def test_an_open_stack_needs_no_tokens_and_says_so(tab: Tab) -> None:
    tab.go("#/tokens")

    expect(tab.page.get_by_role("heading", name="Nobody needs a token here")).to_be_visible()
    tab.look("no-tokens")


def test_some_letters_lead_to_an_experiment(tab: Tab, api: Api) -> None:
    api.experiment("a place to go to")
    tab.go()
    tab.page.get_by_role("heading", name="Experiments").wait_for()

    tab.page.keyboard.press("Control+k")
    tab.page.get_by_role("combobox").fill("place to go")
    expect(tab.page.get_by_role("option", name="a place to go to")).to_be_visible()
    tab.look("palette")
    tab.page.keyboard.press("Enter")

    expect(tab.page.get_by_role("heading", name="a place to go to")).to_be_visible()
