"""axe-core (tests/web/vendor), run in a page as it stands.

The script goes in over the debugging protocol, so that the page keeps the content policy it is tested under.
"""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[1] / "web" / "vendor" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def violations(page: Page) -> list[str]:
    """One line for each fault: the rule, what it asks, and the elements that break it."""
    await page.evaluate(_script())
    found: dict[str, Any] = await page.evaluate("rules => axe.run(document, rules)", RULES)
    return [_told(fault) for fault in found["violations"]]


@cache
def _script() -> str:
    return AXE.read_text(encoding="utf-8")


def _told(fault: dict[str, Any]) -> str:
    where = "; ".join(" ".join(map(str, node["target"])) for node in fault["nodes"][:5])
    return f"{fault['id']} ({fault['impact']}): {fault['help']}: {where}"
