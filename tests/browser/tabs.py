"""A tab of a browser, and all that must not happen in it: errors in the console, reports of the content security
policy, requests that fail or go elsewhere.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.local.settings import REPOSITORY
from tests.browser import axe

PICTURES = REPOSITORY / "build" / "browser"

_WIDE, _NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 800}
# With the rules that the look may break, where another look has followed all others.
_LOOKS: tuple[tuple[str, Any, Any, tuple[str, ...]], ...] = (
    ("light", _WIDE, "light", ()),
    ("dark", _WIDE, "dark", ("color-contrast",)),
    ("narrow", _NARROW, "light", ("scrollable-region-focusable",)),
)
# The page drops a question by itself when another one takes its place.
_DROPPED = "net::ERR_ABORTED"
_OWN_SCHEMES = ("blob", "data")


class Tab:
    """A tab on the dashboard of a stack. `page` is Playwright's."""

    def __init__(self, page: Any, url: str, others: Iterable[str] = ()) -> None:
        self.page = page
        self.url = url
        self._origins = {url, *others}
        self._faults: list[str] = []
        self._forgiven: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._faults.append(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("request", self._asked)

    def go(self, where: str = "") -> None:
        """Open an address of the page, such as `#/models`, anew."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}/{where}")

    def forgive(self, pattern: str) -> None:
        """Faults that match are what the test is about."""
        self._forgiven.append(pattern)

    def faults(self) -> list[str]:
        """What happened and must not."""
        return [fault for fault in self._faults if not any(re.search(each, fault) for each in self._forgiven)]

    def look(self, name: str) -> None:
        """See that everybody can use what the tab shows, light and dark and narrow, and keep a picture of each."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for look, size, scheme, rules in _LOOKS:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme)
            self.page.screenshot(path=_picture(name, look))
            found = axe.violations(self.page, *rules)
            assert not found, f"{name}, {look}: {found}"
            assert not self._is_wider_than_the_window(), f"{name}, {look}: wider than the window"
        self.page.set_viewport_size(_WIDE)
        self.page.emulate_media(color_scheme="light")

    def _is_wider_than_the_window(self) -> bool:
        root = "document.documentElement"
        return bool(self.page.evaluate(f"() => {root}.scrollWidth > {root}.clientWidth"))

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self._faults.append(f"console: {message.text}")

    def _failed(self, request: Any) -> None:
        if request.failure != _DROPPED:
            self._faults.append(f"failed: {request.method} {request.url} {request.failure}")

    def _asked(self, request: Any) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in _OWN_SCHEMES and f"{asked.scheme}://{asked.netloc}" not in self._origins:
            self._faults.append(f"elsewhere: {request.url}")


def _picture(name: str, look: str) -> Path:
    return PICTURES / f"{name}-{look}.png"
