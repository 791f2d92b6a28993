"""Notes beside a row, as people write them: while the row changes, and without losing a word."""

from playwright.async_api import Page, expect

ROWS = "#rows tbody tr"


async def test_a_note_is_written_beside_a_row_that_changes_meanwhile(site, ana: Page):
    await ana.goto(f"{site.url}/orders")
    await ana.locator(f"{ROWS} .open").first.click()
    await ana.locator("#notes .note-new summary").click()
    text = ana.get_by_label("Note", exact=True)
    await text.fill("call **her** back")
    async with ana.expect_response(lambda response: "/orders/" in response.url):
        await ana.evaluate("htmx.trigger('#drawer', 'live')")
    await expect(text).to_have_value("call **her** back")
    await expect(text).to_be_focused()
    await ana.get_by_role("button", name="Add the note").click()
    await expect(ana.locator(".note .body strong")).to_have_text("her")
    await ana.get_by_role("button", name="Delete the note").click()
    await expect(ana.locator(".note")).to_have_count(0)
    await ana.get_by_role("button", name="Undo").click()
    await expect(ana.locator(".note")).to_have_count(1)
    await ana.locator(f"{ROWS} .open").nth(1).click()
    await expect(ana.locator("#notes .note-new")).to_be_visible()
    await expect(ana.locator(".note")).to_have_count(0)


async def test_what_is_too_long_comes_back_beside_its_row(site, ana: Page, watch):
    watch.allow("422")
    await ana.goto(f"{site.url}/orders/eu-1/2906386")
    await ana.locator("#notes .note-new summary").click()
    await ana.get_by_label("Note", exact=True).fill("ش" * 10_001)
    await ana.get_by_role("button", name="Add the note").click()
    await expect(ana.locator("#e-note-body")).to_contain_text("At most 10,000 characters")
    await expect(ana.get_by_label("Note", exact=True)).to_have_value("ش" * 10_001)
