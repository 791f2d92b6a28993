"""The Orders page as people use it: by mouse and keys, live, in another language."""

from datetime import UTC, datetime

from playwright.async_api import Page, expect

from hyperpanel.db.staff import end_sessions, named
from tests.support.staged import PASSWORD, order

FIRST = "#rows tbody tr:first-child"


async def test_somebody_signs_in_and_sees_the_orders(site, page: Page):
    await page.goto(f"{site.url}/orders?status=fail")
    await page.get_by_label("Username").fill("ana")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{site.url}/orders?status=fail")
    await expect(page.locator("#rows tbody tr")).to_have_count(14)


async def test_a_wrong_password_is_said_and_the_name_stays(site, page: Page, watch):
    watch.allow("422")
    await page.goto(f"{site.url}/sign-in")
    await page.get_by_label("Username").fill("ana")
    await page.get_by_label("Password").fill("not this one")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("The username or the password is wrong.")
    await expect(page.get_by_label("Username")).to_have_value("ana")


async def test_orders_are_filtered_and_the_address_tells_how(site, ana: Page):
    await ana.goto(f"{site.url}/orders")
    await ana.get_by_label("Order number").fill("2906386")
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#rows tbody tr")).to_have_count(1)
    assert "number=2906386" in ana.url
    await ana.locator(".chip").click()
    await expect(ana.locator("#rows tbody tr")).to_have_count(100)


async def test_pages_are_turned_and_turned_back(site, ana: Page):
    await ana.goto(f"{site.url}/orders")
    top = await ana.locator(f"{FIRST} .open").inner_text()
    await ana.get_by_role("link", name="Older").click()
    await expect(ana.locator("#rows tbody tr")).to_have_count(30)
    await ana.get_by_role("link", name="Newer").click()
    await expect(ana.locator(f"{FIRST} .open")).to_have_text(top)


async def test_another_panel_is_chosen(site, ana: Page):
    await ana.goto(f"{site.url}/orders")
    await ana.locator("summary", has_text="All panels").click()
    await ana.get_by_role("button", name="None").click()
    await ana.get_by_label("us-2").check()
    await ana.get_by_role("button", name="Show", exact=True).click()
    await expect(ana.locator("#rows tbody tr")).to_have_count(65)
    await expect(ana.locator("summary", has_text="us-2")).to_be_visible()


async def test_an_order_opens_beside_the_list_and_closes_by_a_key(site, ana: Page):
    await ana.goto(f"{site.url}/orders")
    await ana.locator(f"{FIRST} .open").focus()
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#drawer h2")).to_contain_text("2906386")
    await expect(ana.locator("#drawer .flips")).to_contain_text("Pending")
    await ana.keyboard.press("Escape")
    await expect(ana.locator("#drawer")).to_be_hidden()


async def test_the_language_is_switched(site, ana: Page):
    await ana.goto(f"{site.url}/orders?status=fail")
    await ana.locator("details.pop-end summary").click()
    await ana.get_by_role("button", name="Türkçe").click()
    await expect(ana.locator("h1")).to_have_text("Siparişler")
    await expect(ana).to_have_url(f"{site.url}/orders?status=fail")


async def test_a_row_changes_by_itself(site, ana: Page):
    await ana.goto(f"{site.url}/orders")
    await expect(ana.locator(f"{FIRST} .c-status")).to_have_text("In progress")
    await site.change("2906386", status="completed", remains=0)
    await expect(ana.locator(f"{FIRST} .c-status")).to_have_text("Completed", timeout=9_000)


async def test_new_orders_wait_until_they_are_asked_for(site, ana: Page):
    await ana.goto(f"{site.url}/orders")
    await site.keep(order("3000001", created_at=datetime.now(UTC)))
    await ana.evaluate("htmx.trigger('#rows', 'live')")
    await expect(ana.locator(".newer")).to_contain_text("1 new")
    await expect(ana.locator(f"{FIRST} .open")).to_have_text("2906386")
    await ana.locator(".newer").click()
    await expect(ana.locator(f"{FIRST} .open")).to_have_text("3000001")


async def test_whoever_is_signed_out_elsewhere_is_asked_to_sign_in(site, ana: Page, watch):
    watch.allow("401")
    await ana.goto(f"{site.url}/orders")
    person = site.database.read_now(lambda connection: named(connection, "ana"))
    async with site.database.write() as connection:
        await end_sessions(connection, person.id)
    await ana.evaluate("htmx.trigger('#rows', 'live')")
    await expect(ana).to_have_url(f"{site.url}/sign-in?next=%2Forders")
