"""Every page without a violation that axe can find: both themes, wide and narrow, both directions of writing."""

import itertools

import pytest
from playwright.async_api import Page, expect

from tests.support.accessibility import violations

LOOKS = list(itertools.product(("light", "dark"), (1440, 360), ("en", "ar-XB")))
WIDE = 1440


@pytest.mark.parametrize(("theme", "width", "language"), LOOKS, ids=lambda value: str(value))
async def test_no_page_keeps_anybody_out(site, new_page, watch, theme, width, language):
    watch.allow("404")
    page = await new_page(color_scheme=theme, viewport={"width": width, "height": 900})
    await site.sign_in(page.context, "ana", language=language, theme=theme)
    found = {}
    for path in ("/orders", "/orders?status=fail&user=nobody", "/orders/eu-1/2906386", "/settings/sync", "/nowhere"):
        await page.goto(f"{site.url}{path}")
        found[path] = [*await violations(page), *await overflow(page)]
    await page.goto(f"{site.url}/orders")
    await open_drawer(page)
    found["the drawer"] = await violations(page)
    await page.context.clear_cookies()
    await page.goto(f"{site.url}/sign-in")
    found["/sign-in"] = [*await violations(page), *await overflow(page)]
    assert {path: faults for path, faults in found.items() if faults} == {}


async def open_drawer(page: Page) -> None:
    await page.locator("#rows tbody tr:first-child .open").click()
    await expect(page.locator("#drawer .facts")).to_be_visible()


async def overflow(page: Page) -> list[str]:
    """Only tables may be scrolled sideways, never the page."""
    wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"the page is {wider} px wider than its window"] if wider > 0 else []


@pytest.mark.parametrize("path", ["/orders", "/settings/sync"])
async def test_the_first_tab_skips_to_the_content(site, ana: Page, path):
    await ana.goto(f"{site.url}{path}")
    await ana.keyboard.press("Tab")
    await expect(ana.locator(".skip")).to_be_focused()
