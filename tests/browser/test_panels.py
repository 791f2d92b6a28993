"""Settings → Panels as an administrator uses it: by keys and mouse, with what is wrong beside the field, and a panel that answers."""

from collections.abc import Iterator

import pytest
from playwright.async_api import FilePayload, Page, expect
from sqlalchemy import update

from hyperpanel.db import panels as stored
from hyperpanel.db.schema import panels
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.server import background
from tests.support.accessibility import violations
from tests.support.staged import VAULT

HERE = "/settings/panels"
FILE = "name;url;admin_key;group\nfr-1;https://fr-1.example;secret-4711;Europe\nfr-2;fr-2.example;;Europe\n"


@pytest.fixture
def sandbox() -> Iterator[tuple[Panel, str]]:
    fleet = Fleet(panels=1, orders=100, rate_limit=10_000)
    with background(fleet) as base:
        [panel] = fleet
        yield panel, f"{base}/{panel.name}"


@pytest.fixture
async def attached(site, sandbox):
    """eu-1 stands at the simulated panel, and in a group."""
    panel, url = sandbox
    where = {
        "url": url,
        "private": True,
        "currency": panel.currency,
        "time_zone": panel.time_zone,
        "group_name": "Europe",
    }
    async with site.database.write() as connection:
        await connection.execute(update(panels).where(panels.c.id == 1).values(**where, rate=50.0))
        await stored.set_secrets(connection, 1, {"admin_key": panel.admin_key}, VAULT)
    return site


async def test_a_panel_is_added_with_the_keyboard_alone(site, ana: Page, watch):
    watch.allow("422")
    await ana.goto(f"{site.url}{HERE}/new")
    await ana.get_by_label("Name").fill("de-9")
    await ana.get_by_label("Address").fill("de-9.example")
    await ana.get_by_label("Admin key").fill("secret-4711")
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#e-url")).to_have_text("The address has no scheme. Write it as https://de-9.example.")
    await expect(ana.get_by_label("Address")).to_be_focused()
    await expect(ana.get_by_label("Name")).to_have_value("de-9")
    await expect(ana.get_by_label("Admin key")).to_have_value("")
    assert await violations(ana) == []
    await ana.get_by_label("Address").fill("https://de-9.example")
    await ana.get_by_label("Admin key").fill("secret-4711")
    await ana.keyboard.press("Enter")
    await expect(ana).to_have_url(f"{site.url}{HERE}?done=added&of=de-9")
    await expect(ana.get_by_role("row", name="de-9").locator(".c-standing")).to_have_text("Never read")


async def test_what_is_typed_is_tested_before_it_is_saved(attached, sandbox, ana: Page, watch):
    watch.allow("422")
    panel, url = sandbox
    await ana.goto(f"{attached.url}{HERE}/new")
    await ana.get_by_label("Name").fill("de-9")
    await ana.get_by_role("button", name="Test connection").click()
    await expect(ana.locator("#checks h2")).to_have_text("Nobody was asked yet: correct this first")
    await ana.get_by_label("Address").fill(url)
    await ana.get_by_label("It is on this machine").check()
    await ana.get_by_label("Admin key").fill(panel.admin_key)
    await ana.get_by_label("Calls a second").fill("50")
    await ana.get_by_role("button", name="Test connection").click()
    await expect(ana.locator(".check-lines")).to_contain_text("de-9 accepts the key.")
    await expect(ana.get_by_label("Admin key")).to_have_value(panel.admin_key)
    assert await violations(ana) == []


async def test_a_panel_is_tested_paused_and_resumed_from_its_row(attached, ana: Page):
    await ana.goto(f"{attached.url}{HERE}")
    row = ana.locator("#panel-1")
    await row.get_by_role("button", name="Menu of eu-1").click()
    await ana.get_by_role("button", name="Test connection").click()
    await expect(ana.locator(".check-lines")).to_contain_text("eu-1 accepts the key.")
    await row.get_by_role("button", name="Menu of eu-1").click()
    await ana.get_by_label("Why, for whoever asks later").fill("It moves.")
    assert await violations(ana) == []
    await ana.keyboard.press("Enter")
    await expect(row.locator(".c-standing")).to_have_text("Paused")
    await expect(row.locator(".c-why")).to_contain_text("It moves.")
    await row.get_by_role("button", name="Resume").click()
    await expect(row.locator(".c-standing")).not_to_have_text("Paused")


async def test_a_typed_reason_outlasts_the_rows_that_update_behind_it(attached, ana: Page):
    await ana.goto(f"{attached.url}{HERE}")
    await ana.locator("#panel-1 .dots").click()
    await ana.get_by_label("Why, for whoever asks later").fill("It moves.")
    await ana.evaluate("htmx.trigger('#list', 'live')")
    await expect(ana.get_by_label("Why, for whoever asks later")).to_have_value("It moves.")


async def test_a_new_address_asks_for_the_key_again(attached, ana: Page, watch):
    watch.allow("422")
    await ana.goto(f"{attached.url}{HERE}/eu-1")
    await ana.get_by_label("Address").fill("https://elsewhere.example")
    await ana.get_by_role("button", name="Save").click()
    await expect(ana.locator("#e-admin_key")).to_contain_text("enter this key again")
    await expect(ana.get_by_label("Admin key")).to_be_focused()


async def test_a_file_is_looked_at_and_its_right_lines_added(site, ana: Page):
    await ana.goto(f"{site.url}{HERE}/add-many")
    file = FilePayload(name="panels.csv", mimeType="text/csv", buffer=FILE.encode())
    await ana.get_by_label("File").set_input_files(file)
    await ana.get_by_role("button", name="Look at it").click()
    await expect(ana.locator(".faults")).to_contain_text("The address has no scheme.")
    assert "4711" not in await ana.content()
    assert await violations(ana) == []
    await ana.get_by_label("Leave the wrong lines out").check()
    await ana.get_by_role("button", name="Add 1 panel").click()
    await expect(ana.locator("#looked")).to_contain_text("1 panel was added.")
    await ana.get_by_role("link", name="See the panels").click()
    await expect(ana.locator("#list")).to_contain_text("fr-1")


async def test_a_panel_goes_once_its_name_is_typed(site, ana: Page):
    await ana.goto(f"{site.url}{HERE}/eu-1/remove")
    await ana.get_by_label("Type eu-1 to remove it").fill("eu-1")
    await ana.get_by_role("button", name="Remove eu-1 and 189 rows").click()
    await expect(ana.locator("#panel-1")).to_have_count(0)
    await expect(ana.locator("#panel-2")).to_be_visible()


async def test_a_group_is_chosen_in_the_switcher(attached, ana: Page):
    await ana.goto(f"{attached.url}/orders")
    await ana.locator("summary", has_text="All panels").click()
    await ana.get_by_role("link", name="Europe").click()
    await expect(ana).to_have_url(f"{attached.url}/orders?group=Europe")
    await expect(ana.locator("#rows tbody tr")).to_have_count(65)
    await expect(ana.locator("summary", has_text="Europe")).to_be_visible()


async def test_whoever_only_reads_is_offered_nothing_to_change(site, page: Page):
    await site.sign_in(page.context, "max")
    await page.goto(f"{site.url}{HERE}")
    await expect(page.locator("#panel-1")).to_be_visible()
    await expect(page.locator("main :is(button, a.btn)")).to_have_count(0)
