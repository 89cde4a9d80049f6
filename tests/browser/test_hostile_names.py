"""Texts that somebody else has chosen: shown as they are, and nothing of them runs, leads or spoils the page."""

import pytest
from playwright.sync_api import expect

from chalicelib import clock
from infra.local.stack import Stack
from tests.browser import hostile
from tests.browser.api import Api
from tests.browser.hostile import NAMES, TEXTS, Hostile
from tests.browser.tabs import Tab

# What a text must not become: a handler, a script, a frame, a style, or a link to anything but pages and mail.
_HARM = """() => {
  const page = [...document.querySelectorAll("#app, #app *")];
  const harm = page.flatMap((node) => [
    ...(/^(script|style|object|embed|base|meta|link)$/i.test(node.localName) ? [node.localName] : []),
    ...[...node.attributes].filter(({ name }) => /^(on|srcdoc|action|formaction)/.test(name)).map(({ name }) => name),
    ...(node.src && !/^(blob:|icon.svg$)/.test(node.getAttribute("src")) ? [node.src] : []),
    ...(node.hasAttribute("href") && !/^(#|https?:|mailto:)/.test(node.getAttribute("href")) ? [node.outerHTML] : []),
  ]);
  if (document.body.innerText.includes("This page has a fault")) harm.push("something could not be drawn");
  return window.hacked ? ["something ran", ...harm] : harm;
}"""
_OPEN = "() => { for (const each of document.querySelectorAll('#content details:not(.tree *)')) each.open = true; }"


@pytest.fixture
def world(opened: Stack) -> Hostile:
    return hostile.make(opened.url)


def seen(tab: Tab) -> None:
    """See that what the tab shows does no harm, with all that unfolds, and that nothing of it could not be drawn."""
    settled(tab)
    tab.page.evaluate(_OPEN)
    settled(tab)
    assert tab.page.evaluate(_HARM) == []


def settled(tab: Tab) -> None:
    """Wait until nothing is being asked for."""
    expect(tab.page.get_by_text("…", exact=True)).to_have_count(0)
    expect(tab.page.locator("[aria-busy=true]")).to_have_count(0)


def led(tab: Tab, address: str) -> None:
    """Lead a tab that is open elsewhere, as a link does."""
    tab.page.evaluate("(hash) => { location.hash = hash }", address)


def test_a_name_is_a_text_wherever_it_is_shown(tab: Tab, api: Api) -> None:
    mark = clock.short_id()
    names = [f"{text} {mark}" for text in NAMES[:-2]]
    for name in names:
        api.experiment(name)
    tab.go()
    tab.page.get_by_role("searchbox").fill(mark)

    expect(tab.page.get_by_role("row")).to_have_count(len(names) + 1)
    for name in names[:3]:
        row = tab.page.get_by_role("row").filter(has=tab.page.get_by_role("link", name=name, exact=True))
        row.get_by_role("button", name="Rename").click()
        expect(tab.page.get_by_role("heading", name=f"Rename {name}", exact=True)).to_be_visible()
        expect(tab.page.get_by_label("Name", exact=True)).to_have_value(name)
        tab.page.keyboard.press("Escape")
        row.get_by_role("button", name="Delete").click()
        expect(tab.page.get_by_role("heading", name=f"Delete {name}?", exact=True)).to_be_visible()
        tab.page.keyboard.press("Escape")

    seen(tab)


def test_what_was_logged_is_a_text_in_every_view_of_a_run(tab: Tab, world: Hostile) -> None:
    run = world.run_ids[0]
    tab.go(world.address("runs", run))
    expect(tab.page.get_by_role("heading", name=TEXTS[0], exact=True)).to_be_visible()
    expect(tab.page.get_by_role("heading", name="What was run")).to_be_visible()
    seen(tab)
    expect(tab.page.get_by_text("vbscript").or_(tab.page.get_by_text("three")).first).to_be_visible()

    for part in ("charts", "charts?chart=__proto__", "models"):
        led(tab, world.address("runs", run, part))
        expect(tab.page.get_by_role("heading", name=TEXTS[0], exact=True)).to_be_visible()
        seen(tab)
    expect(tab.page.get_by_text("Load it by MLflow")).to_be_visible()


def test_what_is_in_a_file_is_a_text_too(tab: Tab, world: Hostile) -> None:
    tab.go(world.address("runs", world.run_ids[0], "artifacts"))

    for path in hostile.FILES:
        if "/" in path:
            tab.page.get_by_text(path.partition("/")[0], exact=True).click()
        name = path.rpartition("/")[2]
        tab.page.locator(".tree").get_by_role("button").filter(has=tab.page.get_by_text(name, exact=True)).click()
        expect(tab.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        seen(tab)


def test_a_page_leads_nowhere_and_says_why_nothing_of_it_runs(tab: Tab, world: Hostile) -> None:
    # The browser says of each part of it what it refuses.
    tab.forgive("evil[.]example|Content Security Policy|sandbox|^console: $")
    fetched: list[str] = []
    tab.page.on("requestfinished", lambda request: fetched.append(request.url))
    opened: list[str] = []
    tab.page.context.on("page", lambda page: opened.append(page.url))
    tab.go(f"{world.address('runs', world.run_ids[0], 'artifacts')}?path=page.html")
    address = tab.page.url
    frame = tab.page.frame_locator("iframe")

    expect(tab.page.get_by_text("none of them runs here")).to_be_visible()
    tab.page.wait_for_timeout(500)
    for part in (
        frame.get_by_text("out"),
        frame.get_by_text("run", exact=True),
        frame.get_by_role("button", name="Send"),
    ):
        if part.is_visible():
            part.click()
            tab.page.wait_for_timeout(200)

    assert (tab.page.url, opened) == (address, [])
    assert not [url for url in fetched if "evil.example" in url]
    expect(tab.page.get_by_role("heading", name="page.html", exact=True)).to_be_visible()
    expect(tab.page.get_by_role("button", name="Download", exact=True)).to_be_visible()
    assert tab.page.evaluate("() => window.hacked") is None


def test_many_runs_are_texts_beside_each_other(tab: Tab, world: Hostile) -> None:
    tab.go(world.address("runs"))
    expect(tab.page.get_by_role("link", name=TEXTS[0], exact=True)).to_be_visible()
    seen(tab)
    columns = "name,user,p.__proto__,p.constructor,m.__proto__@max,m.toString,t.mlflow.source.name,t.hasOwnProperty"
    for query in (
        f"columns={columns}",
        f"columns={columns}&group=p.__proto__",
        "group=m.constructor&order=-p.__proto__",
    ):
        led(tab, f"{world.address('runs')}?{query}")
        seen(tab)
    # The view has a filter that is none.
    tab.forgive("status of 400")
    tab.page.locator(".views select").select_option(index=1)
    seen(tab)

    led(tab, f"{world.address('compare')}?runs={','.join(world.run_ids)}")
    expect(tab.page.get_by_role("heading", name="Compare 2 runs")).to_be_visible()
    for name in ("Differences", "Curves", "Scatter", "Parallel", "Boxes", "Contour", "Images", "Code"):
        tab.page.get_by_role("tab", name=name).click()
        seen(tab)


def test_an_address_is_a_text_too(tab: Tab, world: Hostile) -> None:
    tab.forgive("status of 40[04]")
    tab.go()
    tab.page.get_by_role("heading", name="Experiments").wait_for()
    run, runs = world.run_ids[0], ",".join(world.run_ids)

    names = "search view filter order columns group saved tab x y z by path chart from smooth axis image step before"
    for text in TEXTS[:-1:2]:
        every = "&".join([f"runs={runs}", *(f"{name}={text}" for name in names.split(" "))])
        for place in (
            f"/nowhere/{text}",
            world.address("runs"),
            world.address("runs", run, text),
            world.address("compare"),
        ):
            led(tab, f"{place}?{every}")
            tab.page.wait_for_timeout(15)
            assert tab.page.evaluate(_HARM) == []
    seen(tab)
