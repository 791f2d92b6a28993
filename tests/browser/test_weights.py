"""What each page weighs in a real browser over real HTTP, on the first visit and after: with lists of a hundred rows. That nothing comes
from elsewhere, nothing breaks the content policy and nothing is said in the console is watched over in conftest."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Page
from sqlalchemy import insert

from hyperpanel.db.schema import profiles
from tests.support import databases, planting
from tests.support.routes import OWN, Route, routes
from tests.support.site import site
from tests.support.staged import NOON

ROWS = range(10_000, 10_100)
FIRST, AFTER = 200_000, 30_000
"""Bytes as they went over the wire, heads and all."""

BESIDE = "arabic"
"""The font for Arabic script is loaded only where a page has some."""


def is_page(route: Route) -> bool:
    return route.method == "GET" and "." in (route.name or "") and route.name != "sessions.new"


PAGES = [pytest.param(route, id=str(route.name)) for route in routes() if is_page(route)]


@dataclass
class Scales:
    """What came over the wire since it was last asked; answers from the cache weigh nothing."""

    loaded: dict[str, str] = field(default_factory=dict)
    cached: set[str] = field(default_factory=set)
    bytes: dict[str, int] = field(default_factory=dict)

    def sent(self, event: dict[str, Any]) -> None:
        self.loaded[event["requestId"]] = event["request"]["url"]

    def was_cached(self, event: dict[str, Any]) -> None:
        self.cached.add(event["requestId"])

    def came(self, event: dict[str, Any]) -> None:
        url = self.loaded.get(event["requestId"], "")
        if event["requestId"] not in self.cached:
            self.bytes[url] = self.bytes.get(url, 0) + int(event["encodedDataLength"])

    def read(self) -> dict[str, int]:
        found, self.bytes = self.bytes, {}
        return {url: count for url, count in found.items() if count and BESIDE not in url}


@pytest.fixture(scope="module")
async def full(run_folder, tmp_path_factory):
    """A hundred rows and more in each list."""
    folder = tmp_path_factory.mktemp("full")
    async with site(databases.sqlite_copy(run_folder, folder, migrated=True), rows=130) as made:
        await planting.plant(made.database, ROWS)
        shared = {"id": "noon", "kind": "services", "name": "Noon", "folded": "noon", "settings": "{}"}
        async with made.database.write() as connection:
            await connection.execute(insert(profiles).values(**shared, created_at=NOON, created_by="max"))
        yield made


async def weighed(page: Page) -> Scales:
    found = Scales()
    wire = await page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", found.sent)
    wire.on("Network.requestServedFromCache", found.was_cached)
    wire.on("Network.loadingFinished", found.came)
    await wire.send("Network.enable")
    return found


async def visit(page: Page, url: str) -> None:
    answer = await page.goto(url, wait_until="load")
    assert answer is not None
    assert answer.status == 200
    await page.evaluate("document.fonts.ready.then(() => new Promise(done => setTimeout(done)))")


@pytest.mark.parametrize("route", PAGES)
async def test_a_page_is_light_and_what_stays_the_same_is_not_sent_again(full, page, route):
    await full.sign_in(page.context, "ana")
    scales, url = await weighed(page), f"{full.url}{route.at(OWN, str(ROWS[50]))}"
    await visit(page, url)
    first = scales.read()
    await visit(page, url)
    after = scales.read()
    assert static(first)
    assert static(first) & static(after) == set()
    late = static(after)  # its icon, which a browser asks for when all else is done
    assert sum(first.values()) + sum(after[name] for name in late) <= FIRST, first
    assert sum(count for name, count in after.items() if name not in late) <= AFTER, after
    await page.close()  # it may listen, and the next one wants its connection


def static(names: Iterable[str]) -> set[str]:
    return {name for name in names if "/static/" in name}
