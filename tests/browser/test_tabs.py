"""What the other tests rely on: whatever must not happen in a tab is noticed."""

import pytest

from infra.local.stack import Stack
from tests.browser.conftest import OpenTab


@pytest.mark.parametrize(
    ("doing", "fault"),
    [
        ("console.error('wrong')", "console: wrong"),
        ("setTimeout(() => { throw new Error('thrown'); })", "error: thrown"),
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        (
            "document.body.append(Object.assign(document.createElement('img'), {src: 'https://evil.example/x'}))",
            "elsewhere",
        ),
        ("{ document.body.innerHTML = '<b>x</b>' }", "TrustedHTML"),
        ("fetch('/gone').then((reply) => reply.text())", "404"),
    ],
    ids=["console", "thrown", "style", "elsewhere", "markup", "failed"],
)
def test_a_fault_in_a_tab_is_noticed(open_tab: OpenTab, opened: Stack, doing: str, fault: str) -> None:
    tab = open_tab(opened)
    tab.go()
    tab.page.get_by_role("heading", name="Experiments").wait_for()

    tab.page.evaluate(f"() => {{ try {{ {doing} }} catch (error) {{ console.error(String(error)) }} }}")
    tab.page.wait_for_timeout(300)

    assert any(fault in each for each in tab.faults()), tab.faults()
    tab.forgive("")
