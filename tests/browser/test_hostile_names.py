"""Names that somebody else has chosen: shown as they are, and nothing of them runs."""

from playwright.sync_api import expect

from chalicelib import clock
from tests.browser.api import Api
from tests.browser.tabs import Tab

HOSTILE = [
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    '"><svg onload=window.hacked=1>',
    "javascript:window.hacked=1//",
    "'-window.hacked=1-'",
    "{{constructor.constructor('window.hacked=1')()}}",
    "${window.hacked=1}",
    "<style>body{display:none}</style>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'>",
    "</title><base href=//evil.example/>",
    "__proto__",
    "&lt;b&gt;&#x22;",
]


def test_a_name_is_a_text_wherever_it_is_shown(tab: Tab, api: Api) -> None:
    mark = clock.short_id()
    names = [f"{text} {mark}" for text in HOSTILE]
    for name in names:
        api.experiment(name)
    tab.go()
    tab.page.get_by_role("searchbox").fill(mark)

    for name in names:
        row = tab.page.get_by_role("row").filter(has=tab.page.get_by_role("link", name=name, exact=True))
        row.get_by_role("button", name="Rename").click()
        expect(tab.page.get_by_role("heading", name=f"Rename {name}", exact=True)).to_be_visible()
        expect(tab.page.get_by_label("Name", exact=True)).to_have_value(name)
        tab.page.keyboard.press("Escape")
        row.get_by_role("button", name="Delete").click()
        expect(tab.page.get_by_role("heading", name=f"Delete {name}?", exact=True)).to_be_visible()
        tab.page.keyboard.press("Escape")

    assert tab.page.evaluate("() => window.hacked") is None


def test_an_address_is_a_text_too(tab: Tab) -> None:
    tab.go()
    tab.page.get_by_role("heading", name="Experiments").wait_for()

    for text in HOSTILE:
        for place in ("", "nowhere/"):
            tab.page.evaluate("(hash) => { location.hash = hash }", f"/{place}{text}?search={text}&view={text}")
            tab.page.wait_for_timeout(30)

    assert tab.page.evaluate("() => window.hacked") is None
