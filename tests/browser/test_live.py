"""An open page that is told what changes: it moves where it stands, and asks for nothing while nothing happens."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, expect
from sqlalchemy import update

from hyperpanel.db.schema import plans
from tests.support.staged import order

ROW = "#o-us-2-2906381"
FIRST = "#rows tbody tr:first-child"
BOX = "document.querySelector('.table-box')"


async def listening(page: Page, url: str) -> list[str]:
    """Open and told of by the console; returns what is asked for from then on."""
    asked: list[str] = []
    async with page.expect_response(lambda answer: "/live?" in answer.url):
        await page.goto(url)
    await page.wait_for_load_state("load")
    page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
    return asked


async def test_a_row_changes_where_it_stands_and_nothing_else_moves(site, ana: Page):
    asked = await listening(ana, f"{site.url}/orders")
    await ana.set_viewport_size({"width": 1200, "height": 400})
    await ana.locator(f"{ROW} .c-select input").check()
    await ana.locator(f"{ROW} .open").focus()
    await ana.locator("#o-us-2-2906341 .c-id").scroll_into_view_if_needed()
    places = "[scrollY, ...[...document.querySelectorAll('.table-box, .main')].map((box) => box.scrollTop)]"
    before = await ana.evaluate(places)
    assert sum(before) > 0
    assert asked == []
    await site.change("2906381", status="fail", remains=3)
    await expect(ana.locator(f"{ROW} .c-status")).to_have_text("Fail")
    await expect(ana.locator(f"{ROW} .c-remains")).to_have_class("c-remains num changed")
    await expect(ana.locator(f"{ROW} .c-user")).not_to_have_class("changed")
    await expect(ana.locator(f"{ROW} .open")).to_be_focused()
    await expect(ana.locator(f"{ROW} .c-select input")).to_be_checked()
    assert await ana.evaluate(places) == before
    assert len(asked) == 1


async def test_new_rows_wait_behind_the_bar_and_other_rows_are_left_alone(site, ana: Page):
    asked = await listening(ana, f"{site.url}/orders")
    await site.change("2906257", status="fail")  # on the second page
    await site.keep(order("3000001", created_at=datetime.now(UTC)))
    await expect(ana.locator(".newer")).to_contain_text("1 new")
    await expect(ana.locator(f"{FIRST} .open")).to_have_text("2906386")
    assert len(asked) == 1


async def test_the_age_of_the_page_is_told_without_a_request(site, ana: Page):
    asked = await listening(ana, f"{site.url}/orders?panel=eu-1")
    moment = datetime.now(UTC) + timedelta(seconds=1)
    async with site.database.write() as connection:
        await connection.execute(update(plans).values(as_of=moment))
    await expect(ana.locator("#as-of time")).to_have_attribute("datetime", moment.isoformat().replace("+00:00", "Z"))
    assert asked == []
    async with site.database.write() as connection:
        await connection.execute(update(plans).values(as_of=moment - timedelta(hours=1)))
    await expect(ana.locator("#as-of [data-state=late]")).to_be_visible()


async def test_an_open_order_changes_in_its_drawer(site, ana: Page):
    await listening(ana, f"{site.url}/orders")
    await ana.locator(f"{ROW} .open").click()
    await expect(ana.locator("#drawer-title")).to_be_focused()
    await ana.locator("#drawer .copy").first.focus()
    await site.change("2906381", status="fail")
    await expect(ana.locator("#drawer .lead .status")).to_have_text("Fail")
    await expect(ana.locator("#drawer .copy").first).to_be_focused()


async def test_nothing_changes_under_an_open_menu(site, ana: Page):
    asked = await listening(ana, f"{site.url}/orders")
    await ana.locator(f"{ROW} .dots").click()
    await expect(ana.locator("#row-menu")).to_be_visible()
    await site.change("2906381", status="fail")
    await ana.wait_for_timeout(2500)
    assert asked == []
    await ana.keyboard.press("Escape")
    await expect(ana.locator(f"{ROW} .c-status")).to_have_text("Fail")


async def test_a_hidden_page_listens_to_nothing_and_catches_up(site, ana: Page):
    asked = await listening(ana, f"{site.url}/orders")
    await ana.evaluate(HIDE, True)
    await site.change("2906381", status="fail")
    await ana.wait_for_timeout(1500)
    assert asked == []
    await ana.evaluate(HIDE, False)
    await expect(ana.locator(f"{ROW} .c-status")).to_have_text("Fail")
    assert "since=" in next(url for url in asked if "/live?" in url)


HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
