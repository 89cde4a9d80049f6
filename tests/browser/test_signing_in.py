"""Signing in to a closed stack: by a token, by the terminal's link, and what becomes of tokens that are no good."""

import re
import time

import pytest
from playwright.sync_api import expect

from chalicelib import clock
from infra.local.stack import Stack
from tests.browser.api import TOKENS, Api
from tests.browser.conftest import OpenTab
from tests.browser.tabs import Tab

REFUSED = "status of 401"


@pytest.fixture
def tab(open_tab: OpenTab, closed: Stack) -> Tab:
    """A tab on the closed stack."""
    return open_tab(closed)


def sign_in(tab: Tab, token: str) -> None:
    tab.page.get_by_label("Token").fill(token)
    tab.page.get_by_role("button", name="Sign in").click()


def stored(tab: Tab) -> str:
    """All that the tab keeps."""
    return str(tab.page.evaluate("() => JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])"))


def test_a_wrong_token_is_refused_and_a_right_one_signs_in(tab: Tab, admin: Api) -> None:
    tab.forgive(REFUSED)
    tab.go("#/?search=Def")
    expect(tab.page.get_by_role("heading", name="Sign in to Cumulog")).to_be_visible()
    tab.look("sign-in")

    sign_in(tab, "cml_p_wrong")
    expect(tab.page.get_by_role("alert")).to_contain_text("does not take this token")
    assert "cml_p_wrong" not in stored(tab)

    sign_in(tab, admin.another_token())
    expect(tab.page.get_by_role("link", name="Default")).to_be_visible()
    assert tab.page.url.endswith("#/?search=Def")
    tab.page.get_by_role("button", name="Sign out").click()
    expect(tab.page.get_by_role("heading", name="Sign in to Cumulog")).to_be_visible()
    assert "cml_" not in stored(tab)


def test_a_tab_whose_token_has_expired_asks_to_sign_in(tab: Tab, admin: Api) -> None:
    tab.forgive(REFUSED)
    token = admin.another_token(seconds=1)
    time.sleep(1.2)
    tab.go()
    # By now the page has forgotten whatever token it had.
    expect(tab.page.get_by_role("heading", name="Sign in to Cumulog")).to_be_visible()
    tab.page.evaluate("(token) => sessionStorage.setItem('cumulog.token', token)", token)

    tab.page.reload()

    expect(tab.page.get_by_role("heading", name="Sign in to Cumulog")).to_be_visible()
    expect(tab.page.get_by_role("alert")).to_contain_text("does not take this token")


def test_a_token_that_is_revoked_while_the_page_is_open_asks_to_sign_in(tab: Tab, admin: Api) -> None:
    tab.forgive(REFUSED)
    made = admin.post(f"{TOKENS}/create")
    tab.go()
    sign_in(tab, made["text"])
    expect(tab.page.get_by_role("link", name="Default")).to_be_visible()

    admin.post(f"{TOKENS}/revoke", token_id=made["token"]["token_id"])
    # Whether a token is good is remembered for some seconds, so the page is made to ask until it is told.
    for turn in range(60):
        tab.page.get_by_role("searchbox").fill(f"D{turn % 2}")
        tab.page.wait_for_timeout(250)
        if tab.page.get_by_role("heading", name="Sign in to Cumulog").is_visible():
            break

    expect(tab.page.get_by_role("heading", name="Sign in to Cumulog")).to_be_visible()
    assert "cml_" not in stored(tab)


def test_the_link_of_the_terminal_signs_in_once_and_leaves_no_trace(open_tab: OpenTab, closed: Stack) -> None:
    found = re.search(r"#/signin\?code=[\w-]+", closed.log.read_text())
    assert found
    first, second = open_tab(closed), open_tab(closed)
    second.forgive("status of 403")
    second.forgive(REFUSED)

    first.go(found[0])
    expect(first.page.get_by_role("heading", name="Experiments")).to_be_visible()
    second.go(found[0])

    expect(second.page.get_by_role("alert")).to_contain_text("This link is no longer good")
    for tab in (first, second):
        assert tab.page.url == f"{closed.url}/#/"
        assert found[0].partition("=")[2] not in stored(tab)


def test_a_link_signs_in_a_tab_that_is_open_and_a_bad_one_signs_nobody_out(tab: Tab, admin: Api) -> None:
    tab.forgive(REFUSED)
    tab.forgive("status of 403")
    tab.go()
    expect(tab.page.get_by_role("heading", name="Sign in to Cumulog")).to_be_visible()

    token = admin.another_token()
    tab.page.route("**/local/sign-in", lambda route: route.fulfill(json={"token": token}))
    tab.page.evaluate("() => { location.hash = '#/signin?code=good' }")
    expect(tab.page.get_by_role("link", name="Default")).to_be_visible()
    assert tab.page.url.endswith("#/")
    tab.page.unroute_all()
    with tab.page.expect_response("**/local/sign-in") as refused:
        tab.page.evaluate("() => { location.hash = '#/signin?code=bad' }")

    assert refused.value.status == 403
    expect(tab.page.get_by_role("link", name="Default")).to_be_visible()
    assert token in stored(tab)


def test_somebody_else_in_the_same_tab_sees_nothing_of_what_was_read_before(tab: Tab, admin: Api) -> None:
    tab.forgive(REFUSED)
    tab.forgive("status of 404")
    name = f"guest{clock.short_id()}"
    admin.post("/users/create", username=name)
    guest = admin.post(f"{TOKENS}/create", owner=name)["text"]
    experiment_id = admin.experiment(f"secret of {name}")
    run_id = admin.run(experiment_id, run_name="secret run")
    tab.go(f"#/experiments/{experiment_id}/runs")
    sign_in(tab, admin.another_token())
    expect(tab.page.get_by_role("link", name="secret run")).to_be_visible()

    tab.page.get_by_role("button", name="Sign out").click()
    sign_in(tab, "\u0442\u043e\u043a\u0435\u043d")
    expect(tab.page.get_by_role("alert")).to_contain_text("This is no token")
    sign_in(tab, guest)

    expect(tab.page.get_by_role("heading", name="There is no such experiment")).to_be_visible()
    for address, told in [
        (f"runs/{run_id}", "There is no such run"),
        (f"runs/{run_id}/charts", "There is no such run"),
        (f"compare?runs={run_id},{'a' * 32}", "There are no two runs to compare"),
    ]:
        tab.page.evaluate("(hash) => { location.hash = hash }", f"#/experiments/{experiment_id}/{address}")
        expect(tab.page.get_by_role("heading", name=told)).to_be_visible()
        assert "secret" not in tab.page.content()
