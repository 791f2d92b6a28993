"""A saved view in a browser: kept with its columns, counted in the navigation, shared with somebody who sees less, and moving with the news."""

from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.support.staged import order

MOON = "/orders?status=on_the_moon"


def line(page: Page) -> Locator:
    return page.locator(".nav-main > ul .nav-views a", has_text="Moon")


async def test_a_view_is_saved_shared_and_counted_for_each(site, ana: Page, new_page):
    await ana.goto(site.url + MOON)
    await ana.locator(".columns-pop summary").click()
    await ana.get_by_label("Charge").uncheck()
    await ana.locator(".columns-pop [type=submit]").click()
    await expect(ana.locator("thead .c-charge")).to_have_count(0)
    await expect(ana.locator("thead .c-user")).to_be_visible()
    await ana.locator(".views-pop summary").click()
    await ana.get_by_label("Name of the view").fill("Moon")
    await ana.get_by_role("button", name="Save this view").click()
    await expect(line(ana)).to_have_attribute("aria-current", "true")
    await expect(line(ana).locator(".tally")).to_have_text("14")

    await ana.goto(site.url + "/help")
    await line(ana).click()
    await expect(ana.locator("tbody tr[id]")).to_have_count(14)
    await expect(ana.locator("thead .c-charge")).to_have_count(0)
    await ana.goto(site.url + "/views")
    await ana.get_by_role("button", name="Share").click()
    await expect(ana.locator(".notice-line")).to_have_text("The view is shared with all staff.")

    ben = await new_page(viewport={"width": 1440, "height": 900})
    await site.sign_in(ben.context, "ben")
    async with ben.expect_response(lambda answer: "/live?" in answer.url):
        await ben.goto(site.url + "/help")
    await expect(line(ben).locator(".tally")).to_have_text("7")
    await line(ben).focus()
    arrived: dict[str, Any] = {"status": "on_the_moon", "created_at": datetime.now(UTC)}
    await site.keep(order("3000001", **arrived), order("3000002", "us-2", **arrived))
    await expect(line(ben).locator(".tally")).to_have_text("8")
    await expect(line(ben)).to_be_focused()
    await expect(line(ana).locator(".tally")).to_have_text("16")


async def test_on_a_phone_views_are_behind_more(site, ana: Page):
    await ana.set_viewport_size({"width": 360, "height": 700})
    await ana.goto(site.url + MOON)
    await ana.locator(".views-pop summary").click()
    await ana.get_by_label("Name of the view").fill("Moon")
    await ana.get_by_role("button", name="Save this view").click()
    await expect(line(ana)).to_be_hidden()
    await ana.locator(".nav-more").click()
    shown = ana.locator(".nav-barred a", has_text="Moon")
    await expect(shown).to_contain_text("14")
    assert await ana.evaluate("document.documentElement.scrollWidth <= innerWidth")
