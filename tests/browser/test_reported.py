"""A service is reported from its row, seen by somebody else on the page and the dashboard, and resolved there, as two people."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPage, Watch
from tests.support.accessibility import violations
from tests.support.site import Site

REASON = "It says 5K a day; nothing came since noon. <b>Twice</b>"


@pytest.fixture
async def ben(site: Site, new_page: NewPage) -> Page:
    """Signed in as somebody of the support, who sees one panel."""
    page = await new_page()
    await site.sign_in(page.context, "ben")
    return page


async def test_a_service_is_reported_from_its_row_and_resolved_by_somebody_else(site: Site, ana: Page, ben: Page):
    await ben.goto(f"{site.url}/services")
    await ben.locator("#s-eu-1-171 .dots").click()
    await ben.get_by_role("link", name="Report the service").click()
    reason = ben.get_by_role("textbox", name="What is wrong")
    await expect(reason).to_be_focused()
    assert ben.url == f"{site.url}/services"
    assert await violations(ben) == []
    await reason.fill(REASON)
    await ben.get_by_role("button", name="Report the service").click()
    await expect(ben.locator("#drawer")).to_contain_text("The service is reported.")
    await expect(ben.locator("#drawer")).to_contain_text(REASON)

    await ana.goto(site.url)
    need = ana.locator("#need-reported")
    await expect(need).to_contain_text("1 open report")
    await need.get_by_role("link", name="Show the reports").click()
    row = ana.locator("#rows tbody tr")
    await expect(row).to_contain_text("ben")
    assert await violations(ana) == []
    await row.get_by_role("link", name=REASON).click()
    await ana.get_by_role("textbox", name="What was done").fill("The provider was changed.")
    assert await violations(ana) == []
    await ana.locator("#drawer").get_by_role("button", name="Resolve").click()
    await expect(ana.locator("#drawer")).to_contain_text("Resolved by ana")
    await expect(ana.locator("#rows .empty")).to_contain_text("No service is reported now.")

    await ben.goto(f"{site.url}/reported-services?status=resolved")
    await expect(ben.locator("#rows tbody tr")).to_contain_text("The provider was changed.")
    await ana.goto(site.url)
    await expect(ana.locator("#board")).to_be_visible()
    await expect(need).to_have_count(0)


async def test_a_row_is_resolved_at_once_and_taken_back(site: Site, ana: Page, ben: Page, watch: Watch):
    watch.allow("status of 422")
    await ben.goto(f"{site.url}/reported-services/new?panel=eu-1")
    await ben.get_by_role("textbox", name="Service number").fill("171")
    await ben.get_by_role("button", name="Report the service").click()
    await expect(ben.locator("#e-reason")).to_be_visible()
    await ben.get_by_role("textbox", name="What is wrong").fill("Slow")
    await ben.get_by_role("button", name="Report the service").click()
    await ben.wait_for_url("**/reported-services?done=reported")
    await expect(ben.locator(".notice-line")).to_contain_text("The service is reported.")

    await ana.goto(f"{site.url}/reported-services")
    await ana.get_by_role("button", name="Resolve").click()
    await expect(ana.locator("#said")).to_contain_text("Resolved: 171 Instagram Followers")
    await ben.get_by_role("button", name="Resolve").click()
    await expect(ben.locator("#said")).to_contain_text("ana has resolved this already")
    await ana.locator("#said").get_by_role("button", name="Undo").click()
    await expect(ana.locator("#rows tbody tr")).to_contain_text("Slow")
