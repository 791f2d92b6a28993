"""Settings → Sync by mouse."""

from playwright.async_api import Page, expect


async def test_a_feed_is_paused_and_resumed(site, ana: Page):
    await ana.goto(f"{site.url}/settings/sync")
    row = ana.locator("#feed-eu-1-orders")
    await row.get_by_role("button", name="Pause").click()
    await expect(row.locator(".c-state")).to_have_text("Paused")
    await row.get_by_role("button", name="Resume").click()
    await expect(row.locator(".c-state")).not_to_have_text("Paused")


async def test_whoever_only_looks_has_no_button(site, page: Page):
    await site.sign_in(page.context, "ben")
    await page.goto(f"{site.url}/settings/sync")
    await expect(page.locator("#feed-eu-1-orders")).to_be_visible()
    await expect(page.locator("#feeds button")).to_have_count(0)


async def test_a_panel_that_was_closed_stays_so_over_a_live_update(site, ana: Page):
    await ana.goto(f"{site.url}/settings/sync")
    feed, toggle = ana.locator("#feed-eu-1-orders"), ana.locator("#open-eu-1")
    await toggle.click()
    await expect(feed).to_have_count(0)
    await expect(toggle).to_be_focused()
    async with ana.expect_response(lambda answer: "open=us-2" in answer.url):
        await ana.evaluate("htmx.trigger('#feeds', 'live')")
    await expect(feed).to_have_count(0)
    await ana.reload()
    await expect(toggle).to_have_attribute("aria-expanded", "false")
    await toggle.click()
    await expect(feed).to_be_visible()
