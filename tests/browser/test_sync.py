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


async def test_why_an_interval_is_what_it_is_opens_and_closes_by_key(site, ana: Page):
    await ana.goto(f"{site.url}/settings/sync?panel=eu-1")
    times = ana.locator("#times-eu-1-orders")
    await expect(times).to_be_hidden()
    await ana.locator("#every-eu-1-orders").focus()
    await ana.keyboard.press("Enter")
    await expect(times).to_be_visible()
    await ana.keyboard.press("Escape")
    await expect(times).to_be_hidden()
    await expect(ana.locator("#every-eu-1-orders")).to_be_focused()


async def test_what_is_typed_on_a_feeds_page_outlives_an_update(site, ana: Page):
    await ana.goto(f"{site.url}/settings/sync/eu-1/orders")
    await ana.get_by_label("Why").fill("the host moves")
    async with ana.expect_response(lambda answer: answer.url.endswith("/eu-1/orders")):
        await ana.evaluate("htmx.trigger('#feed', 'live')")
    await expect(ana.get_by_label("Why")).to_have_value("the host moves")
