"""Settings → Set aside by mouse: what is dismissed can be taken back, and what cannot be undone is asked about with its numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import insert

from hyperpanel.db.schema import holds, set_aside
from tests.support.accessibility import violations
from tests.support.site import Site

HOSTILE = "created: <img src=x onerror=alert(1)> is no time \u202e and more of the same, so that it does not fit into its line at all"


@pytest.fixture
async def listed(site: Site, ana: Page) -> Page:
    now = datetime.now(UTC)
    rows = [
        {"panel_id": 1 + number % 2, "stream": ("orders", "tickets")[number % 2], "record_id": str(900 + number)}
        | {"reason": HOSTILE if number % 3 else "no status", "number": number, "at": now}
        | {"first_at": now - timedelta(minutes=number + 1)}
        for number in range(30)
    ]
    gone = {
        "panel_id": 1,
        "id": "h",
        "stream": "orders",
        "kind": "deletes",
        "what": "",
        "rows": 1204,
        "of_rows": 20_013,
    }
    async with site.database.write() as connection:
        await connection.execute(insert(set_aside), rows)
        await connection.execute(insert(holds).values(**gone, at=now))
    await ana.goto(f"{site.url}/settings/set-aside")
    return ana


async def test_a_record_is_dismissed_and_taken_back(listed: Page):
    row = listed.locator("#rows tbody tr", has_text="900")
    await row.get_by_role("button", name="Dismiss").click()
    await expect(row).to_have_count(0)
    await expect(listed.locator("#said")).to_contain_text("1 record dismissed.")
    await listed.get_by_role("button", name="Undo").click()
    await expect(row).to_have_count(1)


async def test_all_of_one_kind_are_dismissed_at_once(listed: Page):
    await listed.get_by_role("link", name="Tickets 15").click()
    await listed.get_by_role("button", name="Dismiss all 15").click()
    await expect(listed.locator(".empty")).to_contain_text("Nothing of this kind is set aside.")
    await listed.get_by_role("link", name="Dismissed 15").click()
    await expect(listed.locator("#rows tbody tr")).to_have_count(15)


async def test_what_cannot_be_undone_is_asked_about_with_its_numbers(listed: Page):
    await listed.get_by_role("button", name="They are gone").click()
    asked = listed.get_by_role("dialog")
    await expect(asked).to_contain_text("1,204 records")
    assert await violations(listed) == []
    await asked.get_by_role("button", name="Cancel").click()
    await expect(asked).to_be_hidden()
    await listed.get_by_role("button", name="They are gone").click()
    await asked.get_by_role("button", name="Hide up to 1,204 records").click()
    await expect(listed.locator(".hold")).to_have_count(0)
    await expect(listed.locator("#said")).to_contain_text("They are looked for once more")


async def test_the_list_does_not_change_under_a_question(listed: Page):
    asked: list[str] = []
    await listed.get_by_role("button", name="They are gone").click()
    listed.on("request", lambda request: asked.append(request.url))
    await listed.evaluate("htmx.trigger('#rows', 'live'); fetch('/healthz')")
    await expect(listed.get_by_role("dialog")).to_be_visible()
    assert [url for url in asked if "set-aside" in url] == []


async def test_a_row_opens_beside_the_list_and_is_dismissed_there(listed: Page):
    await listed.locator("#rows tbody tr", has_text="902").click()
    drawer = listed.locator("#drawer")
    await expect(drawer).to_contain_text("is no time ⟨U+202E⟩ and more")
    assert await violations(listed) == []
    await drawer.get_by_role("button", name="Dismiss").click()
    await expect(drawer).to_contain_text("Dismissed")
    await expect(listed.locator("#rows tbody tr", has_text="902")).to_have_count(0)


async def test_the_keys_of_the_lists_work_here_too(listed: Page):
    await listed.keyboard.press("j")
    await listed.keyboard.press("x")
    await listed.keyboard.press("Enter")
    await expect(listed.locator("#drawer-title")).to_be_focused()
    await listed.keyboard.press("Escape")
    await expect(listed.locator("#drawer")).to_be_hidden()
