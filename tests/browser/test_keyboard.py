"""The console by keyboard alone, in any layout."""

from playwright.async_api import Page, expect

from tests.support.accessibility import violations

ROW = "#rows tbody tr:nth-child({}) .open"
PRESS = """([key, code]) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }))"""


async def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        await page.keyboard.press(key)


async def test_the_sheet_tells_the_keys_of_this_person(site, page: Page):
    await site.sign_in(page.context, "ben")
    await page.goto(f"{site.url}/orders")
    await keys(page, "?")
    sheet = page.get_by_role("dialog", name="Keys")
    await expect(sheet.get_by_role("heading")).to_have_text(["Keys", "Everywhere", "In a list", "In a row"])
    own = await page.locator(".nav-main [data-key]").evaluate_all("all => all.map((link) => link.dataset.key)")
    assert await sheet.locator("dt", has_text="g").count() == len(own) > 1
    assert await violations(page) == []
    await keys(page, "j", "Escape")
    await expect(sheet).to_be_hidden()
    await expect(page.locator("#rows tr :focus")).to_have_count(0)


async def test_a_list_is_worked_through_by_keys(site, ana: Page):
    await ana.goto(f"{site.url}/settings/sync")
    await keys(ana, "g", "o")
    await expect(ana).to_have_url(f"{site.url}/orders")
    await keys(ana, "j", "j", "x", "j", "k", "k")
    await expect(ana.locator(ROW.format(1))).to_be_focused()
    await expect(ana.locator("[data-selected]")).to_have_text("Selected 1")
    await keys(ana, "n")
    await expect(ana.locator("#rows tbody tr")).to_have_count(30)
    await ana.wait_for_load_state()  # the rows stand there before the scripts run
    await keys(ana, "p")
    await expect(ana.locator("#rows tbody tr")).to_have_count(100)
    await ana.wait_for_load_state()
    await keys(ana, "/")
    await expect(ana.get_by_label("Order number")).to_be_focused()
    await keys(ana, "j", "x", "?")
    await expect(ana.get_by_label("Order number")).to_have_value("jx?")


async def test_drawer_and_menu_give_the_focus_back_to_their_row(site, ana: Page):
    await ana.goto(f"{site.url}/orders")
    await keys(ana, "j", "j", "Enter")
    await expect(ana.locator("#drawer-title")).to_be_focused()
    await keys(ana, "Escape")
    await expect(ana.locator(ROW.format(2))).to_be_focused()
    await keys(ana, "m")
    menu = ana.locator("#row-menu")
    await expect(menu.get_by_role("link", name="Open", exact=True)).to_be_focused()
    await keys(ana, "ArrowDown")
    await expect(menu.get_by_role("button", name="Copy ID")).to_be_focused()
    await keys(ana, "j", "Home", "ArrowUp", "ArrowDown")
    await expect(menu.get_by_role("link", name="Open", exact=True)).to_be_focused()
    await keys(ana, "Escape")
    await expect(menu).to_be_hidden()
    await expect(ana.locator(ROW.format(2))).to_be_focused()
    await keys(ana, "m", "Enter")
    await expect(ana.locator("#drawer-title")).to_be_focused()


async def test_keys_are_where_they_are_in_any_layout(site, ana: Page):
    await ana.goto(f"{site.url}/orders")
    await ana.evaluate(PRESS, ["о", "KeyJ"])
    await expect(ana.locator(ROW.format(1))).to_be_focused()
    await ana.evaluate(PRESS, ["ت", "KeyJ"])
    await expect(ana.locator(ROW.format(2))).to_be_focused()
    await ana.evaluate(PRESS, ["t", "KeyK"])  # Dvorak: what stands on the key counts
    await expect(ana.locator(ROW.format(2))).to_be_focused()
    await keys(ana, "Control+k", "Escape", "Alt+k", "Shift+k")
    await expect(ana.locator(ROW.format(2))).to_be_focused()
    await ana.evaluate(PRESS, ["؟", "Slash"])
    await expect(ana.get_by_role("dialog", name="Keys")).to_be_visible()
