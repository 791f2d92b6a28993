"""A report on complaints in a browser: begun by a press, followed on the page, read without a reload; on a phone and in Turkish too."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from hyperpanel.sandbox import ai_server
from hyperpanel.sandbox.ai_behaviours import Behaviour
from hyperpanel.sandbox.ai_records import Bench
from tests.browser.conftest import NewPage
from tests.support.ai_complaints import HERE, answering, complained
from tests.support.site import Site

TICKET = re.compile(r"^/tickets/(eu-1|us-2)/25\d\d#newest$")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def server() -> Iterator[str]:
    bench = Bench(lambda: datetime.now(UTC).timestamp())
    bench.queue.waiting.append(Behaviour("late", times=None, seconds=1.0))
    with ai_server.alone(bench) as base:
        yield base


async def begun(site: Site, server: str, page: Page) -> None:
    await complained(site, datetime.now(UTC))
    await answering(site, server)
    await page.goto(f"{site.url}{HERE}")
    await page.get_by_role("link", name="New report").first.click()
    await expect(page.get_by_text("Tickets to read", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Begin the report").click()


async def test_a_report_is_begun_and_comes_to_its_end_on_the_page(
    site: Site, server: str, ana: Page, new_page: NewPage
):
    await begun(site, server, ana)
    await expect(ana.get_by_role("button", name="Stop")).to_be_visible()
    await expect(ana.locator("#found")).to_contain_text("Ready")
    await expect(ana.locator("#found")).to_contain_text("[canned] refill")
    await expect(ana.get_by_role("button", name="Stop")).to_have_count(0)
    assert await ana.evaluate("document.querySelector('#found').hasAttribute('hx-get')") is False
    await expect(ana.locator(".theme-row a").first).to_have_attribute("href", TICKET)
    for options, language in (({"viewport": {"width": 360, "height": 780}}, "en"), ({}, "tr")):
        page = await new_page(**options)
        await site.sign_in(page.context, "ana", language=language)
        for path in (ana.url, f"{site.url}{HERE}", f"{site.url}{HERE}/new"):
            await page.goto(path)
            assert await page.evaluate(SIDEWAYS) == 0
