"""All of it at once: a simulated panel, the worker, the console and a browser that only looks."""

from datetime import UTC, datetime

from playwright.async_api import Page, expect

from hyperpanel.app import create_app
from hyperpanel.config import Settings, Web
from hyperpanel.db import staff
from hyperpanel.support import passwords
from tests.support.attached import attached, settled, working
from tests.support.server import served
from tests.support.staged import PASSWORD

OPEN = "/orders?status=pending&status=in_progress&status=processing"


async def test_an_order_that_moves_at_the_panel_moves_on_the_screen(page: Page, tmp_path):
    url = f"sqlite:///{tmp_path}/whole.db"
    async with attached(url, tmp_path, order_count=800) as found, working(found):
        async with found.installation.database.write() as connection:
            hashed = passwords.hashed(PASSWORD)
            await staff.add(connection, "ana", hashed, "admin", None, datetime.now(UTC))
        settings = Settings(database=found.installation.settings.database, web=Web(plain_http=True))
        with served(create_app(settings, vault=found.installation.vault)) as console:
            await sign_in(page, console)
            await settled(lambda: read_whole(found))
            new = (await found.lever("eu-1/orders/new", {"count": 1}))["ids"][0]
            await page.goto(f"{console}/orders?number={new}")
            row = page.locator("#rows tbody tr").first
            await expect(row).to_contain_text(new)
            before = await row.locator(".c-status").inner_text()
            while await row.locator(".c-status").inner_text() == before:
                await found.lever("eu-1/orders/move", {"count": 300})
                await page.wait_for_timeout(500)
            assert page.url == f"{console}/orders?number={new}"
            await page.close()  # it listens, and the console is about to go


async def sign_in(page: Page, console: str) -> None:
    await page.goto(f"{console}{OPEN}")
    await page.get_by_label("Username").fill("ana")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#rows")).to_be_visible()


async def read_whole(found) -> bool:
    return len(await found.held(found.panels[0])) == len(await found.truth("eu-1"))
