"""axe-core, which finds what keeps people from using a page: a missing label, too little contrast."""

from functools import cache
from typing import Any

from infra.dashboard import parts
from infra.dashboard.files import FOLDER

_SOURCE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async (rules) => {
  const { violations } = await axe.run(rules.length > 0 ? { runOnly: rules } : {});
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" ")}`);
}"""


@cache
def source() -> str:
    """Its script; the dashboard's tools are installed first if they are missing."""
    parts.install(also_tools=True)
    return _SOURCE.read_text(encoding="utf-8")


def violations(page: Any, *rules: str) -> list[str]:
    """What is serious or critical on the page as it is, by these rules or by all.

    The script comes from outside, so no policy refuses it.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source())
    found: list[str] = page.evaluate(_RUN, list(rules))
    return found
