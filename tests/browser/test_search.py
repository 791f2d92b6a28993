"""Search everything by keyboard: Ctrl-K, paste, Enter."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import insert

from hyperpanel.db import search_indexing
from hyperpanel.db.schema import payments, text_queue, tickets, users
from tests.support.accessibility import violations
from tests.support.scoping import COMMITTING
from tests.support.staged import mirrored, order

NOW = datetime.now(UTC)
WANTED: dict[str, Any] = {
    "id": "51234567",
    "panel": "dark",
    "created_at": NOW,
    "user": "kuzey",
    "link": "https://www.instagram.com/p/Qz7pQx/",
    "provider_order_id": "880012345",
}
KEYS = {
    "#51234567": "/orders/dark/51234567",
    "880012345": "/orders/dark/51234567",
    "https://instagram.com/p/Qz7pQx/?igsh=1": "/orders/dark/51234567",
    "qz7p": "/orders/dark/51234567",
    "kuzey": "/orders/dark/51234567",
    "kuzey@mail.example": "/users/dark/7001",
    "TRX-4411": "/payments/dark/66001",
    "88123": "/tickets/dark/88123",
    "where did it go": "/tickets/dark/88123",
}
PASTE = """([box, text]) => {
  const data = new DataTransfer();
  data.setData("text", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  if (box.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""


@pytest.fixture
async def stocked(site):
    """Three panels, the third with one record of each kind."""
    COMMITTING.add(site.database.committing)
    await site.keep(order(**WANTED))
    rows = (
        (users, mirrored("users", "7001", "dark", username="kuzey", email="kuzey@mail.example")),
        (payments, mirrored("payments", "66001", "dark", memo="TRX-4411-a")),
        (tickets, mirrored("tickets", "88123", "dark", subject="Orders - Where did it go")),
    )
    async with site.database.write() as connection:
        for table, row in rows:
            await connection.execute(insert(table), [row])
        streams = ("orders", "users", "payments", "tickets", "services")
        told = [{"panel_id": panel, "stream": stream, "rows": 1} for panel in (1, 2, 3) for stream in streams]
        await connection.execute(insert(text_queue), told)
    while await site.database.commit(search_indexing.step):
        pass
    return site


async def paste(page: Page, text: str) -> None:
    box = await page.get_by_role("combobox", name="Search anything").element_handle()
    await page.evaluate(PASTE, [box, text])


async def test_an_order_is_found_by_each_kind_of_key_and_one_press_after_pasting(stocked, ana: Page):
    for typed, place in KEYS.items():
        await ana.goto(f"{stocked.url}/help")
        await ana.keyboard.press("Control+k")
        await expect(ana.get_by_role("combobox", name="Search anything")).to_be_focused()
        await paste(ana, typed)
        await ana.keyboard.press("Enter")
        await ana.wait_for_url(f"{stocked.url}{place}")


async def test_arrows_choose_and_several_numbers_are_shown_together(stocked, ana: Page):
    await ana.goto(f"{stocked.url}/orders")
    await ana.keyboard.press("Control+k")
    box = ana.get_by_role("combobox", name="Search anything")
    await paste(ana, "kuzey")
    options = ana.locator("#hits").get_by_role("option")
    await expect(options).to_have_count(2)
    await ana.keyboard.press("ArrowDown")
    await ana.keyboard.press("ArrowDown")
    await expect(box).to_have_attribute("aria-activedescendant", "hit-1")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert await violations(ana) == []
    await ana.keyboard.press("Enter")
    await ana.wait_for_url(f"{stocked.url}/users/dark/7001")
    await ana.keyboard.press("Control+k")
    await paste(ana, "51234567\n2906386\n17\n")
    await ana.keyboard.press("Enter")
    await ana.wait_for_url(f"{stocked.url}/search?q=51234567+2906386+17")
    await expect(options).to_have_count(2)
    await expect(ana.locator(".missing")).to_have_text("17")
    assert await violations(ana) == []


async def test_an_older_answer_never_stands_over_a_newer_one_and_escape_gives_the_focus_back(stocked, ana: Page):
    await ana.goto(f"{stocked.url}/orders")
    row = ana.locator("#rows tbody tr:nth-child(2) .open")
    await row.focus()
    await ana.keyboard.press("Control+k")
    box = ana.get_by_role("combobox", name="Search anything")
    for typed in ("ku", "kuz", "kuze", "nobody at all"):
        await box.fill(typed)
    await expect(ana.locator("#hits .empty-title")).to_have_text("Nothing was found on the panels that you may see.")
    await ana.keyboard.press("Escape")
    await expect(row).to_be_focused()
