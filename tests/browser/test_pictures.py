"""The pictures in the help and in the README, taken from a fleet of simulated panels.

With PICTURES=1 they replace those in static/pictures; without it they are taken all the same, and thrown away.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import insert

from hyperpanel.app import create_app
from hyperpanel.config import Settings, Web
from hyperpanel.db import staff
from hyperpanel.db.schema import leases
from hyperpanel.paths import STATIC
from hyperpanel.support import passwords
from tests.support.attached import attached
from tests.support.server import served
from tests.support.site import Site
from tests.support.staged import PASSWORD

MOST_IN_A_TOPIC = 85_000
PEOPLE = (120, 80, 40)
SPOKEN = ("en", "tr")


@dataclass(frozen=True)
class Picture:
    """Of a part of a page, or of all that the window shows. `presses`: what is opened first; `shows`: what has to be there then."""

    name: str
    path: str
    presses: str = ""
    shows: str = "main"
    part: str = ""
    width: int = 960
    height: int = 340


OPENED = "#rows tbody tr:nth-child(3) .open"
FULL = "#rows tbody tr:nth-child(2) .open"
HELP = (
    Picture("orders", "/orders"),
    Picture("side", "/orders", OPENED, "#drawer .facts", "#drawer", height=520),
    Picture("as-of", "/styleguide", part="#as-of-marks", width=720, height=600),
    Picture("keys", "/orders", ".preferences [data-keys]", "#keys[open]", "#keys", height=640),
    Picture("sync", "/settings/sync", height=420),
    Picture("dashboard", "/", height=480),
    Picture("ticket", "/tickets", FULL, ".ticket .thread", "#drawer", height=520),
    Picture("customer", "/users?sort=-spent", OPENED, "#drawer .facts", "#drawer", height=620),
    Picture("preferences", "/preferences", height=560),
    Picture("panel", "/settings/panels/new", part=".sheet fieldset", height=1100),
)
README = (
    Picture("orders", "/orders", width=1440, height=900),
    Picture("tracking", "/tracking/services", width=1440, height=900),
    Picture("order", "/orders", OPENED, "#drawer .facts", width=1440, height=900),
    Picture("sync", "/settings/sync", width=1440, height=900),
)


@pytest.fixture
async def fleet(tmp_path: Path) -> AsyncIterator[Site]:
    """Three panels, read to the end."""
    url = f"sqlite:///{tmp_path}/pictures.db"
    async with attached(url, tmp_path, panel_count=3, order_count=20_000, people=PEOPLE) as found:
        await found.sync()
        now = datetime.now(UTC)
        async with found.installation.database.write() as connection:
            await staff.add(connection, "ana", passwords.hashed(PASSWORD), "admin", None, now)
            lease = {"name": "worker:pictures", "holder": "pictures", "fence": 1}
            await connection.execute(insert(leases).values(**lease, seen_at=now, expires_at=now + timedelta(hours=1)))
        settings = Settings(database=found.installation.settings.database, web=Web(plain_http=True))
        with served(create_app(settings, vault=found.installation.vault)) as console:
            yield Site(console, found.installation.database)


@pytest.mark.full
async def test_every_picture_can_be_taken_and_is_small(fleet: Site, browser: Browser, tmp_path: Path):
    home = STATIC / "pictures" if os.environ.get("PICTURES") else tmp_path
    for language in SPOKEN:
        folder = home / "help" / language
        folder.mkdir(parents=True, exist_ok=True)
        for picture in HELP:
            await take(fleet, browser, picture, language, folder)
            assert (folder / f"{picture.name}.png").stat().st_size <= MOST_IN_A_TOPIC
    for picture in README:
        await take(fleet, browser, picture, "en", home)


async def take(fleet: Site, browser: Browser, picture: Picture, language: str, folder: Path) -> None:
    window = {"width": picture.width, "height": picture.height}
    context = await browser.new_context(viewport=window, reduced_motion="reduce")  # type: ignore[arg-type]
    await fleet.sign_in(context, "ana", language=language, theme="light")
    page = await context.new_page()
    await page.goto(f"{fleet.url}{picture.path}")
    await opened(page, picture)
    place = folder / f"{picture.name}.png"
    if picture.part:
        await page.locator(picture.part).first.screenshot(path=place, animations="disabled")
    else:
        await page.screenshot(path=place, animations="disabled")
    await context.close()


async def opened(page: Page, picture: Picture) -> None:
    if picture.presses.startswith(".preferences"):
        await page.locator(".head summary").last.click()
    if picture.presses:
        await page.locator(picture.presses).first.click()
    await expect(page.locator(picture.shows).first).to_be_visible()
